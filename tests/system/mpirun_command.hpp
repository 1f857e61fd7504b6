// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The program under test as several ranks of mpirun, and the processes that these are.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {

/// mpirun [-q] -n RANKS wagesim ARGUMENTS. Quiet, standard error has only our own lines.
inline std::vector<std::string> mpirun_arguments(int ranks, const std::vector<std::string>& arguments,
                                                 bool quiet = true)
{
    std::vector<std::string> all = {WAGESIM_MPIRUN, "-n", std::to_string(ranks), WAGESIM_BINARY};
    if (quiet) all.insert(all.begin() + 1, "-q");
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

inline std::vector<std::string> mpirun_environment(const std::vector<std::string>& environment = {})
{
    std::vector<std::string> all = wagesim_environment(environment);
    std::istringstream list(WAGESIM_MPIRUN_ENVIRONMENT);
    for (std::string assignment; std::getline(list, assignment, '|');) all.push_back(assignment);
    return all;
}

inline CommandResult mpirun(int ranks, const std::vector<std::string>& arguments, bool quiet = true)
{
    return run_command(mpirun_arguments(ranks, arguments, quiet), mpirun_environment());
}

/// Process of `rank` below the launcher `parent`; nothing where it is gone.
inline std::optional<pid_t> process_of_rank(pid_t parent, int rank)
{
    namespace fs = std::filesystem;
    const std::string wanted = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream status(entry.path() / "status");
        bool child = false;
        for (std::string line; std::getline(status, line);) {
            child = child || line == "PPid:\t" + std::to_string(parent);
        }
        if (!child) continue;
        std::ifstream environment(entry.path() / "environ");
        for (std::string variable; std::getline(environment, variable, '\0');) {
            if (variable == wanted) return std::stoi(name);
        }
    }
    return std::nullopt;
}

}  // namespace wagesim::test
