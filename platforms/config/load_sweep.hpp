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

}  // namespace wagesim::config
