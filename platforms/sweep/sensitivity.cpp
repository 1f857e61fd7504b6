// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/sensitivity.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace wagesim::sweep {
namespace {

struct Group {
    double sum = 0.0;
    std::size_t count = 0;
    [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
};

std::optional<Sensitivity> sensitivity(const Summary& summary, std::size_t variable, std::size_t objective)
{
    std::map<std::string, Group> groups;
    Group all;
    for (const Configuration& configuration : summary.configurations) {
        if (!configuration.competes()) continue;
        const double value = configuration.objectives[objective]->mean;
        for (Group* const group : {&groups[configuration.settings[variable]], &all}) {
            group->sum += value;
            ++group->count;
        }
    }
    if (groups.size() < 2) return std::nullopt;
    double total = 0.0;
    for (const Configuration& configuration : summary.configurations) {
        if (!configuration.competes()) continue;
        const double distance = configuration.objectives[objective]->mean - all.mean();
        total += distance * distance;
    }
    Sensitivity out{variable,     objective, std::nullopt, groups.begin()->second.mean(), groups.begin()->second.mean(),
                    groups.size()};
    double between = 0.0;
    for (const auto& [value, group] : groups) {
        const double distance = group.mean() - all.mean();
        between += static_cast<double>(group.count) * distance * distance;
        out.least = std::min(out.least, group.mean());
        out.most = std::max(out.most, group.mean());
    }
    // Rounding may leave a trace of variance where all are equal, and lift the quotient over 1.
    const double noise = 1e-24 * all.mean() * all.mean() * static_cast<double>(all.count);
    if (total > noise) out.share = std::min(1.0, between / total);
    return out;
}

}  // namespace

std::vector<Sensitivity> find_sensitivities(const Summary& summary)
{
    std::vector<Sensitivity> all;
    for (std::size_t variable = 0; variable < summary.variables.size(); ++variable) {
        for (std::size_t objective = 0; objective < summary.objectives.size(); ++objective) {
            if (const auto found = sensitivity(summary, variable, objective)) all.push_back(*found);
        }
    }
    return all;
}

}  // namespace wagesim::sweep
