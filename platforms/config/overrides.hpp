// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// `--set dotted.key=value`: changes to a run's tree before any key is read. Knows no key but the two that name files.
#pragma once

#include <filesystem>
#include <string>

#include "platforms/config/document.hpp"

namespace wagesim::config {

/// Applies one override to the run `root`. Maps that are missing on the way are made; indices of lists must exist; a
/// network or chip file that the key reaches into is read first. Throws ConfigError.
void apply_override(DocumentNode& root, const std::string& override_text, const std::filesystem::path& run_file);

}  // namespace wagesim::config
