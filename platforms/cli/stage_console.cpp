// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/stage_console.hpp"

#include <fmt/format.h>

#include <optional>

#include "platforms/cli/point_console.hpp"
#include "platforms/cli/sweep_estimate.hpp"
#include "platforms/cli/sweep_output.hpp"

namespace wagesim::cli {

StageConsole::StageConsole(const Options& options, const sweep::SurveyedSweep& sweep,
                           const SweepParallelism& parallelism, Console& console)
    : options_(options), sweep_(sweep), parallelism_(parallelism), console_(console)
{
}

std::unique_ptr<sweep::EngineObserver> StageConsole::stage_begins(const sweep::StageStart& start)
{
    console_.print(start.source == nullptr ? optimiser_text(start) : stage_text(start));
    return std::make_unique<PointConsole>(
        sweep_.config(), console_, start.to_compute,
        sweep_.is_without_data(start.stage) ? PointConsole::Detail::summary : PointConsole::Detail::every_point);
}

void StageConsole::stage_ended(const sweep::Tally& tally)
{
    console_.end_progress();
    const std::string excluded = tally.excluded > 0 ? fmt::format(", {} excluded", tally.excluded) : "";
    console_.print(
        fmt::format("{} done, {} failed{}, {} missing", tally.done, tally.failed, excluded, tally.missing()));
}

std::string StageConsole::optimiser_text(const sweep::StageStart& start) const
{
    const config::Sampling& sampling = sweep_.config().sampling;
    return fmt::format("{}: {} generations of {} designs, up to {} points to compute", sweep_.name(),
                       sampling.generations + 1, sampling.population, start.to_compute);
}

std::string StageConsole::stage_text(const sweep::StageStart& start) const
{
    const bool only = sweep_.stages() == 1;
    return fmt::format("{}{}: {}, {}{} of them to compute, {}{}", sweep_.name(),
                       only ? "" : ", stage " + sweep_.stage(start.stage).name, points_text_of(start),
                       start.counted ? "" : "up to ", start.to_compute, jobs_text(start.stage), estimate_text(start));
}

std::string StageConsole::points_text_of(const sweep::StageStart& start) const
{
    if (options_.sweep.share) {
        const auto [number, shares] = *options_.sweep.share;
        return fmt::format("share {}/{}, {} points", number, shares, start.to_compute);
    }
    return start.stage == 0 ? points_text(sweep_.config(), *start.source)
                            : fmt::format("{} points", start.source->count());
}

std::string StageConsole::jobs_text(std::size_t stage) const
{
    const bool without_data = sweep_.is_without_data(stage);
    const int jobs = parallelism_.jobs(without_data);
    if (without_data) return fmt::format("{} at a time", jobs);
    return fmt::format("{} at a time with {} thread{} each", jobs, parallelism_.threads(),
                       parallelism_.threads() == 1 ? "" : "s");
}

std::string StageConsole::estimate_text(const sweep::StageStart& start) const
{
    if (start.to_compute == 0 || options_.sweep.share) return "";
    const std::optional<double> seconds =
        estimate_point_seconds(sweep_, start.stage, *start.source, parallelism_.threads());
    if (!seconds) return "";
    const auto jobs = static_cast<std::uint64_t>(parallelism_.jobs(sweep_.is_without_data(start.stage)));
    const std::uint64_t rounds = (start.to_compute + jobs - 1) / jobs;
    return fmt::format(", about {}", duration_text(*seconds * static_cast<double>(rounds)));
}

}  // namespace wagesim::cli
