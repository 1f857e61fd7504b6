// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points of a sweep are computed by several machines, and who computes which: a file that is written once, by who
// knows what is missing, and read by those who compute and know nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wagesim::sweep {

struct Plan {
    std::string sweep;        ///< its name
    std::string fingerprint;  ///< of the sweep (survey.hpp)
    std::size_t stage = 0;
    std::vector<std::uint64_t> designs;  ///< of a stage after the first: those that it has kept
    /// Indices in the stage. Points that mean the same run are in the same share.
    std::vector<std::vector<std::uint64_t>> shares;
};

/// A point that is missing, and which of the runs it means, counted from 0 in the order in which they come.
struct MissingPoint {
    std::uint64_t index;
    std::uint64_t run;
};

/// `shares` shares that differ by at most one run in their number of runs; neighbours are in different shares, since
/// how long points take often changes slowly along an axis.
[[nodiscard]] std::vector<std::vector<std::uint64_t>> split(const std::vector<MissingPoint>& points,
                                                            std::uint64_t shares);

/// One JSON object.
[[nodiscard]] std::string plan_text(const Plan& plan);
/// Throws DataError for a text that is no plan; `file` is for its message.
[[nodiscard]] Plan parse_plan(const std::string& text, const std::string& file);

}  // namespace wagesim::sweep
