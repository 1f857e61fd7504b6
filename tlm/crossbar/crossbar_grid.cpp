// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming of the cells. See the header.
#include "tlm/crossbar/crossbar_grid.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tlm/common/invariant.hpp"
#include "tlm/common/vector_clones.hpp"

namespace wagesim::chip {
namespace {

/// Cells below which a team of threads costs more than it saves.
constexpr std::size_t kSmallestShared = std::size_t{1} << 16;

std::size_t passes(std::size_t amount, std::size_t each)
{
    return (amount + each - 1) / each;
}

/// Copies `count` codes over the cells; returns what that changed.
CellChanges replace(const std::int8_t* codes, std::size_t count, const CellLevels& levels, std::int8_t* cells)
{
    // Counted in bytes first, a vector's worth of counters at a time; few codes change, and only they are looked at.
    constexpr std::size_t kRun = 128;
    CellChanges changes;
    for (std::size_t first = 0; first < count; first += kRun) {
        const std::size_t run = std::min(kRun, count - first);
        std::uint8_t of_run = 0;
        for (std::size_t i = first; i < first + run; ++i) {
            of_run = static_cast<std::uint8_t>(of_run + (codes[i] != cells[i] ? 1 : 0));
        }
        if (of_run == 0) continue;
        changes.codes += of_run;
        for (std::size_t i = first; i < first + run; ++i) {
            if (codes[i] != cells[i]) levels.count_changes(cells[i], codes[i], changes.set, changes.reset);
        }
    }
    std::copy_n(codes, count, cells);
    return changes;
}

/// Cells above level 0 of one column of codes -1, 0, 1: added to their rows', and in all.
WAGESIM_VECTOR_CLONES std::uint32_t count_ternary(const std::int8_t* codes, std::size_t rows, std::uint32_t* of_rows)
{
    std::uint32_t sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint32_t conducts = static_cast<std::uint32_t>(codes[row]) & 1U;  // of -1, too
        of_rows[row] += conducts;
        sum += conducts;
    }
    return sum;
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
    : config_(config),
      array_rows_(static_cast<std::size_t>(config.rows)),
      array_columns_(static_cast<std::size_t>(config.columns)),
      tiles_(tiles),
      code_limit_(code_limit),
      levels_(config.cell_bits),
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

CellChanges CrossbarGrid::program(const CellBlock& block, const ColumnSource& source)
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
    std::uint64_t set = 0;
    std::uint64_t reset = 0;
    bool legal = true;
#pragma omp parallel reduction(+ : changed, set, reset) reduction(&& : legal) if (block.cells() > kSmallestShared)
    {
        std::vector<std::int8_t> codes(block.rows());
        CellChanges changes;
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < columns; ++i) {
            const auto column = static_cast<std::size_t>(i);
            source(ColumnIndex(block.first_column.value() + column), codes.data());
            legal = legal && within(codes.data(), codes.size(), code_limit_);
            changes += replace(codes.data(), codes.size(), levels_, codes_.data() + column * stride);
        }
        changed += changes.codes;
        set += changes.set;
        reset += changes.reset;
    }
    if (!legal) throw InvariantError("crossbar", "a weight code beyond N(kW)");
    reader_->programmed(cells());
    count_cells();
    return {changed, set, reset};
}

void CrossbarGrid::count_cells()
{
    const std::size_t rows = block_.rows();
    row_cells_.assign(rows, 0);
    column_cells_.assign(block_.columns(), 0);
    const auto columns = static_cast<std::int64_t>(block_.columns());
#pragma omp parallel if (block_.cells() > kSmallestShared)
    {
        std::vector<std::uint32_t> of_rows(rows);
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < columns; ++i) {
            const std::int8_t* const codes = codes_.data() + static_cast<std::size_t>(i) * row_tiles_ * array_rows_;
            std::uint32_t sum = 0;
            if (code_limit_ == 1) {
                sum = count_ternary(codes, rows, of_rows.data());
            } else {
                for (std::size_t row = 0; row < rows; ++row) {
                    const std::uint32_t conducting = levels_.conducting(codes[row]);
                    of_rows[row] += conducting;
                    sum += conducting;
                }
            }
            column_cells_[static_cast<std::size_t>(i)] = sum;
        }
#pragma omp critical
        for (std::size_t row = 0; row < rows; ++row) row_cells_[row] += of_rows[row];
    }
}

const std::int8_t* CrossbarGrid::column(ColumnIndex column) const noexcept
{
    return codes_.data() + (column.value() - block_.first_column.value()) * row_tiles_ * array_rows_;
}

}  // namespace wagesim::chip
