// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Voltage drops along the lines of one array, to first order in the lines' resistance: each cell conducts as if it were
// a smaller one (docs/modules/device.md has the derivation). Knows no cells' state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wagesim::chip {

/// Conductances of the cells of an array that a block uses, [polarity][column][row].
struct ArrayConductances {
    std::size_t rows = 0, columns = 0;
    std::vector<std::int32_t> cells;

    [[nodiscard]] std::int32_t* column(std::size_t polarity, std::size_t c) noexcept
    {
        return cells.data() + (polarity * columns + c) * rows;
    }
};

/// Replaces each conductance G(p, i, j) by rne(G max(0, 1 - resistance (A + B))): the sums of what shares the row's way
/// to its end (both polarities) and the column's (this polarity), each weighed by the segments shared, with
/// `resistance` of one segment in units of 1 / (one step of the integers).
void drop_along_lines(ArrayConductances& array, double resistance);

}  // namespace wagesim::chip
