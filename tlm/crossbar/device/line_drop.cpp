// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The sums of sum_k G(k) (min(i, k) + 1) for all i of a line take two passes: over what lies beyond each segment, then
// along the segments. See the header.
#include "tlm/crossbar/device/line_drop.hpp"

#include <algorithm>
#include <cmath>

namespace wagesim::chip {
namespace {

/// currents[k] becomes sum over k' of currents[k'] (min(k, k') + 1).
void share_segments(std::vector<std::int64_t>& currents)
{
    for (std::size_t k = currents.size(); k-- > 1;) currents[k - 1] += currents[k];
    for (std::size_t k = 1; k < currents.size(); ++k) currents[k] += currents[k - 1];
}

}  // namespace

void drop_along_lines(ArrayConductances& array, double resistance)
{
    std::vector<std::int64_t> of_rows(array.rows * array.columns);
    std::vector<std::int64_t> line(array.columns);
    for (std::size_t row = 0; row < array.rows; ++row) {
        for (std::size_t c = 0; c < array.columns; ++c) {
            line[c] = std::int64_t{array.column(0, c)[row]} + array.column(1, c)[row];
        }
        share_segments(line);
        for (std::size_t c = 0; c < array.columns; ++c) of_rows[c * array.rows + row] = line[c];
    }
    for (std::size_t polarity = 0; polarity < 2; ++polarity) {
        for (std::size_t c = 0; c < array.columns; ++c) {
            std::int32_t* const column = array.column(polarity, c);
            line.assign(column, column + array.rows);
            share_segments(line);
            for (std::size_t row = 0; row < array.rows; ++row) {
                const auto shared = static_cast<double>(line[row] + of_rows[c * array.rows + row]);
                const double part = std::max(0.0, 1.0 - resistance * shared);
                column[row] = static_cast<std::int32_t>(std::nearbyint(column[row] * part));
            }
        }
    }
}

}  // namespace wagesim::chip
