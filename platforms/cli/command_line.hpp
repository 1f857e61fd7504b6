// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// argv to Options. The one user of CLI11.
#pragma once

#include <optional>

#include "platforms/cli/options.hpp"

namespace wagesim::cli {

/// Nothing where --help or --version was asked for and has been answered on standard output. Throws UsageError.
[[nodiscard]] std::optional<Options> parse_command_line(int argc, const char* const* argv);

}  // namespace wagesim::cli
