// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the designs that an optimiser has asked for cost, from the database.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "platforms/sweep/books.hpp"
#include "platforms/sweep/constraint_judge.hpp"
#include "platforms/sweep/optimiser.hpp"

namespace wagesim::sweep {

/// Which objectives the first stage has figures for, by their numbers: what an optimiser can weigh. `without_data`: it
/// simulates with fidelity `timing`, which trains nothing.
[[nodiscard]] std::vector<std::size_t> objectives_of_first_stage(const config::SweepConfig& sweep, bool without_data);

class DesignCosts {
public:
    /// `objectives`: by their numbers, which of the sweep's make up a cost.
    DesignCosts(const StageRun& run, std::vector<std::size_t> objectives);

    /// Whether the design is new; its points are the next ones of the stage then.
    bool add(std::uint64_t design);

    /// Of designs that were added and whose points have ended: the means over their seeds of each objective, negated
    /// where more is better; nothing where a point failed, lacks a figure, breaks a constraint or is excluded.
    /// A constraint on what only later stages have is theirs to judge.
    [[nodiscard]] std::vector<Cost> of(const std::vector<std::uint64_t>& designs);

private:
    [[nodiscard]] Cost cost(std::uint64_t number);

    StageRun run_;
    std::vector<std::size_t> objectives_;
    ConstraintJudge judge_;
    std::map<std::uint64_t, std::uint64_t> numbers_;  ///< by design, which of the stage's it is
    std::map<std::uint64_t, Cost> known_;             ///< by that number
};

}  // namespace wagesim::sweep
