// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Another program, run to its end for what it says. Workers are not started here (worker_pool.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace wagesim::sweep {

struct ProgramOutput {
    int status = -1;  ///< exit status; -1 where a signal ended it
    std::string out;
    std::string err;
};

/// Looks `arguments[0]` up in PATH; no shell is involved. Nothing where there is no such program. Throws
/// std::system_error.
[[nodiscard]] std::optional<ProgramOutput> run_program(const std::vector<std::string>& arguments);

}  // namespace wagesim::sweep
