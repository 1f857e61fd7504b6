// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Comma-separated values as RFC 4180 has them, but for line ends, which are plain newlines.
#pragma once

#include <string>
#include <vector>

#include "platforms/sweep/overview.hpp"

namespace wagesim::sweep {

/// `text` in quotes where it needs them: with a comma, a quote or a line end in it, or a space at an end.
[[nodiscard]] std::string csv_field(const std::string& text);

[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields);

/// A header and a line for each point, in order: variables as `ROLE:KEY` (`seed` as itself), state, objectives,
/// wall_seconds, images_per_second, config_hash, version, run (the folder's name), error. What is missing is empty.
[[nodiscard]] std::string export_csv(const Overview& overview);

}  // namespace wagesim::sweep
