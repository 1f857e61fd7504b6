// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is looked at before any point of a sweep runs: whether the points are legal runs at all.
#pragma once

#include <cstdint>
#include <vector>

#include "platforms/sweep/point_resolver.hpp"

namespace wagesim::sweep {

/// Up to here every point is checked before the first one runs; of larger grids every value of every axis.
inline constexpr std::uint64_t kMostSurveyed = 10'000;

/// Identities of all points, in order; none of a grid of more than kMostSurveyed points. Throws ConfigError for the
/// first point that is no legal run, DataError for data files that cannot be read.
[[nodiscard]] std::vector<Identity> survey(const GridSource& grid, PointResolver& resolver);

}  // namespace wagesim::sweep
