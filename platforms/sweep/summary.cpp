// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/summary.hpp"

#include <algorithm>
#include <map>

#include "platforms/sweep/front.hpp"

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

/// Fronts among those of each group that compete.
void rank(Summary& summary)
{
    std::vector<std::vector<std::size_t>> members(summary.groups.size());
    for (std::size_t i = 0; i < summary.configurations.size(); ++i) {
        if (summary.configurations[i].competes()) members[summary.configurations[i].group].push_back(i);
    }
    for (const std::vector<std::size_t>& group : members) {
        std::vector<std::vector<double>> costs;
        for (const std::size_t i : group) {
            std::vector<double>& cost = costs.emplace_back();
            for (std::size_t k = 0; k < summary.objectives.size(); ++k) {
                const double mean = summary.configurations[i].objectives[k]->mean;
                cost.push_back(summary.objectives[k].direction == config::Direction::min ? mean : -mean);
            }
        }
        const std::vector<std::size_t> fronts = front_of_each(costs);
        for (std::size_t i = 0; i < group.size(); ++i) summary.configurations[group[i]].front = fronts[i] + 1;
    }
}

}  // namespace

bool Configuration::is_complete(std::size_t objective) const
{
    return figures[objective] == points;
}

bool Configuration::competes() const
{
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (!is_complete(i)) return false;
    }
    return feasible;
}

Summary summarize(const Overview& overview)
{
    const auto no_seed = [](config::Role role) { return role != config::Role::seed; };
    const auto is_held = [](config::Role role) { return role == config::Role::held; };
    Summary summary;
    summary.objectives = overview.objectives;
    for (const config::Variable& variable : overview.variables) {
        if (no_seed(variable.role)) summary.variables.push_back(variable);
    }
    const std::size_t objectives = overview.objectives.size();
    std::map<std::vector<std::string>, std::size_t> known;
    std::map<std::vector<std::string>, std::size_t> groups;
    for (const PointView& point : overview.points) {
        std::optional<std::size_t>& own = summary.configuration_of.emplace_back();
        if (point.excluded) continue;
        const std::vector<std::string> settings = selected(overview.variables, point.settings, no_seed);
        const auto [entry, added] = known.emplace(settings, summary.configurations.size());
        if (added) {
            Configuration fresh;
            fresh.settings = settings;
            fresh.objectives.resize(objectives);
            fresh.figures.resize(objectives);
            const std::vector<std::string> held = selected(overview.variables, point.settings, is_held);
            const auto [group, first] = groups.emplace(held, summary.groups.size());
            if (first) summary.groups.push_back(held);
            fresh.group = group->second;
            summary.configurations.push_back(std::move(fresh));
        }
        own = entry->second;
        Configuration& configuration = summary.configurations[entry->second];
        ++configuration.points;
        if (point.is_done()) ++configuration.done;
        configuration.feasible = configuration.feasible && point.feasible;
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
    rank(summary);
    return summary;
}

std::vector<Best> find_best(const Summary& summary)
{
    std::vector<Best> all;
    for (std::size_t objective = 0; objective < summary.objectives.size(); ++objective) {
        const config::Direction direction = summary.objectives[objective].direction;
        const std::size_t first = all.size();
        for (const std::vector<std::string>& held : summary.groups) {
            Best& best = all.emplace_back();
            best.objective = objective;
            best.held = held;
        }
        for (std::size_t i = 0; i < summary.configurations.size(); ++i) {
            const Configuration& candidate = summary.configurations[i];
            Best& best = all[first + candidate.group];
            if (!candidate.is_complete(objective)) {
                ++best.incomplete;
                continue;
            }
            if (!candidate.feasible) {
                ++best.infeasible;
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
