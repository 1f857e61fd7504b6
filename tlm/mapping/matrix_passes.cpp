// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole columns of tiles where they fit, else rows of one column, else slices. See the header.
#include "tlm/mapping/matrix_passes.hpp"

#include <algorithm>
#include <cstdint>

#include "tlm/mac_partition/cell_layout.hpp"

namespace wagesim::chip {
namespace {

/// Magnitude bits of slices first .. first + count - 1.
std::uint8_t slice_mask(const CrossbarConfig& config, std::size_t first, std::size_t count)
{
    unsigned mask = 0;
    for (unsigned bit = 0; bit < 7; ++bit) {
        const std::size_t slice = bit / static_cast<unsigned>(config.cell_bits);
        if (slice >= first && slice < first + count) mask |= 1U << bit;
    }
    return static_cast<std::uint8_t>(mask);
}

}  // namespace

std::vector<MatrixPass> make_passes(const LayerPlan& layer, const MatrixPlacement& place, const CrossbarConfig& config,
                                    std::size_t arrays)
{
    const CellMatrix matrix = cell_matrix(layer.geometry, place.layout);
    const std::size_t rows = matrix.rows;
    const std::size_t columns = matrix.columns;
    const auto slices = static_cast<std::size_t>(place.slices);
    const std::size_t tiles = std::max<std::size_t>(1, arrays / slices);
    const std::size_t slices_at_once = std::min(slices, arrays);
    const bool whole_columns = tiles >= place.row_tiles;
    const std::size_t row_step = (whole_columns ? place.row_tiles : tiles) * extent(config.rows);
    const std::size_t column_step =
        (whole_columns ? std::min(place.column_tiles, tiles / place.row_tiles) : 1) * extent(config.columns);
    const bool disjoint_rows = windows_are_contiguous(layer.geometry);
    std::vector<MatrixPass> out;
    for (std::size_t column = 0; column < columns; column += column_step) {
        const std::size_t first_pass = out.size();
        for (std::size_t row = 0; row < rows; row += row_step) {
            for (std::size_t slice = 0; slice < slices; slice += slices_at_once) {
                MatrixPass pass;
                pass.block = {RowIndex(row), RowIndex(std::min(rows, row + row_step)), ColumnIndex(column),
                              ColumnIndex(std::min(columns, column + column_step))};
                if (slices_at_once < slices) pass.magnitude_mask = slice_mask(config, slice, slices_at_once);
                pass.first_of_columns = out.size() == first_pass;
                pass.last_of_columns = false;
                pass.first_of_rows = disjoint_rows ? column == 0 && slice == 0 : out.empty();
                pass.counts_macs = slice == 0;
                out.push_back(pass);
            }
        }
        out.back().last_of_columns = true;
    }
    return out;
}

}  // namespace wagesim::chip
