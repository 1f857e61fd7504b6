// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The batch script of a sweep that runs as a Slurm job array. A text; nothing is submitted here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wagesim::sweep {

struct ArrayJob {
    std::string sweep;   ///< its name
    std::string folder;  ///< absolute; where each task has its log
    std::uint64_t tasks = 1;
    std::uint64_t cpus = 1;            ///< of each task
    std::vector<std::string> command;  ///< computes the share whose name, K/N, is its last argument, appended to these
    std::string partition;             ///< empty: the cluster's
    std::string account;               ///< empty: the user's
    std::string time;                  ///< of a task; empty: the partition's
    std::vector<std::string> options;  ///< further ones of sbatch, as on its command line
};

/// Throws std::invalid_argument, with one line, for a text that no line of a batch script can hold, and for options
/// that say which tasks there are.
[[nodiscard]] std::string array_script(const ArrayJob& job);

/// One word of a shell's command line that means `text`.
[[nodiscard]] std::string shell_word(const std::string& text);

}  // namespace wagesim::sweep
