// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Files that files name: network, chip, technology. Reads and parses them; knows none of their keys.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platforms/config/document.hpp"

namespace wagesim::config {

/// A text, or why there is none ("no such file").
struct FileText {
    std::string text;
    std::string reason;  ///< empty where the text was read
};
[[nodiscard]] FileText read_text(const std::filesystem::path& file);

/// The source of a file that the command line names; `root` is what faults call the whole of it: "run file".
[[nodiscard]] std::shared_ptr<const Source> file_source(const std::filesystem::path& file, const std::string& root);

/// The map in the file that the scalar `reference`, the value of `key`, names. Refuses a file that is among `users`,
/// the ones that are being read on the way to it.
[[nodiscard]] DocumentNode include_file(const DocumentNode& reference, const std::string& key,
                                        const std::vector<std::filesystem::path>& users);

/// Replaces the value of `network` or `chip` in a run, where it is a path, by the map in that file.
void resolve_reference(DocumentNode& value, const std::string& key, const std::filesystem::path& run_file);

}  // namespace wagesim::config
