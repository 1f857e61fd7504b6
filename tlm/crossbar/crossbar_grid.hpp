// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The cells of a group of crossbar arrays: what they hold, which of them change, and what reading them gives, which an
// injected reader computes at its fidelity. Knows no layer and no time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "tlm/crossbar/cell_levels.hpp"
#include "tlm/crossbar/column_writer.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/device/device_arrays.hpp"

namespace wagesim::chip {

class CrossbarGrid {
public:
    /// Writes the codes of one matrix column, in row order, to the given place. Called from several threads at once.
    using ColumnSource = std::function<void(ColumnIndex, std::int8_t*)>;

    /// `tiles` arrays (or, with kW > 2, stacks of slice arrays), erased to code 0. `weight_bits` is kW. `devices`, as
    /// many arrays, are what cells are really like: they take the reader's place.
    CrossbarGrid(const CrossbarConfig& config, std::size_t tiles, int weight_bits,
                 std::unique_ptr<CrossbarReader> reader, std::unique_ptr<DeviceArrays> devices = nullptr);

    /// Row tiles x column tiles that a block takes.
    [[nodiscard]] std::size_t tiles_of(const CellBlock& block) const noexcept;

    /// Puts a block's codes into the cells, tile (r, c) into array c * row tiles + r.
    /// Throws InvariantError for a block that has more tiles than the grid, or a code beyond the limit. With devices,
    /// set and reset are pulses. Ideal cells are worn by it unless said otherwise.
    CellChanges program(const CellBlock& block, const ColumnSource& source, bool wears = true);

    /// Cells of each of the block's rows and columns that hold more than level 0, over all slices and both polarities.
    [[nodiscard]] const std::vector<std::uint32_t>& row_cells() const noexcept { return row_cells_; }
    [[nodiscard]] const std::vector<std::uint32_t>& column_cells() const noexcept { return column_cells_; }

    [[nodiscard]] const CrossbarConfig& config() const noexcept { return config_; }
    [[nodiscard]] const CellBlock& block() const noexcept { return block_; }
    /// The codes of one of the block's columns, in row order.
    [[nodiscard]] const std::int8_t* column(ColumnIndex column) const noexcept;

    /// As CrossbarReader's, with the block's cells. `place` is what noise is drawn by.
    void forward(const ConstMatrix& inputs, int bits, const MutableMatrix& sums, bool accumulate,
                 const ReadPlace& place = {}) const
    {
        if (devices_) return devices_->forward(inputs, bits, sums, accumulate, place);
        reader_->forward(cells(), inputs, bits, sums, accumulate);
    }
    void backward(const ConstMatrix& errors, int bits, const MutableMatrix& sums, bool accumulate,
                  const ReadPlace& place = {}) const
    {
        if (devices_) return devices_->backward(errors, bits, sums, accumulate, place);
        reader_->backward(cells(), errors, bits, sums, accumulate);
    }

    /// What programming has done to the single cells.
    [[nodiscard]] const CellWear& wear() const noexcept { return wear_; }
    /// Rows and columns of weights that all arrays together hold as they are arranged now, the incomplete last column
    /// of tiles left out.
    [[nodiscard]] std::size_t arranged_rows() const noexcept { return row_tiles_ * array_rows_; }
    [[nodiscard]] std::size_t arranged_columns() const noexcept { return tiles_ / row_tiles_ * array_columns_; }
    /// Calls visit(pulses) for each single cell of the weight there.
    template <class Visitor>
    void for_each_cell(std::size_t row, std::size_t column, const Visitor& visit) const
    {
        CellColumn at;
        at.array = column / array_columns_ * row_tiles_ + row / array_rows_;
        at.column = column % array_columns_;
        for (at.slice = 0; at.slice < wear_.slices(); ++at.slice) {
            for (at.polarity = 0; at.polarity < 2; ++at.polarity) visit(wear_.pulses(at, row % array_rows_));
        }
    }
    /// Goes on with cells that earlier programming has worn. Throws std::invalid_argument where it is of other cells.
    void restore_wear(const std::vector<std::uint32_t>& state) { wear_.restore(state); }

    /// Null where devices are ideal.
    [[nodiscard]] DeviceArrays* devices() const noexcept { return devices_.get(); }

private:
    [[nodiscard]] CellView cells() const noexcept
    {
        return {codes_.data(), block_.rows(), block_.columns(), row_tiles_ * array_rows_, code_limit_};
    }
    void rearrange(std::size_t row_tiles);

    CrossbarConfig config_;
    std::size_t array_rows_;
    std::size_t array_columns_;
    std::size_t tiles_;
    std::int64_t code_limit_;
    CellLevels levels_;
    std::unique_ptr<CrossbarReader> reader_;
    std::unique_ptr<DeviceArrays> devices_;
    CellBlock block_;
    std::size_t row_tiles_ = 1;  ///< of the present arrangement
    /// Column after column, each of row_tiles_ x array_rows_ cells, so that a block is one matrix whatever its tiles.
    std::vector<std::int8_t> codes_;
    std::vector<std::int8_t> rearranged_;
    std::vector<std::uint32_t> row_cells_, column_cells_;
    CellWear wear_;
};

}  // namespace wagesim::chip
