// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/overview.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "platforms/sweep/constraint_judge.hpp"
#include "platforms/sweep/run_result_file.hpp"
#include "platforms/sweep/survey.hpp"

namespace wagesim::sweep {
namespace {

using DesignAndSeed = std::pair<std::uint64_t, std::uint64_t>;

class Maker {
public:
    explicit Maker(const OverviewSource& source)
        : source_(source),
          constraints_(source.sweep),
          judge_(texts_of(source.sweep.constraints), variables_of(source.sweep))
    {
        overview_.variables = variables_of(source.sweep);
        overview_.objectives = source.sweep.objectives;
        for (const config::Stage& stage : source.sweep.stages) overview_.stages.push_back(stage.name);
    }

    Overview make()
    {
        const bool placed = source_.database != nullptr && source_.database->fingerprint() == source_.fingerprint;
        listed_ = source_.first != nullptr && source_.first->count() <= kMostListed;
        if (listed_) list_points(source_.first->count());
        if (placed) {
            for (std::size_t stage = 0; stage < std::min(overview_.stages.size(), source_.stages); ++stage) {
                add_stage(stage);
            }
        } else if (source_.database != nullptr && source_.first != nullptr && source_.first->count() <= kMostSurveyed) {
            find_by_identity();
        }
        judge_points();
        if (source_.first != nullptr) overview_.unlisted = source_.first->count() - overview_.points.size();
        return std::move(overview_);
    }

private:
    /// The first `count` points of the first stage.
    void list_points(std::uint64_t count)
    {
        const std::uint64_t seeds = source_.grid.seeds();
        std::uint64_t i = overview_.points.size();
        overview_.points.resize(count);
        for (; i < count; ++i) start(overview_.points[i], source_.first->design(i / seeds), i % seeds);
    }

    void start(PointView& point, std::uint64_t design, std::uint64_t seed) const
    {
        point.design = design;
        point.seed = seed;
        point.objectives.resize(overview_.objectives.size());
        point.settings = texts_of(source_.grid.point(design, seed, 0).settings);
    }

    void add_stage(std::size_t stage)
    {
        if (stage == 1) {
            for (std::size_t i = 0; i < overview_.points.size(); ++i) {
                index_of_.emplace(DesignAndSeed{overview_.points[i].design, overview_.points[i].seed}, i);
            }
        }
        source_.database->visit_members(stage, [&](const Member& member) {
            if (PointView* const point = point_of(stage, member)) add(*point, stage, member);
        });
    }

    /// Where the member of a stage belongs; null for one that the sweep has no more.
    PointView* point_of(std::size_t stage, const Member& member)
    {
        std::vector<PointView>& points = overview_.points;
        if (stage > 0) {
            const auto found = index_of_.find({member.design, member.seed});
            return found == index_of_.end() ? nullptr : &points[found->second];
        }
        if (!listed_ && member.index >= points.size()) {
            if (source_.first == nullptr) {
                points.resize(member.index + 1);
                start(points.back(), member.design, member.seed);
            } else if (member.index < source_.first->count()) {
                list_points(member.index + 1);
            }
        }
        return member.index < points.size() ? &points[member.index] : nullptr;
    }

    void add(PointView& point, std::size_t stage, const Member& member)
    {
        point.stage = stage;
        point.excluded = member.excluded;
        if (member.excluded) return;
        point.identity = member.identity;
        point.folder = member.folder;
        add(point, member.record);
    }

    void add(PointView& point, Record record)
    {
        if (record.state == State::done) {
            const Figures figures(record.result);
            for (std::size_t i = 0; i < overview_.objectives.size(); ++i) {
                const std::optional<double> number = figures.number(overview_.objectives[i].field);
                if (number) point.objectives[i] = number;
            }
            judge_.add(static_cast<std::size_t>(&point - overview_.points.data()), figures);
        }
        record.result.clear();
        record.result.shrink_to_fit();
        point.record = std::move(record);
    }

    /// Once all figures are there that there will be.
    void judge_points()
    {
        for (std::size_t i = 0; i < overview_.points.size(); ++i) {
            PointView& point = overview_.points[i];
            const bool is_last = point.stage + 1 == overview_.stages.size() && point.is_done();
            point.feasible = judge_.accepts(i, point.settings, is_last);
        }
    }

    void find_by_identity()
    {
        PointResolver resolver(source_.sweep, source_.sweep.stages.front(), source_.model);
        for (std::uint64_t i = 0; i < overview_.points.size(); ++i) {
            const Point settings = source_.first->point(i);
            PointView& point = overview_.points[i];
            point.excluded = constraints_.excludes(settings.settings);
            if (point.excluded) continue;
            const Identity identity = resolver.resolve(settings).identity;
            std::optional<Record> record = source_.database->find(identity);
            if (!record) continue;
            point.identity = identity;
            point.folder = identity.folder_name();
            add(point, *std::move(record));
        }
    }

    const OverviewSource& source_;
    ConstraintSet constraints_;
    ConstraintJudge judge_;
    Overview overview_;
    std::map<DesignAndSeed, std::size_t> index_of_;
    bool listed_ = false;  ///< all points, whether begun or not
};

}  // namespace

const char* PointView::state_word() const noexcept
{
    if (excluded) return "excluded";
    if (!record) return "missing";
    switch (record->state) {
        case State::begun: return "missing";
        case State::done: return feasible ? "done" : "infeasible";
        case State::failed: break;
    }
    return "failed";
}

Overview make_overview(const OverviewSource& source)
{
    return Maker(source).make();
}

Counts count_states(const Overview& overview)
{
    Counts counts;
    counts.untouched = overview.unlisted;
    for (const PointView& point : overview.points) {
        if (point.excluded) {
            ++counts.excluded;
        } else if (!point.record) {
            ++counts.untouched;
        } else if (point.record->state == State::done) {
            ++counts.done;
        } else {
            ++(point.record->state == State::failed ? counts.failed : counts.begun);
        }
    }
    return counts;
}

}  // namespace wagesim::sweep
