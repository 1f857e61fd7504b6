// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What programming has done to the single cells of a group of partitions since the chip was made, as plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wagesim::chip {

/// Pulses by place: the group's matrix of weights as it stands in the arrays, cut into bins of neighbouring weights.
/// Row-major. Of all single cells of a weight (slices, polarities) in all copies.
struct WearMap {
    std::size_t rows = 0, columns = 0;          ///< weights
    std::size_t bin_rows = 0, bin_columns = 0;  ///< bins along each axis, at most WearMap::kMostBins
    std::vector<std::uint64_t> most;            ///< of a bin's single cells
    std::vector<std::uint64_t> total;           ///< of all its single cells
    std::vector<std::uint64_t> cells;           ///< how many these are

    static constexpr std::size_t kMostBins = 32;
};

enum class WearDetail { sums, maps };

struct GroupWear {
    std::string unit;
    std::vector<std::size_t> layers;  ///< whose weights stand in these cells
    bool resident = true;             ///< else these layers take turns
    bool transposed = false;          ///< cells of their own for one layer's backward
    std::uint64_t cells = 0;          ///< single ones that hold weights, in all copies
    bool counted = false;             ///< false without data: the pulses below mean nothing
    std::uint64_t total = 0;          ///< pulses of all
    std::uint64_t most = 0;           ///< pulses of the cell that has taken most
    WearMap map;                      ///< empty unless asked for
};

}  // namespace wagesim::chip
