// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/design_costs.hpp"

#include "platforms/config/number_text.hpp"
#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::sweep {

bool DesignCosts::add(std::uint64_t design)
{
    return numbers_.emplace(design, numbers_.size()).second;
}

std::vector<Cost> DesignCosts::of(const std::vector<std::uint64_t>& designs)
{
    std::vector<Cost> costs;
    for (const std::uint64_t design : designs) {
        const std::uint64_t number = numbers_.at(design);
        auto found = known_.find(number);
        if (found == known_.end()) found = known_.emplace(number, cost(number)).first;
        costs.push_back(found->second);
    }
    return costs;
}

Cost DesignCosts::cost(std::uint64_t number) const
{
    const std::uint64_t seeds = run_.source.grid().seeds();
    std::vector<double> sums(run_.sweep.objectives.size(), 0.0);
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Point point = run_.source.point(number * seeds + seed);
        const std::optional<Member> member = run_.database.member(run_.stage, point.index);
        if (!member || member->excluded || member->record.state != State::done) return std::nullopt;
        const Figures figures(member->record.result);
        const bool feasible = run_.constraints.hold([&](const std::string& name) -> std::optional<double> {
            for (const config::Override& setting : point.settings) {
                if (setting.key == name) return config::number_of_text(setting.value.flow_text());
            }
            return figures.number(name);
        });
        if (!feasible) return std::nullopt;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const config::Objective& objective = run_.sweep.objectives[i];
            const std::optional<double> value = figures.number(objective.field);
            if (!value) return std::nullopt;
            sums[i] += (objective.direction == config::Direction::min ? *value : -*value) / static_cast<double>(seeds);
        }
    }
    return sums;
}

}  // namespace wagesim::sweep
