// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Columns of cells take new codes: what changes and what conducts afterwards is counted in the same pass, since a step
// programs every cell that an update may touch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/cell_levels.hpp"
#include "tlm/crossbar/cell_wear.hpp"

namespace wagesim::chip {

/// What programming cells did.
struct CellChanges {
    std::uint64_t codes = 0;  ///< cell pairs, with all of their slices, whose code changed
    std::uint64_t set = 0;    ///< single cells that went to a higher level
    std::uint64_t reset = 0;  ///< single cells that went to a lower one
    std::uint64_t rows = 0;   ///< of the block, in arrays one of which changes in that row
    std::uint64_t turns = 0;  ///< rows of an array in which some array changes: programmed one after the other
    /// Of other cells that are programmed at the same time: not rows and turns.
    CellChanges& operator+=(const CellChanges& other) noexcept
    {
        codes += other.codes;
        set += other.set;
        reset += other.reset;
        return *this;
    }
};

class ColumnWriter {
public:
    /// What columns of a block are written into; all of it outlives the writer.
    struct Target {
        std::size_t rows = 0;                           ///< of the block
        std::size_t array_rows = 1, array_columns = 1;  ///< row tile r of column c is in array c's * row tiles + r
        std::int64_t limit = 1;                         ///< of codes
        const CellLevels* levels = nullptr;
        CellWear* wear = nullptr;  ///< nullptr: counted by somebody else
    };
    explicit ColumnWriter(const Target& target);

    /// Replaces the cells of the block's column `column` by `codes`; returns how many cells are above level 0
    /// afterwards.
    std::uint32_t write(std::size_t column, const std::int8_t* codes, std::int8_t* cells);
    /// To be called after the last column, before the results are read.
    void finish();

    /// False after a code beyond the limit; the counts then mean nothing.
    [[nodiscard]] bool legal() const noexcept { return legal_; }
    [[nodiscard]] const CellChanges& changes() const noexcept { return changes_; }
    /// 1 for each row in which a code changed.
    [[nodiscard]] const std::vector<std::uint8_t>& changed_rows() const noexcept { return changed_rows_; }
    /// Cells above level 0 of each row, over the columns written.
    [[nodiscard]] const std::vector<std::uint32_t>& row_cells() const noexcept { return row_cells_; }

private:
    std::uint32_t write_any(const std::int8_t* codes, std::int8_t* cells);
    /// Visits what a column has in each array: visit(place of polarity 0 in slice 0, first row, rows).
    template <class Visitor>
    void for_each_tile(std::size_t column, const Visitor& visit) const;
    void wear_ternary(std::size_t column, const std::int8_t* codes, const std::int8_t* cells);
    void wear_any(std::size_t column, const std::int8_t* codes, const std::int8_t* cells);

    Target target_;
    std::size_t columns_ = 0;                                                 ///< since the bytes were added up
    std::vector<std::uint8_t> conducting_, changed_, set_, reset_, illegal_;  ///< of each row
    std::vector<std::uint8_t> changed_rows_;
    std::vector<std::uint32_t> row_cells_;
    CellChanges changes_;
    bool legal_ = true;
};

}  // namespace wagesim::chip
