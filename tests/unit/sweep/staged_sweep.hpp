// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep of two stages, and results for its points without any run.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "platforms/sweep/books.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {

/// Four designs, of which the second stage takes over the best.
inline config::SweepConfig staged_sweep()
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.g", {"5", "6", "7", "8"})};
    config::Stage screen;
    screen.name = "screen";
    screen.steps = 1;
    config::Stage confirm;
    confirm.name = "confirm";
    confirm.keep.kind = config::Keep::Kind::best;
    sweep.stages = {screen, confirm};
    return sweep;
}

/// Design 2 has no error, others the more the farther they are; two objectives that disagree.
inline Record result_of(const Point& point)
{
    const double distance = static_cast<double>(point.design) - 2.0;
    const std::string result = fmt::format(R"({{"final_test_error": {}, "wall_seconds": {}}})",
                                           distance * distance / 1000.0, 1.0 / (1.0 + distance * distance));
    return {State::done, "1", "", result, {}, {}};
}

class Silence final : public EngineObserver {
public:
    void point_ended(const Point& /*point*/, const Record& /*record*/, const Tally& /*tally*/) override {}
    void worker_stopped(const Point& /*point*/, const WorkerEnd& /*end*/) override {}
};

/// Writes down that the next `count` points of the first stage have ended, with a result or with `error`.
inline void compute(const SurveyedSweep& sweep, Database& database, std::uint64_t count, const std::string& error = "")
{
    Silence nobody;
    const std::unique_ptr<PointSource> source = sweep.source(0, {});
    Books books({sweep.config(), 0, *source, sweep.constraints(), database, nobody, "1"});
    PointResolver resolver = sweep.resolver(0);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::optional<Point> point = books.next();
        if (!point) return;
        books.settle(*point, resolver.resolve(*point).identity, "",
                     error.empty() ? result_of(*point) : books.failure(error));
    }
}

}  // namespace wagesim::sweep
