// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How a layer's weights stand in cells as a matrix: what its rows, columns and positions are. No storage.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/network/layer_geometry.hpp"

namespace wagesim::chip {

/// shared: fan-in rows (kh, kw, input channel) and output columns, read in both directions.
/// transposed: cells of its own for backward, read as forward does: what is driven are errors. Where windows overlap,
/// rows are (kh, kw, output channel) with taps rotated, and columns input channels; elsewhere rows are output channels,
/// and columns are (kh, kw, input channel).
enum class CellLayout : std::uint8_t { shared, transposed };

/// True where the windows of consecutive positions are the input's own bytes, one after the other: dense layers, and
/// 1 x 1 convolutions without stride or padding. Rows of the matrix then take disjoint inputs.
[[nodiscard]] bool windows_are_contiguous(const LayerGeometry& layer) noexcept;

/// A layer as a matrix in cells, and how often it is driven for one sample: height rows of width positions.
struct CellMatrix {
    std::size_t rows = 0, columns = 0;
    std::size_t height = 0, width = 0;

    [[nodiscard]] std::size_t positions() const noexcept { return height * width; }
};

[[nodiscard]] CellMatrix cell_matrix(const LayerGeometry& layer, CellLayout layout);

/// Rows first..end of one column, from codes in O, I, kh, kw order.
void gather_column(const LayerGeometry& layer, CellLayout layout, const std::int8_t* codes, std::size_t column,
                   std::size_t first, std::size_t end, std::int8_t* to);
/// The inverse for a whole column: its cells back into codes in O, I, kh, kw order.
void scatter_column(const LayerGeometry& layer, CellLayout layout, const std::int8_t* cells, std::size_t column,
                    std::int8_t* codes);

}  // namespace wagesim::chip
