// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/design_costs.hpp"

#include <utility>

#include "platforms/config/objective_fields.hpp"
#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::sweep {

std::vector<std::size_t> objectives_of_first_stage(const config::SweepConfig& sweep, bool without_data)
{
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < sweep.objectives.size(); ++i) {
        const std::string& field = sweep.objectives[i].field;
        const bool trained = field == "final_test_error" || field.rfind("epochs.", 0) == 0;
        const bool known = config::is_objective_field(sweep.stages.front().command, field);
        if (known && !(without_data && trained)) numbers.push_back(i);
    }
    return numbers;
}

DesignCosts::DesignCosts(const StageRun& run, std::vector<std::size_t> objectives)
    : run_(run), objectives_(std::move(objectives)), judge_(texts_of(run.sweep.constraints), variables_of(run.sweep))
{
}

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

Cost DesignCosts::cost(std::uint64_t number)
{
    const std::uint64_t seeds = run_.source.grid().seeds();
    std::vector<double> sums(objectives_.size(), 0.0);
    const bool is_last = run_.stage + 1 == run_.sweep.stages.size();
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Point point = run_.source.point(number * seeds + seed);
        const std::optional<Member> member = run_.database.member(run_.stage, point.index);
        if (!member || member->excluded || member->record.state != State::done) return std::nullopt;
        const Figures figures(member->record.result);
        judge_.add(point.index, figures);
        if (!judge_.accepts(point.index, texts_of(point.settings), is_last)) return std::nullopt;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const config::Objective& objective = run_.sweep.objectives[objectives_[i]];
            const std::optional<double> value = figures.number(objective.field);
            if (!value) return std::nullopt;
            sums[i] += (objective.direction == config::Direction::min ? *value : -*value) / static_cast<double>(seeds);
        }
    }
    return sums;
}

}  // namespace wagesim::sweep
