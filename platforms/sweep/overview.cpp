// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/overview.hpp"

#include <algorithm>
#include <map>

#include "platforms/sweep/run_result_file.hpp"
#include "platforms/sweep/survey.hpp"

namespace wagesim::sweep {
namespace {

/// The settings of the variables that `wanted` accepts.
template <class Wanted>
std::vector<std::string> selected(const std::vector<config::Variable>& variables,
                                  const std::vector<std::string>& settings, const Wanted& wanted)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (wanted(variables[i].role)) out.push_back(settings[i]);
    }
    return out;
}

void add(std::optional<Statistic>& statistic, double value)
{
    // The mean holds the sum until all are there.
    if (!statistic) statistic = Statistic{0.0, value, value};
    statistic->mean += value;
    statistic->least = std::min(statistic->least, value);
    statistic->most = std::max(statistic->most, value);
}

bool is_better(double x, double y, config::Direction direction)
{
    return direction == config::Direction::min ? x < y : x > y;
}

}  // namespace

Overview make_overview(const config::SweepConfig& sweep, const PointSource& source, PointResolver& resolver,
                       Database* database)
{
    Overview overview;
    overview.variables = variables_of(sweep);
    overview.objectives = sweep.objectives;
    // As before a run: of a small sweep every point must be legal, a large one may have some that fail.
    const bool surveyed = source.count() <= kMostSurveyed;
    for (std::uint64_t i = 0; i < source.count(); ++i) {
        const Point point = source.point(i);
        PointView view;
        for (const config::Override& setting : point.settings) view.settings.push_back(setting.value.flow_text());
        view.identity = surveyed ? resolver.identity(resolver.run(point)) : resolver.resolve(point).identity;
        if (database != nullptr) view.record = database->find(view.identity);
        const bool done = view.record && view.record->state == State::done;
        for (const config::Objective& objective : sweep.objectives) {
            view.objectives.push_back(done ? figure(view.record->result, objective.field) : std::nullopt);
        }
        overview.points.push_back(std::move(view));
    }
    return overview;
}

Counts count_states(const Overview& overview)
{
    Counts counts;
    for (const PointView& point : overview.points) {
        if (!point.record) {
            ++counts.untouched;
        } else if (point.record->state == State::done) {
            ++counts.done;
        } else {
            ++(point.record->state == State::failed ? counts.failed : counts.begun);
        }
    }
    return counts;
}

bool Configuration::is_complete(std::size_t objective) const
{
    return figures[objective] == points;
}

Summary summarize(const Overview& overview)
{
    const auto no_seed = [](config::Role role) { return role != config::Role::seed; };
    Summary summary;
    summary.objectives = overview.objectives;
    for (const config::Variable& variable : overview.variables) {
        if (no_seed(variable.role)) summary.variables.push_back(variable);
    }
    const std::size_t objectives = overview.objectives.size();
    std::map<std::vector<std::string>, std::size_t> known;
    for (const PointView& point : overview.points) {
        const std::vector<std::string> settings = selected(overview.variables, point.settings, no_seed);
        const auto [entry, added] = known.emplace(settings, summary.configurations.size());
        if (added) {
            Configuration fresh;
            fresh.settings = settings;
            fresh.objectives.resize(objectives);
            fresh.figures.resize(objectives);
            summary.configurations.push_back(std::move(fresh));
        }
        Configuration& configuration = summary.configurations[entry->second];
        ++configuration.points;
        if (point.record && point.record->state == State::done) ++configuration.done;
        for (std::size_t i = 0; i < objectives; ++i) {
            if (!point.objectives[i]) continue;
            add(configuration.objectives[i], *point.objectives[i]);
            ++configuration.figures[i];
        }
    }
    for (Configuration& configuration : summary.configurations) {
        for (std::size_t i = 0; i < objectives; ++i) {
            std::optional<Statistic>& statistic = configuration.objectives[i];
            if (statistic) statistic->mean /= static_cast<double>(configuration.figures[i]);
        }
    }
    return summary;
}

std::vector<Best> find_best(const Summary& summary)
{
    std::vector<Best> all;
    for (std::size_t objective = 0; objective < summary.objectives.size(); ++objective) {
        const config::Direction direction = summary.objectives[objective].direction;
        std::map<std::vector<std::string>, std::size_t> known;
        for (std::size_t i = 0; i < summary.configurations.size(); ++i) {
            const Configuration& candidate = summary.configurations[i];
            const std::vector<std::string> held = selected(
                summary.variables, candidate.settings, [](config::Role role) { return role == config::Role::held; });
            const auto [entry, added] = known.emplace(held, all.size());
            if (added) all.push_back({objective, held, std::nullopt, 0, 0});
            Best& best = all[entry->second];
            if (!candidate.is_complete(objective)) {
                ++best.incomplete;
                continue;
            }
            ++best.candidates;
            const double mean = candidate.objectives[objective]->mean;
            if (!best.configuration ||
                is_better(mean, summary.configurations[*best.configuration].objectives[objective]->mean, direction)) {
                best.configuration = i;
            }
        }
    }
    return all;
}

}  // namespace wagesim::sweep
