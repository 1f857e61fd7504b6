// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rows are counted in bytes of their own, so that no loop has to add across a vector; a few columns fit before they
// have to be added up.
#include "tlm/crossbar/column_writer.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "tlm/common/vector_clones.hpp"

namespace wagesim::chip {
namespace {

/// Columns that a row's bytes hold: at most 8 slices each.
constexpr std::size_t kColumns = 31;

/// Codes -1, 0, 1: one cell holds all of such a code, and the sign says which.
WAGESIM_VECTOR_CLONES void replace_ternary(const std::int8_t* __restrict__ codes, std::size_t count,
                                           std::int8_t* __restrict__ cells, std::uint8_t* __restrict__ changed,
                                           std::uint8_t* __restrict__ set, std::uint8_t* __restrict__ reset,
                                           std::uint8_t* __restrict__ illegal)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto after = static_cast<std::uint8_t>(codes[i]);
        const auto before = static_cast<std::uint8_t>(cells[i]);
        const std::uint8_t differs = after != before ? 1 : 0;
        changed[i] = static_cast<std::uint8_t>(changed[i] + differs);
        set[i] = static_cast<std::uint8_t>(set[i] + (differs & after));  // bit 0 of -1 is 1, too
        reset[i] = static_cast<std::uint8_t>(reset[i] + (differs & before));
        illegal[i] = static_cast<std::uint8_t>(illegal[i] | (static_cast<std::uint8_t>(after + 1U) > 2U ? 1U : 0U));
        cells[i] = codes[i];
    }
}

/// conducting[i] += 1 where a code is not 0; returns how many are not.
WAGESIM_VECTOR_CLONES std::uint32_t count_ternary(const std::int8_t* __restrict__ codes, std::size_t count,
                                                  std::uint8_t* __restrict__ conducting)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto conducts = static_cast<std::uint8_t>(static_cast<std::uint8_t>(codes[i]) & 1U);
        conducting[i] = static_cast<std::uint8_t>(conducting[i] + conducts);
        sum += conducts;
    }
    return sum;
}

/// A cell of either polarity takes a pulse where it comes to hold its code, or holds it no longer.
WAGESIM_VECTOR_CLONES void wear_of_ternary(const std::int8_t* __restrict__ codes, std::size_t count,
                                           const std::int8_t* __restrict__ cells, std::uint8_t* __restrict__ positive,
                                           std::uint8_t* __restrict__ negative)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto after = static_cast<std::uint8_t>(codes[i]);
        const auto before = static_cast<std::uint8_t>(cells[i]);
        // Bit 7 is set in -1 alone, bit 0 in both 1 and -1.
        const auto below = static_cast<std::uint8_t>((after ^ before) >> 7U);
        const auto either = static_cast<std::uint8_t>((after ^ before) & 1U);
        negative[i] = static_cast<std::uint8_t>(negative[i] + below);
        positive[i] = static_cast<std::uint8_t>(positive[i] + (either ^ below));
    }
}

std::uint64_t take(std::vector<std::uint8_t>& counts)
{
    const std::uint64_t sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    std::fill(counts.begin(), counts.end(), std::uint8_t{0});
    return sum;
}

}  // namespace

ColumnWriter::ColumnWriter(const Target& target)
    : target_(target),
      conducting_(target.rows),
      changed_(target.rows),
      set_(target.rows),
      reset_(target.rows),
      illegal_(target.rows),
      changed_rows_(target.rows),
      row_cells_(target.rows)
{
}

std::uint32_t ColumnWriter::write(std::size_t column, const std::int8_t* codes, std::int8_t* cells)
{
    if (columns_ == kColumns) finish();
    ++columns_;
    if (target_.limit == 1) {
        if (target_.wear != nullptr) wear_ternary(column, codes, cells);
        replace_ternary(codes, row_cells_.size(), cells, changed_.data(), set_.data(), reset_.data(), illegal_.data());
        return count_ternary(codes, row_cells_.size(), conducting_.data());
    }
    if (target_.wear != nullptr) wear_any(column, codes, cells);
    return write_any(codes, cells);
}

template <class Visitor>
void ColumnWriter::for_each_tile(std::size_t column, const Visitor& visit) const
{
    const std::size_t tiles = (target_.rows + target_.array_rows - 1) / target_.array_rows;
    CellColumn at;
    at.array = column / target_.array_columns * tiles;
    at.column = column % target_.array_columns;
    for (std::size_t first = 0; first < target_.rows; first += target_.array_rows, ++at.array) {
        visit(at, first, std::min(target_.array_rows, target_.rows - first));
    }
}

void ColumnWriter::wear_ternary(std::size_t column, const std::int8_t* codes, const std::int8_t* cells)
{
    for_each_tile(column, [&](const CellColumn& positive, std::size_t first, std::size_t rows) {
        if (std::memcmp(codes + first, cells + first, rows) == 0) return;
        CellColumn negative = positive;
        negative.polarity = 1;
        wear_of_ternary(codes + first, rows, cells + first, target_.wear->recent(positive),
                        target_.wear->recent(negative));
    });
}

void ColumnWriter::wear_any(std::size_t column, const std::int8_t* codes, const std::int8_t* cells)
{
    for_each_tile(column, [&](CellColumn at, std::size_t first, std::size_t rows) {
        for (std::size_t row = 0; row < rows; ++row) {
            const std::int8_t before = cells[first + row];
            const std::int8_t after = codes[first + row];
            if (before == after || after > target_.limit || after < -target_.limit) continue;
            target_.levels->for_each_change(before, after, [&](std::size_t slice, std::size_t polarity) {
                at.slice = slice;
                at.polarity = polarity;
                target_.wear->add(at, row, 1);
            });
        }
    });
}

std::uint32_t ColumnWriter::write_any(const std::int8_t* codes, std::int8_t* cells)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < row_cells_.size(); ++i) {
        legal_ = legal_ && codes[i] <= target_.limit && codes[i] >= -target_.limit;
        const std::uint32_t conducting = target_.levels->conducting(codes[i]);
        sum += conducting;
        conducting_[i] = static_cast<std::uint8_t>(conducting_[i] + conducting);
        if (codes[i] == cells[i]) continue;
        ++changes_.codes;
        changed_rows_[i] = 1;
        target_.levels->count_changes(cells[i], codes[i], changes_.set, changes_.reset);
        cells[i] = codes[i];
    }
    return sum;
}

void ColumnWriter::finish()
{
    for (std::size_t row = 0; row < row_cells_.size(); ++row) row_cells_[row] += conducting_[row];
    std::fill(conducting_.begin(), conducting_.end(), std::uint8_t{0});
    for (std::size_t row = 0; row < changed_.size(); ++row) {
        changed_rows_[row] = static_cast<std::uint8_t>(changed_rows_[row] | (changed_[row] > 0 ? 1U : 0U));
    }
    CellChanges here;
    here.codes = take(changed_);
    here.set = take(set_);
    here.reset = take(reset_);
    changes_ += here;
    legal_ = legal_ && take(illegal_) == 0;
    columns_ = 0;
}

}  // namespace wagesim::chip
