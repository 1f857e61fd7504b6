// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a command says while it works: lines for people on standard output, a progress bar on standard error. Results
// and errors are not its business.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace wagesim::cli {

class Console {
public:
    /// `quiet` and `json` silence the lines; the bar needs a terminal and not `quiet`.
    Console(bool quiet, bool json);
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// One line, or several with newlines in between.
    void print(const std::string& text);

    /// Starts a bar that ends at `total` and stands at `done` already.
    void start_progress(std::uint64_t done, std::uint64_t total);
    /// `note` stands behind the bar. Draws at most ten times a second.
    void advance_progress(std::uint64_t done, const std::string& note);
    void end_progress();

private:
    using Clock = std::chrono::steady_clock;

    void erase_bar();

    bool prints_;
    bool draws_;
    bool drawn_ = false;
    std::uint64_t first_ = 0;
    std::uint64_t total_ = 0;
    Clock::time_point start_{};
    Clock::time_point last_drawn_{};
};

/// "12 s", "3 min 05 s", "2 h 07 min".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace wagesim::cli
