// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The constraints of a sweep, ready to be judged many times.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/expression.hpp"
#include "platforms/config/sweep_config.hpp"

namespace wagesim::sweep {

class ConstraintSet {
public:
    explicit ConstraintSet(const config::SweepConfig& sweep);

    /// Whether a condition on settings alone forbids the point with these.
    [[nodiscard]] bool excludes(const std::vector<config::Override>& settings) const;

    /// Whether every condition holds; `number_of` gives the number of a key or of a figure, or nothing. A condition on
    /// something that has no number does not hold.
    [[nodiscard]] bool hold(const std::function<std::optional<double>(const std::string&)>& number_of) const;

private:
    struct Condition {
        config::Expression expression;
        bool needs_result = false;
    };
    std::vector<Condition> conditions_;
};

}  // namespace wagesim::sweep
