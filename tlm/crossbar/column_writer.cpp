// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rows are counted in bytes of their own, so that no loop has to add across a vector; a few columns fit before they
// have to be added up.
#include "tlm/crossbar/column_writer.hpp"

#include <algorithm>
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

std::uint64_t take(std::vector<std::uint8_t>& counts)
{
    const std::uint64_t sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    std::fill(counts.begin(), counts.end(), std::uint8_t{0});
    return sum;
}

}  // namespace

ColumnWriter::ColumnWriter(std::size_t rows, std::int64_t limit, const CellLevels& levels)
    : limit_(limit),
      levels_(&levels),
      conducting_(rows),
      changed_(rows),
      set_(rows),
      reset_(rows),
      illegal_(rows),
      row_cells_(rows)
{
}

std::uint32_t ColumnWriter::write(const std::int8_t* codes, std::int8_t* cells)
{
    if (columns_ == kColumns) finish();
    ++columns_;
    return limit_ == 1 ? write_ternary(codes, cells) : write_any(codes, cells);
}

std::uint32_t ColumnWriter::write_ternary(const std::int8_t* codes, std::int8_t* cells)
{
    replace_ternary(codes, row_cells_.size(), cells, changed_.data(), set_.data(), reset_.data(), illegal_.data());
    return count_ternary(codes, row_cells_.size(), conducting_.data());
}

std::uint32_t ColumnWriter::write_any(const std::int8_t* codes, std::int8_t* cells)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < row_cells_.size(); ++i) {
        legal_ = legal_ && codes[i] <= limit_ && codes[i] >= -limit_;
        const std::uint32_t conducting = levels_->conducting(codes[i]);
        sum += conducting;
        conducting_[i] = static_cast<std::uint8_t>(conducting_[i] + conducting);
        if (codes[i] == cells[i]) continue;
        ++changes_.codes;
        levels_->count_changes(cells[i], codes[i], changes_.set, changes_.reset);
        cells[i] = codes[i];
    }
    return sum;
}

void ColumnWriter::finish()
{
    for (std::size_t row = 0; row < row_cells_.size(); ++row) row_cells_[row] += conducting_[row];
    std::fill(conducting_.begin(), conducting_.end(), std::uint8_t{0});
    changes_ += {take(changed_), take(set_), take(reset_)};
    legal_ = legal_ && take(illegal_) == 0;
    columns_ = 0;
}

}  // namespace wagesim::chip
