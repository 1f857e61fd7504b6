// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The constraints of a sweep, ready to be judged many times.
#pragma once

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

private:
    struct Condition {
        config::Expression expression;
        bool needs_result = false;
    };
    std::vector<Condition> conditions_;
};

}  // namespace wagesim::sweep
