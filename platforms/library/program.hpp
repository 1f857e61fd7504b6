// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The program `wagesim` as the library uses it: where it is, and what its exit status means to a caller.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <wagesim/stop.hpp>

namespace wagesim::library {

/// How the program is watched. See RunOptions.
struct Watch {
    std::function<void(const std::string& line)> print;
    std::function<Stop()> stop;
};

struct ProgramEnd {
    int status = 0;
    std::string out;   ///< without what `print` has got
    std::string line;  ///< the last line on standard error, without the program's name
};

/// WAGESIM_PROGRAM, or wagesim in the bin folder beside the one that this library lies in. Throws Error (internal)
/// where there is none.
[[nodiscard]] std::string program_path();

struct ProgramCall {
    std::vector<std::string> arguments;
    std::string file;    ///< what kFileOfChild among the arguments holds
    std::string folder;  ///< the program's working directory; empty: this process's
};

/// Returns for the exit statuses 0, 1 and 3, and throws Error for all others. Throws what the watch throws.
[[nodiscard]] ProgramEnd run_program(const ProgramCall& call, const Watch& watch);

}  // namespace wagesim::library
