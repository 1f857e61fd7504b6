// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/constraint_judge.hpp"

#include "platforms/config/number_text.hpp"

namespace wagesim::sweep {

std::vector<std::string> texts_of(const std::vector<config::Constraint>& constraints)
{
    std::vector<std::string> texts;
    for (const config::Constraint& constraint : constraints) texts.push_back(constraint.text);
    return texts;
}

ConstraintJudge::ConstraintJudge(const std::vector<std::string>& constraints,
                                 const std::vector<config::Variable>& variables)
{
    for (const std::string& text : constraints) {
        const config::Expression& condition = conditions_.emplace_back(text);
        for (const std::string& name : condition.names()) {
            if (index_of_.emplace(name, names_.size()).second) names_.push_back(name);
        }
    }
    for (std::size_t i = 0; i < variables.size(); ++i) variable_of_.emplace(variables[i].key, i);
}

void ConstraintJudge::add(std::size_t point, const Figures& figures)
{
    if (names_.empty()) return;
    if (numbers_.size() <= point) numbers_.resize(point + 1);
    numbers_[point].resize(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (const std::optional<double> number = figures.number(names_[i])) numbers_[point][i] = number;
    }
}

bool ConstraintJudge::accepts(std::size_t point, const std::vector<std::string>& settings, bool is_last) const
{
    if (point >= numbers_.size() || numbers_[point].empty()) return true;
    for (const config::Expression& condition : conditions_) {
        const std::optional<double> value = condition.value([&](const std::string& name) -> std::optional<double> {
            const auto variable = variable_of_.find(name);
            return variable == variable_of_.end() ? numbers_[point][index_of_.at(name)]
                                                  : config::number_of_text(settings[variable->second]);
        });
        if (value.value_or(is_last ? 0.0 : 1.0) == 0.0) return false;
    }
    return true;
}

}  // namespace wagesim::sweep
