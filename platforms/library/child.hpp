// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One process that is run to its end for what it says. The caller may have any number of threads, and other children.
// Knows nothing of wagesim.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <wagesim/stop.hpp>

namespace wagesim::library {

struct ChildCommand {
    std::vector<std::string> arguments;    ///< the first is the executable's path
    std::vector<std::string> environment;  ///< NAME=value
    std::string file;                      ///< content of what the child can read as kFileOfChild
    std::string folder;                    ///< its working directory; empty: this process's
    /// Gets each line of the child's standard output as it comes; without it they are collected.
    std::function<void(const std::string& line)> print;
    /// Asked at least ten times a second, but while `print` works. `soon` is SIGTERM, once, `now` is SIGKILL.
    std::function<Stop()> stop;
};

inline constexpr const char* kFileOfChild = "/dev/fd/3";

struct ChildEnd {
    int status = -1;       ///< exit status; -1 where a signal ended it, or nobody knows how it ended (see signal)
    int signal = 0;        ///< 0 with status -1: this process ignores SIGCHLD, or has waited for all its children
    bool stopped = false;  ///< it was asked, or made, to end
    std::string out;
    std::string err;
};

/// Waits for the end, whatever happens: where `print` or `stop` throws, the child is asked to end first. It gets
/// SIGTERM when this process dies, even by SIGKILL. Throws std::system_error where it cannot be started.
[[nodiscard]] ChildEnd run_child(const ChildCommand& command);

}  // namespace wagesim::library
