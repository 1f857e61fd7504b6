// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/point_console.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::cli {
namespace {

constexpr std::chrono::seconds kBetweenLines{10};

}  // namespace

PointConsole::PointConsole(const config::SweepConfig& sweep, Console& console, std::uint64_t to_compute, Detail detail)
    : sweep_(sweep), console_(console), to_compute_(to_compute), detail_(detail)
{
    console_.start_progress(0, to_compute);
}

void PointConsole::point_ended(const sweep::Point& point, const sweep::Record& record, const sweep::Tally& tally)
{
    const Clock::time_point now = Clock::now();
    const bool failed = record.state == sweep::State::failed;
    if (detail_ == Detail::every_point || failed) {
        console_.print(fmt::format("[{}/{}] {}: {}{}", tally.computed, to_compute_, sweep::label_of(point),
                                   outcome(record), time_left(tally)));
    } else if (now - printed_ >= kBetweenLines) {
        printed_ = now;
        const std::chrono::duration<double> elapsed = now - began_;
        console_.print(fmt::format("[{}/{}] {:.0f} points a minute{}", tally.computed, to_compute_,
                                   60.0 * static_cast<double>(tally.computed) / elapsed.count(), time_left(tally)));
    }
    console_.advance_progress(tally.computed, "points");
}

void PointConsole::worker_stopped(const sweep::Point& point, const sweep::WorkerEnd& end)
{
    const std::string how = end.signal == 0 ? "interrupted" : fmt::format("killed (signal {})", end.signal);
    const char* const then =
        detail_ == Detail::every_point ? "goes on from its checkpoint" : "its point is taken again";
    console_.print(fmt::format("{}: its worker was {}, and {}", sweep::label_of(point), how, then));
}

std::string PointConsole::time_left(const sweep::Tally& tally) const
{
    const std::chrono::duration<double> elapsed = Clock::now() - began_;
    // Of a sweep too large to be surveyed, points that are done already turn up while it runs.
    const std::uint64_t left = std::min(to_compute_ - std::min(to_compute_, tally.computed), tally.missing());
    if (left == 0) return "";
    return fmt::format(
        "; {} left", duration_text(elapsed.count() / static_cast<double>(tally.computed) * static_cast<double>(left)));
}

std::string PointConsole::outcome(const sweep::Record& record) const
{
    if (record.state == sweep::State::failed) return "failed: " + record.error;
    const sweep::Figures figures(record.result);
    std::string text;
    for (const config::Objective& objective : sweep_.objectives) {
        const std::optional<double> value = figures.number(objective.field);
        text += fmt::format("{} {}, ", objective.field, value ? fmt::format("{:.6g}", *value) : "-");
    }
    text += duration_text(record.wall_seconds.value_or(0.0));
    if (record.images_per_second) text += fmt::format(", {:.0f} images/s", *record.images_per_second);
    return text;
}

}  // namespace wagesim::cli
