// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/constraint_set.hpp"

#include <algorithm>

#include "platforms/config/number_text.hpp"

namespace wagesim::sweep {

ConstraintSet::ConstraintSet(const config::SweepConfig& sweep)
{
    for (const config::Constraint& constraint : sweep.constraints) {
        conditions_.push_back({config::Expression(constraint.text), constraint.needs_result});
    }
}

bool ConstraintSet::excludes(const std::vector<config::Override>& settings) const
{
    const auto number_of = [&](const std::string& name) -> std::optional<double> {
        const auto setting = std::find_if(settings.begin(), settings.end(),
                                          [&](const config::Override& each) { return each.key == name; });
        return setting == settings.end() ? std::nullopt : config::number_of_text(setting->value.flow_text());
    };
    return std::any_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
        return !condition.needs_result && condition.expression.value(number_of).value_or(0.0) == 0.0;
    });
}

}  // namespace wagesim::sweep
