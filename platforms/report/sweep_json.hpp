// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep's database as the data of the explorer page: its description and, column by column, all points.
// docs/report.md has the format.
#pragma once

#include <cstddef>
#include <string>

#include "platforms/report/json.hpp"

namespace wagesim::report {

/// Points that a page holds; it is slow to open and to draw with more.
inline constexpr std::size_t kMostDrawn = 100'000;

/// {name, file, stages, constraints, variables, figures, points, points_in_all, states, state, stage, front, errors,
/// folders, details}. Reads the database alone. Of more than `most` points the Pareto front is kept, and of the others
/// so many at even distances. Throws DataError for what is no database of a sweep, or a corrupt one.
[[nodiscard]] Json sweep_json(const std::string& file, std::size_t most = kMostDrawn);

}  // namespace wagesim::report
