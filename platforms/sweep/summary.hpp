// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What seeds add up to, and which designs are the best of those that compete: equal in every held variable, feasible,
// with all their seeds done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/overview.hpp"

namespace wagesim::sweep {

struct Statistic {
    double mean = 0.0;
    double least = 0.0;
    double most = 0.0;
};

/// The points that differ in nothing but their seed: a design.
struct Configuration {
    std::vector<std::string> settings;  ///< in the order of Summary::variables
    std::uint64_t points = 0;
    std::uint64_t done = 0;
    bool feasible = true;                              ///< no point of it breaks a constraint
    std::vector<std::optional<Statistic>> objectives;  ///< over the done points that have the figure
    /// Which front it is on among those that it competes with, counted from 1; none where it does not compete by every
    /// objective.
    std::optional<std::size_t> front;
    std::size_t group = 0;  ///< of equal held variables

    /// Whether every point is done and has figure `objective`: only then is its mean that of equal seeds.
    [[nodiscard]] bool is_complete(std::size_t objective) const;
    /// Whether it is complete in all, and feasible.
    [[nodiscard]] bool competes() const;

    std::vector<std::uint64_t> figures;  ///< points that have each objective
};

struct Summary {
    std::vector<config::Variable> variables;  ///< without seeds
    std::vector<config::Objective> objectives;
    std::vector<Configuration> configurations;     ///< in the order in which they come first
    std::vector<std::vector<std::string>> groups;  ///< values of the held variables, of each group
    /// Of each point of the overview its configuration; none of one that is left out.
    std::vector<std::optional<std::size_t>> configuration_of;
};
/// Points that constraints exclude are left out.
[[nodiscard]] Summary summarize(const Overview& overview);

/// The best configuration by one objective, among those that agree in every held variable.
struct Best {
    std::size_t objective = 0;
    std::vector<std::string> held;             ///< values of the held variables, in order
    std::optional<std::size_t> configuration;  ///< none where no configuration is complete
    std::uint64_t candidates = 0;              ///< complete and feasible ones
    std::uint64_t incomplete = 0;              ///< left out, since their seeds are not all done
    std::uint64_t infeasible = 0;              ///< left out, since they break a constraint
};
/// For each objective and each combination of held values; of equals, the first.
[[nodiscard]] std::vector<Best> find_best(const Summary& summary);

}  // namespace wagesim::sweep
