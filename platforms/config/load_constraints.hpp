// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The value of a sweep file's `constraints`.
#pragma once

#include <vector>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::config {

/// `node`: a list of conditions (expression.hpp) on keys of the sweep's axes, whose values are numbers then, and on
/// figures of what its stages compute. Throws ConfigError.
[[nodiscard]] std::vector<Constraint> read_constraints(const DocumentNode& node, const SweepConfig& sweep);

}  // namespace wagesim::config
