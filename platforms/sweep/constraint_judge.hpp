// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether points break a constraint, by the figures of all stages that have computed them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/expression.hpp"
#include "platforms/config/sweep_config.hpp"
#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::sweep {

/// The conditions as they are written.
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<config::Constraint>& constraints);

class ConstraintJudge {
public:
    /// Throws std::invalid_argument for a text that is no condition.
    ConstraintJudge(const std::vector<std::string>& constraints, const std::vector<config::Variable>& variables);

    /// Names in the constraints, each once.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    /// What is in `figures` counts instead of what earlier stages had.
    void add(std::size_t point, const Figures& figures);

    /// Whether the point breaks no condition; `settings` are those of the variables. One on something without a number
    /// is broken once no stage is to come.
    [[nodiscard]] bool accepts(std::size_t point, const std::vector<std::string>& settings, bool is_last) const;

private:
    std::vector<config::Expression> conditions_;
    std::vector<std::string> names_;
    std::map<std::string, std::size_t> index_of_;
    std::map<std::string, std::size_t> variable_of_;
    std::vector<std::vector<std::optional<double>>> numbers_;  ///< [point][name]
};

}  // namespace wagesim::sweep
