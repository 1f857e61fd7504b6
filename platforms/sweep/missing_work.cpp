// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/missing_work.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>

#include "platforms/sweep/books.hpp"

namespace wagesim::sweep {
namespace {

/// Nothing ends while one looks.
class NoObserver final : public EngineObserver {
public:
    void point_ended(const Point& /*point*/, const Record& /*record*/, const Tally& /*tally*/) override {}
    void worker_stopped(const Point& /*point*/, const WorkerEnd& /*end*/) override {}
};

/// Whether it is seen which points mean the same run, and which runs are known. Resolving takes a twentieth of the time
/// that a point without data takes, but not on many machines: of many such points, what is known is known by its place,
/// and only equal designs are the same run.
bool resolves(const SurveyedSweep& sweep, std::size_t stage, const PointSource& source, Database& database)
{
    return !sweep.is_without_data(stage) || source.count() <= kMostSurveyed || database.has_ended_without_place();
}

/// Adds what `work.stage` lacks, and the points of it that have failed.
void look_at_stage(const SurveyedSweep& sweep, Database& database, const std::function<void()>& breathe,
                   MissingWork& work)
{
    if (work.stage > 0) work.designs = sweep.kept_designs(database, work.stage);
    const std::unique_ptr<PointSource> source = sweep.source(work.stage, work.designs);
    NoObserver nobody;
    Books books({sweep.config(), work.stage, *source, sweep.constraints(), database, nobody, ""});
    const bool by_run = resolves(sweep, work.stage, *source, database);
    PointResolver resolver = sweep.resolver(work.stage);
    std::map<std::string, std::uint64_t> runs;
    database.transaction([&] {
        while (const std::optional<Point> point = books.next()) {
            breathe();
            std::string run = fmt::format("{} {}", point->design, point->seed);
            if (by_run) {
                const ResolvedPoint resolved = resolver.resolve(*point);
                if (books.settle_known(*point, resolved.identity)) continue;
                // Who is no legal run has no hash, and fails by itself.
                run = resolved.run ? resolved.identity.folder_name() : resolved.identity.config_hash;
            }
            work.points.push_back({point->index, runs.emplace(run, runs.size()).first->second});
        }
    });
    work.runs = runs.size();
    work.failed += books.tally().failed;
}

}  // namespace

MissingWork find_missing(const SurveyedSweep& sweep, Database& database, const std::function<void()>& breathe)
{
    MissingWork work;
    for (std::size_t stage = 0; stage < sweep.stages() && work.points.empty(); ++stage) {
        work.stage = stage;
        look_at_stage(sweep, database, breathe, work);
    }
    return work;
}

Plan make_plan(const SurveyedSweep& sweep, const MissingWork& work, std::uint64_t shares)
{
    return {sweep.name(), sweep.fingerprint(), work.stage, work.designs, split(work.points, shares)};
}

}  // namespace wagesim::sweep
