// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/stage_runner.hpp"

#include <exception>
#include <memory>
#include <utility>

#include "platforms/sweep/design_costs.hpp"
#include "platforms/sweep/optimiser.hpp"

namespace wagesim::sweep {
namespace {

/// An optimiser's generation was interrupted.
struct Stopped final : std::exception {};

}  // namespace

StageRunner::StageRunner(const SurveyedSweep& sweep, Database& database, StageObserver& observer,
                         EngineFactory make_engine, std::string version)
    : sweep_(sweep),
      database_(database),
      observer_(observer),
      make_engine_(std::move(make_engine)),
      version_(std::move(version))
{
}

Tally StageRunner::run(const std::function<bool()>& interrupted)
{
    Tally sum;
    for (std::size_t stage = 0; stage < sweep_.stages() && sum.missing() == 0; ++stage) {
        if (stage == 0 && sweep_.has_optimiser()) {
            sum += optimise(interrupted);
            continue;
        }
        std::vector<std::uint64_t> kept;
        if (stage > 0) kept = sweep_.kept_designs(database_, stage);
        const std::unique_ptr<PointSource> source = sweep_.source(stage, std::move(kept));
        // Whether points are known is seen as they come, but for the few of a small sweep's first stage.
        std::optional<std::uint64_t> missing;
        if (stage == 0) missing = sweep_.missing_runs(database_);
        sum += run_stage({stage, source.get(), missing.value_or(source->count()), missing.has_value()}, nullptr,
                         interrupted);
    }
    return sum;
}

Tally StageRunner::run_share(const Plan& plan, std::size_t share, const std::function<bool()>& interrupted)
{
    const std::vector<std::uint64_t>& points = plan.shares.at(share);
    const std::unique_ptr<PointSource> source = sweep_.source(plan.stage, plan.designs);
    return run_stage({plan.stage, source.get(), points.size(), false}, &points, interrupted);
}

Tally StageRunner::run_stage(const StageStart& start, const std::vector<std::uint64_t>* points,
                             const std::function<bool()>& interrupted)
{
    const std::unique_ptr<EngineObserver> observer = observer_.stage_begins(start);
    StageRun run = stage_run(start.stage, *start.source, *observer);
    run.points = points;
    const std::unique_ptr<StageEngine> engine = make_engine_(run);
    const Tally tally = engine->run(interrupted);
    observer_.stage_ended(tally);
    return tally;
}

Tally StageRunner::optimise(const std::function<bool()>& interrupted)
{
    const config::Sampling& sampling = sweep_.config().sampling;
    const std::vector<std::size_t> weighed = sweep_.weighed_objectives();
    const std::uint64_t most = sampling.most_designs() * sweep_.grid().seeds();
    const std::unique_ptr<EngineObserver> observer = observer_.stage_begins({0, nullptr, most, false});
    ListSource source(sweep_.grid(), {});
    const StageRun run = stage_run(0, source, *observer);
    DesignCosts costs(run, weighed);
    const std::unique_ptr<StageEngine> engine = make_engine_(run);
    Tally tally;
    const Evaluate evaluate = [&](const std::vector<std::uint64_t>& designs) {
        for (const std::uint64_t design : designs) {
            if (costs.add(design)) source.append(design);
        }
        tally = engine->run(interrupted);
        if (tally.missing() > 0) throw Stopped();
        return costs.of(designs);
    };
    try {
        sweep::optimise(sweep_.grid(), sampling, weighed.size(), evaluate);
    } catch (const Stopped&) {
        // The points that are there are those of the generations until now.
    }
    observer_.stage_ended(tally);
    return tally;
}

StageRun StageRunner::stage_run(std::size_t stage, const PointSource& source, EngineObserver& observer) const
{
    return {sweep_.config(), stage, source, sweep_.constraints(), database_, observer, version_};
}

}  // namespace wagesim::sweep
