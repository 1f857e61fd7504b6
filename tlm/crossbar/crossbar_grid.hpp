// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The cells of a group of crossbar arrays and what reading them gives: exact tile sums, added over the tiles. This is
// fidelity `functional`: a cell pair holds its signed code, whatever slices it is made of. Knows no layer and no time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/crossbar_index.hpp"

namespace wagesim::chip {

class CrossbarGrid {
public:
    /// Writes the codes of one matrix column, in row order, to the given place. Called from several threads at once.
    using ColumnSource = std::function<void(ColumnIndex, std::int8_t*)>;

    /// `tiles` arrays (or, with kW > 2, stacks of slice arrays), erased to code 0. `code_limit` is N(kW).
    CrossbarGrid(const CrossbarConfig& config, std::size_t tiles, std::int64_t code_limit);

    /// Row tiles x column tiles that a block takes.
    [[nodiscard]] std::size_t tiles_of(const CellBlock& block) const noexcept;

    /// Puts a block's codes into the cells, tile (r, c) into array c * row tiles + r; returns how many cells changed.
    /// Throws InvariantError for a block that has more tiles than the grid, or a code beyond the limit.
    std::uint64_t program(const CellBlock& block, const ColumnSource& source);

    [[nodiscard]] const CellBlock& block() const noexcept { return block_; }
    /// The codes of one of the block's columns, in row order.
    [[nodiscard]] const std::int8_t* column(ColumnIndex column) const noexcept;

    /// sums (positions x columns) = inputs (positions x rows) times the cells; added to the sums that are there with
    /// `accumulate`. Safe to call from several threads at once.
    void forward(const ConstMatrix& inputs, const MutableMatrix& sums, bool accumulate) const;
    /// sums (positions x rows) = errors (positions x columns) times the transposed cells; likewise.
    void backward(const ConstMatrix& errors, const MutableMatrix& sums, bool accumulate) const;

private:
    void rearrange(std::size_t row_tiles);

    std::size_t array_rows_;
    std::size_t array_columns_;
    std::size_t tiles_;
    std::int64_t code_limit_;
    CellBlock block_;
    std::size_t row_tiles_ = 1;  ///< of the present arrangement
    /// Column after column, each of row_tiles_ x array_rows_ cells, so that a block is one matrix whatever its tiles.
    std::vector<std::int8_t> codes_;
    std::vector<std::int8_t> rearranged_;
};

}  // namespace wagesim::chip
