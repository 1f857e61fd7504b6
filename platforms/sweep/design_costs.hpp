// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the designs that an optimiser has asked for cost, from the database.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "platforms/sweep/books.hpp"
#include "platforms/sweep/optimiser.hpp"

namespace wagesim::sweep {

class DesignCosts {
public:
    explicit DesignCosts(const StageRun& run) : run_(run) {}

    /// Whether the design is new; its points are the next ones of the stage then.
    bool add(std::uint64_t design);

    /// Of designs that were added and whose points have ended: the means over their seeds of each objective, negated
    /// where more is better; nothing where a point failed, lacks a figure, breaks a constraint or is excluded.
    [[nodiscard]] std::vector<Cost> of(const std::vector<std::uint64_t>& designs);

private:
    [[nodiscard]] Cost cost(std::uint64_t number) const;

    StageRun run_;
    std::map<std::uint64_t, std::uint64_t> numbers_;  ///< by design, which of the stage's it is
    std::map<std::uint64_t, Cost> known_;             ///< by that number
};

}  // namespace wagesim::sweep
