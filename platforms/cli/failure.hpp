// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// An exception as what main makes of it: an exit status and one line.
#pragma once

#include <string>

#include "platforms/cli/exit_code.hpp"

namespace wagesim::cli {

struct Failure {
    ExitCode code = ExitCode::internal;
    std::string line;  ///< for standard error, without its newline
};

/// Of the exception being handled: call it in a catch clause.
[[nodiscard]] Failure current_failure();

}  // namespace wagesim::cli
