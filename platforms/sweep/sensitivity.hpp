// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How much each variable decides of each objective.
#pragma once

#include <optional>
#include <vector>

#include "platforms/sweep/summary.hpp"

namespace wagesim::sweep {

/// One variable's effect on one objective, among the designs that compete.
struct Sensitivity {
    std::size_t variable = 0;  ///< in Summary::variables
    std::size_t objective = 0;
    /// Part of the objective's variance that lies between the variable's values: 0 (decides nothing) to 1 (everything).
    /// The correlation ratio; on a whole grid the first-order index of Sobol' (1993). None where the objective does not
    /// vary.
    std::optional<double> share;
    /// The least and the most of the objective's means over the designs of each value.
    double least = 0.0;
    double most = 0.0;
    std::size_t values = 0;  ///< that occur
};

/// Of every variable that takes more than one value and every objective, variables by variables.
[[nodiscard]] std::vector<Sensitivity> find_sensitivities(const Summary& summary);

}  // namespace wagesim::sweep
