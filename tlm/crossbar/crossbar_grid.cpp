// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming of the cells. See the header.
#include "tlm/crossbar/crossbar_grid.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tlm/common/invariant.hpp"

namespace wagesim::chip {
namespace {

/// Cells below which a team of threads costs more than it saves.
constexpr std::size_t kSmallestShared = std::size_t{1} << 16;

std::size_t passes(std::size_t amount, std::size_t each)
{
    return (amount + each - 1) / each;
}

/// Copies `count` codes over the cells; returns how many differed.
std::uint64_t replace(const std::int8_t* codes, std::size_t count, std::int8_t* cells)
{
    // Counted in bytes first, a vector's worth of counters at a time.
    constexpr std::size_t kRun = 128;
    std::uint64_t changed = 0;
    for (std::size_t first = 0; first < count; first += kRun) {
        const std::size_t run = std::min(kRun, count - first);
        std::uint8_t of_run = 0;
        for (std::size_t i = first; i < first + run; ++i) {
            of_run = static_cast<std::uint8_t>(of_run + (codes[i] != cells[i] ? 1 : 0));
        }
        changed += of_run;
    }
    std::copy_n(codes, count, cells);
    return changed;
}

bool within(const std::int8_t* codes, std::size_t count, std::int64_t limit)
{
    std::int8_t least = 0;
    std::int8_t largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        least = std::min(least, codes[i]);
        largest = std::max(largest, codes[i]);
    }
    return largest <= limit && least >= -limit;
}

}  // namespace

CrossbarGrid::CrossbarGrid(const CrossbarConfig& config, std::size_t tiles, std::int64_t code_limit,
                           std::unique_ptr<CrossbarReader> reader)
    : array_rows_(static_cast<std::size_t>(config.rows)),
      array_columns_(static_cast<std::size_t>(config.columns)),
      tiles_(tiles),
      code_limit_(code_limit),
      reader_(std::move(reader)),
      codes_(tiles * array_rows_ * array_columns_)
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

std::uint64_t CrossbarGrid::program(const CellBlock& block, const ColumnSource& source)
{
    if (tiles_of(block) > tiles_) {
        throw InvariantError("crossbar", "a block of " + std::to_string(tiles_of(block)) + " tiles for " +
                                             std::to_string(tiles_) + " arrays");
    }
    rearrange(passes(block.rows(), array_rows_));
    block_ = block;
    const std::size_t stride = row_tiles_ * array_rows_;
    const auto columns = static_cast<std::int64_t>(block.columns());
    std::uint64_t changed = 0;
    bool legal = true;
#pragma omp parallel reduction(+ : changed) reduction(&& : legal) if (block.cells() > kSmallestShared)
    {
        std::vector<std::int8_t> codes(block.rows());
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < columns; ++i) {
            const auto column = static_cast<std::size_t>(i);
            source(ColumnIndex(block.first_column.value() + column), codes.data());
            legal = legal && within(codes.data(), codes.size(), code_limit_);
            changed += replace(codes.data(), codes.size(), codes_.data() + column * stride);
        }
    }
    if (!legal) throw InvariantError("crossbar", "a weight code beyond N(kW)");
    reader_->programmed(cells());
    return changed;
}

const std::int8_t* CrossbarGrid::column(ColumnIndex column) const noexcept
{
    return codes_.data() + (column.value() - block_.first_column.value()) * row_tiles_ * array_rows_;
}

}  // namespace wagesim::chip
