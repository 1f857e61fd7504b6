// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Starts them and lets them end. See the header.
#include "platforms/cli/thread_supply.hpp"

#include <fmt/core.h>

#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "platforms/cli/exit_code.hpp"

namespace wagesim::cli {

void require_threads(int threads, const char* origin)
{
    if (threads <= static_cast<int>(std::thread::hardware_concurrency())) return;
    std::mutex gate;  // behind which all of them stay until the last one has come
    std::unique_lock<std::mutex> closed(gate);
    std::vector<std::thread> others;
    std::optional<std::string> fault;
    try {
        others.reserve(static_cast<std::size_t>(threads) - 1);
        while (others.size() + 1 < static_cast<std::size_t>(threads)) {
            others.emplace_back([&gate] { const std::lock_guard<std::mutex> passed(gate); });
        }
    } catch (const std::system_error& error) {
        fault = error.code().message();
    }
    closed.unlock();
    for (std::thread& other : others) other.join();
    if (!fault) return;
    throw UsageError(
        fmt::format("{}: got {}, allowed up to {} on this system now: {}", origin, threads, others.size() + 1, *fault));
}

}  // namespace wagesim::cli
