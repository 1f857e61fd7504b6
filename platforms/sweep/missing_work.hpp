// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a sweep lacks, for those who have others compute it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "platforms/sweep/plan.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::sweep {

/// What the first stage that lacks points lacks.
struct MissingWork {
    std::size_t stage = 0;
    std::vector<std::uint64_t> designs;  ///< of a stage after the first: those that it has kept
    std::vector<MissingPoint> points;    ///< empty: no stage lacks any
    std::uint64_t runs = 0;              ///< that they mean
    std::uint64_t failed = 0;            ///< points of that stage and of those before
};

/// The database is described as the sweep; where points are known, and what is excluded, is written down in it. The
/// sweep has no optimiser. `breathe` is called often, and may throw: what was written down is forgotten then. Throws
/// DataError.
[[nodiscard]] MissingWork find_missing(
    const SurveyedSweep& sweep, Database& database, const std::function<void()>& breathe = [] {});

/// `work` in `shares` shares.
[[nodiscard]] Plan make_plan(const SurveyedSweep& sweep, const MissingWork& work, std::uint64_t shares);

}  // namespace wagesim::sweep
