// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is printed while the points of a stage are computed: a line for each point that ends and the bar, or, where
// points end by the hundred, the bar and a line now and then.
#pragma once

#include <chrono>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/sweep/books.hpp"

namespace wagesim::cli {

class PointConsole final : public sweep::EngineObserver {
public:
    enum class Detail { every_point, summary };

    /// Keeps references. `to_compute` is what the bar ends at.
    PointConsole(const config::SweepConfig& sweep, Console& console, std::uint64_t to_compute, Detail detail);

    void point_ended(const sweep::Point& point, const sweep::Record& record, const sweep::Tally& tally) override;
    void worker_stopped(const sweep::Point& point, const sweep::WorkerEnd& end) override;

private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] std::string outcome(const sweep::Record& record) const;
    [[nodiscard]] std::string time_left(const sweep::Tally& tally) const;

    const config::SweepConfig& sweep_;
    Console& console_;
    std::uint64_t to_compute_;
    Detail detail_;
    Clock::time_point began_ = Clock::now();
    Clock::time_point printed_ = began_;
};

}  // namespace wagesim::cli
