// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming of the cells. See the header.
#include "tlm/crossbar/crossbar_grid.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ref/numerics/integer.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"

namespace wagesim::chip {
namespace {

/// Cells below which a team of threads costs more than it saves.
constexpr std::size_t kSmallestShared = std::size_t{1} << 16;

std::size_t passes(std::size_t amount, std::size_t each)
{
    return (amount + each - 1) / each;
}

}  // namespace

CrossbarGrid::CrossbarGrid(const CrossbarConfig& config, std::size_t tiles, int weight_bits,
                           std::unique_ptr<CrossbarReader> reader, std::unique_ptr<DeviceArrays> devices)
    : config_(config),
      array_rows_(static_cast<std::size_t>(config.rows)),
      array_columns_(static_cast<std::size_t>(config.columns)),
      tiles_(tiles),
      code_limit_(numerics::max_code(weight_bits)),
      levels_(config.cell_bits),
      reader_(std::move(reader)),
      devices_(std::move(devices)),
      codes_(tiles * array_rows_ * array_columns_),
      wear_(tiles, static_cast<std::size_t>(weight_slices(config, weight_bits)), array_rows_, array_columns_)
{
}

std::size_t CrossbarGrid::tiles_of(const CellBlock& block) const noexcept
{
    return passes(block.rows(), array_rows_) * passes(block.columns(), array_columns_);
}

// A block with another number of row tiles sees the same arrays in another order. What they hold has to follow, or
// "which cells change" would be answered for the wrong cells.
void CrossbarGrid::rearrange(std::size_t row_tiles)
{
    if (row_tiles == row_tiles_) return;
    rearranged_.resize(codes_.size());
    const auto place = [this](std::size_t array, std::size_t column, std::size_t rows_of_tiles) {
        // The last, incomplete column of tiles keeps the arrays that are over, in the same order.
        const std::size_t first = array / rows_of_tiles * rows_of_tiles;
        const std::size_t there = std::min(rows_of_tiles, tiles_ - first);
        return (first * array_columns_ + column * there + (array - first)) * array_rows_;
    };
    for (std::size_t array = 0; array < tiles_; ++array) {
        for (std::size_t column = 0; column < array_columns_; ++column) {
            std::copy_n(codes_.data() + place(array, column, row_tiles_), array_rows_,
                        rearranged_.data() + place(array, column, row_tiles));
        }
    }
    codes_.swap(rearranged_);
    row_tiles_ = row_tiles;
}

CellChanges CrossbarGrid::program(const CellBlock& block, const ColumnSource& source, bool wears)
{
    if (tiles_of(block) > tiles_) {
        throw InvariantError("crossbar", "a block of " + std::to_string(tiles_of(block)) + " tiles for " +
                                             std::to_string(tiles_) + " arrays");
    }
    rearrange(passes(block.rows(), array_rows_));
    block_ = block;
    const std::size_t stride = row_tiles_ * array_rows_;
    row_cells_.assign(block.rows(), 0);
    column_cells_.assign(block.columns(), 0);
    const auto columns = static_cast<std::int64_t>(block.columns());
    CellChanges changes;
    CellPulses pulses;
    bool legal = true;
    std::vector<std::uint8_t> changed_rows(block.rows());
    // Cells of real devices take pulses whoever asks for them.
    if (wears || devices_) wear_.begin_programming(devices_ ? devices_->most_pulses() : 1);
    if (devices_) devices_->begin_block(block);
    const ColumnWriter::Target target{block.rows(), array_rows_, array_columns_,
                                      code_limit_,  &levels_,    devices_ || !wears ? nullptr : &wear_};
#pragma omp parallel if (block.cells() > kSmallestShared)
    {
        std::vector<std::int8_t> codes(block.rows());
        ColumnWriter writer(target);
        CellPulses here;
#pragma omp for schedule(static) nowait
        for (std::int64_t i = 0; i < columns; ++i) {
            const auto column = static_cast<std::size_t>(i);
            source(ColumnIndex(block.first_column.value() + column), codes.data());
            if (devices_) here += devices_->write_column(column, codes.data(), wear_);
            column_cells_[column] = writer.write(column, codes.data(), codes_.data() + column * stride);
        }
        writer.finish();
#pragma omp critical
        {
            changes += writer.changes();
            pulses += here;
            legal = legal && writer.legal();
            for (std::size_t row = 0; row < row_cells_.size(); ++row) {
                row_cells_[row] += writer.row_cells()[row];
                changed_rows[row] = static_cast<std::uint8_t>(changed_rows[row] | writer.changed_rows()[row]);
            }
        }
    }
    if (!legal) throw InvariantError("crossbar", "a weight code beyond N(kW)");
    for (std::size_t row = 0; row < std::min(array_rows_, block.rows()); ++row) {
        bool some = false;
        std::uint64_t rows = 0;  // of the block that have this place in an array
        for (std::size_t i = row; i < block.rows(); i += array_rows_, ++rows) some = some || changed_rows[i] != 0;
        changes.turns += some ? 1 : 0;
        changes.rows += some ? rows : 0;
    }
    if (devices_) {
        changes.set = pulses.set;
        changes.reset = pulses.reset;
        return changes;
    }
    reader_->programmed(cells());
    return changes;
}

const std::int8_t* CrossbarGrid::column(ColumnIndex column) const noexcept
{
    return codes_.data() + (column.value() - block_.first_column.value()) * row_tiles_ * array_rows_;
}

}  // namespace wagesim::chip
