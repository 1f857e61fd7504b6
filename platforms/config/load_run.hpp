// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Run files (docs/configuration.md) to a RunConfig, with everything checked that needs no data file. Opens the run,
// network, chip and technology files, and never a data file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/run_config.hpp"

namespace wagesim::config {

/// Reads `file`, then applies `overrides` ("dotted.key=value", later ones win), then `seed`.
/// Throws ConfigError for the first fault; never anything else for faulty input.
[[nodiscard]] RunConfig load_run(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
                                 std::optional<std::uint64_t> seed = std::nullopt);

/// The same for a text in memory (a checkpoint's configuration, say). `file` names the text in faults, and relative
/// paths in the text start from its folder; it need not exist.
[[nodiscard]] RunConfig parse_run(const std::string& text, const std::filesystem::path& file,
                                  const std::vector<std::string>& overrides = {},
                                  std::optional<std::uint64_t> seed = std::nullopt);

}  // namespace wagesim::config
