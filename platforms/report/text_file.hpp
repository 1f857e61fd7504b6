// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A small file of a run folder, whole.
#pragma once

#include <string>

namespace wagesim::report {

/// Throws DataError for what is no regular file, cannot be read, or has more than 256 MiB.
[[nodiscard]] std::string read_text_file(const std::string& path);

}  // namespace wagesim::report
