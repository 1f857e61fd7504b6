// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweep files (docs/sweeps.md) to a SweepConfig. Checks what the file itself shows; whether each point is a legal run
// is seen when it is resolved.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::config {

/// Reads `file` and the run file that it names. `assignments` ("dotted.key=value", of the command line) come after the
/// file's own `set`. Throws ConfigError for the first fault; never anything else for faulty input.
[[nodiscard]] SweepConfig load_sweep(const std::filesystem::path& file,
                                     const std::vector<std::string>& assignments = {});

/// The same of a text without the key `base`, whose run is the run file `base`, a text whose paths are absolute.
/// `label` names the text in faults; a path in it has to be absolute.
[[nodiscard]] SweepConfig parse_sweep(const std::string& text, const std::string& label, const std::string& base);

/// Throws ConfigError where `text`, a sweep file that faults call `label`, is no YAML. Looks at no key.
void require_document(const std::string& text, const std::string& label);

}  // namespace wagesim::config
