// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How a benchmark's process is driven from outside: it greets with one line of JSON, then answers each line `run N`
// with the wall and CPU time of N rounds. A driver that keeps several such processes and lets them run in turn compares
// programs under the same state of the machine. docs/benchmarks.md has the protocol.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace wagesim::bench {

/// User and system time of all threads of this process, in seconds.
[[nodiscard]] inline double cpu_seconds(const rusage& usage)
{
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

[[nodiscard]] inline rusage usage_now()
{
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) throw std::runtime_error("getrusage failed");
    return usage;
}

/// Serves until standard input ends. `run(n)` does n rounds and returns what the answer holds beside the times. Throws
/// std::invalid_argument for a line that is no `run N`, N from 1.
inline void serve(const nlohmann::json& greeting, const std::function<nlohmann::json(std::uint64_t)>& run)
{
    const auto say = [](const nlohmann::json& line) {
        fmt::print("{}\n", line.dump());
        std::fflush(stdout);
    };
    say(greeting);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        std::int64_t rounds = 0;
        if (!(words >> command >> rounds) || command != "run" || rounds < 1) {
            throw std::invalid_argument("standard input: got '" + line + "', allowed run N");
        }
        const double cpu_before = cpu_seconds(usage_now());
        const auto before = std::chrono::steady_clock::now();
        nlohmann::json answer = run(static_cast<std::uint64_t>(rounds));
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - before;
        const rusage after = usage_now();
        answer["rounds"] = rounds;
        answer["seconds"] = taken.count();
        answer["cpu_seconds"] = cpu_seconds(after) - cpu_before;
        answer["peak_rss_bytes"] = 1024 * static_cast<std::int64_t>(after.ru_maxrss);
        say(answer);
    }
}

}  // namespace wagesim::bench
