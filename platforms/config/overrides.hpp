// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Changes to a run's tree before any key is read: `--set dotted.key=value`, and what a sweep file sets. Knows no key
// but the two that name files.
#pragma once

#include <filesystem>
#include <string>

#include "platforms/config/document.hpp"

namespace wagesim::config {

/// A value for one key of a run. Faults blame where the value stands, and a path in it starts from there.
struct Override {
    std::string key;  ///< dotted, no part empty
    DocumentNode value;
};

/// Of "dotted.key=value", relative to the working directory. Throws ConfigError.
[[nodiscard]] Override parse_override(const std::string& text);

/// Whether `key` can be the key of an override: parts with dots in between, none of them empty, not too many.
[[nodiscard]] bool is_dotted_key(const std::string& key);

/// Applies one override to the run `root`. Maps that are missing on the way are made; indices of lists must exist; a
/// network or chip file that the key reaches into is read first. Throws ConfigError.
void apply_override(DocumentNode& root, const Override& change, const std::filesystem::path& run_file);

}  // namespace wagesim::config
