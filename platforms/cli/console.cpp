// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines and the bar that stands below them. See the header.
#include "platforms/cli/console.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace wagesim::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr std::chrono::milliseconds kRedraw{100};

std::string bar_text(double fraction)
{
    const int filled = static_cast<int>(fraction * kBarWidth);
    std::string bar;
    for (int i = 0; i < kBarWidth; ++i) bar += i < filled ? '#' : '.';
    return bar;
}

}  // namespace

Console::Console(bool quiet, bool json) : prints_(!quiet && !json), draws_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

Console::~Console()
{
    erase_bar();
}

void Console::print(const std::string& text)
{
    if (!prints_) return;
    erase_bar();
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

void Console::start_progress(std::uint64_t done, std::uint64_t total)
{
    first_ = done;
    total_ = total;
    start_ = Clock::now();
    last_drawn_ = start_;
}

void Console::advance_progress(std::uint64_t done, const std::string& note)
{
    if (!draws_ || done <= first_ || total_ == 0) return;
    const Clock::time_point now = Clock::now();
    if (now - last_drawn_ < kRedraw) return;
    last_drawn_ = now;
    const std::chrono::duration<double> elapsed = now - start_;
    const double remaining = elapsed.count() / static_cast<double>(done - first_) * static_cast<double>(total_ - done);
    fmt::print(stderr, "\r\033[K[{}] {}/{}  {}  {} left",
               bar_text(static_cast<double>(done) / static_cast<double>(total_)), done, total_, note,
               duration_text(remaining));
    std::fflush(stderr);
    drawn_ = true;
}

void Console::end_progress()
{
    erase_bar();
}

void Console::erase_bar()
{
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

std::string duration_text(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace wagesim::cli
