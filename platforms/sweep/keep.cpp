// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/keep.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "platforms/sweep/summary.hpp"

namespace wagesim::sweep {
namespace {

/// What the stage before `stage` has done, with the objectives that it has figures for.
Overview reduced(const Overview& overview, std::size_t stage)
{
    Overview out;
    out.variables = overview.variables;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < overview.objectives.size(); ++i) {
        const bool known = std::any_of(overview.points.begin(), overview.points.end(), [&](const PointView& point) {
            return point.is_done() && point.stage + 1 == stage && point.objectives[i].has_value();
        });
        if (!known) continue;
        kept.push_back(i);
        out.objectives.push_back(overview.objectives[i]);
    }
    for (const PointView& point : overview.points) {
        if (point.stage + 1 != stage || point.excluded) continue;
        PointView& copy = out.points.emplace_back(point);
        copy.objectives.clear();
        for (const std::size_t i : kept) copy.objectives.push_back(point.objectives[i]);
    }
    return out;
}

/// The `count` best by each objective, in each group of equal held variables.
std::set<std::size_t> best_of(const Summary& summary, std::uint64_t count)
{
    std::set<std::size_t> chosen;
    for (std::size_t group = 0; group < summary.groups.size(); ++group) {
        for (std::size_t objective = 0; objective < summary.objectives.size(); ++objective) {
            std::vector<std::size_t> order;
            for (std::size_t i = 0; i < summary.configurations.size(); ++i) {
                const Configuration& each = summary.configurations[i];
                if (each.group == group && each.feasible && each.is_complete(objective)) order.push_back(i);
            }
            const double sign = summary.objectives[objective].direction == config::Direction::min ? 1.0 : -1.0;
            std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
                return sign * summary.configurations[x].objectives[objective]->mean <
                       sign * summary.configurations[y].objectives[objective]->mean;
            });
            order.resize(std::min<std::uint64_t>(order.size(), count));
            chosen.insert(order.begin(), order.end());
        }
    }
    return chosen;
}

}  // namespace

std::vector<std::uint64_t> kept_designs(const Overview& overview, std::size_t stage, const config::Keep& keep)
{
    const Overview before = reduced(overview, stage);
    const Summary summary = summarize(before);
    std::set<std::size_t> chosen;
    if (keep.kind == config::Keep::Kind::best) chosen = best_of(summary, keep.count);
    for (std::size_t i = 0; i < summary.configurations.size(); ++i) {
        const Configuration& each = summary.configurations[i];
        const bool all = keep.kind == config::Keep::Kind::all && each.feasible && each.done == each.points;
        const bool front = keep.kind == config::Keep::Kind::front && each.front && *each.front <= keep.count;
        if (all || front) chosen.insert(i);
    }
    std::set<std::vector<std::string>> settings;
    for (const std::size_t i : chosen) settings.insert(summary.configurations[i].settings);
    std::set<std::uint64_t> designs;
    for (const PointView& point : before.points) {
        std::vector<std::string> own;
        for (std::size_t i = 0; i < before.variables.size(); ++i) {
            if (before.variables[i].role != config::Role::seed) own.push_back(point.settings[i]);
        }
        if (settings.count(own) > 0) designs.insert(point.design);
    }
    return {designs.begin(), designs.end()};
}

}  // namespace wagesim::sweep
