// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The value of a sweep file's `sampling`.
#pragma once

#include "platforms/config/sweep_config.hpp"

namespace wagesim::config {

/// `node`: grid, {random: N}, {latin_hypercube: N} or {optimiser: ALGORITHM, population: N, generations: N}, all but
/// the grid with a seed if they like. Throws ConfigError.
[[nodiscard]] Sampling read_sampling(const DocumentNode& node);

}  // namespace wagesim::config
