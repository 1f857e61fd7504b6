// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming pulses that each single cell of a group of arrays has taken since it was made: what endurance is about.
// Counted in bytes while arrays are programmed, since every step visits every cell, and added up before bytes overflow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/crossbar_index.hpp"

namespace wagesim::chip {

class CellWear {
public:
    CellWear() = default;
    /// Of `arrays` stacks of `slices` arrays, all cells new.
    CellWear(std::size_t arrays, std::size_t slices, std::size_t rows, std::size_t columns);

    /// Before each programming of a block, in which a cell takes at most `pulses` of them.
    void begin_programming(std::size_t pulses);
    /// Where this programming adds the pulses of a column's cells, row after row, if a cell takes at most one.
    /// Different columns may be written at the same time.
    [[nodiscard]] std::uint8_t* recent(const CellColumn& at) noexcept { return recent_.data() + index(at); }
    /// The same for one cell, and for as many pulses as were said.
    void add(const CellColumn& at, std::size_t row, std::size_t pulses) noexcept
    {
        const std::size_t cell = index(at) + row;
        if (recent_[cell] + pulses <= kMostRecent) {
            recent_[cell] = static_cast<std::uint8_t>(recent_[cell] + pulses);
        } else {
            earlier_[cell] = saturated(earlier_[cell] + std::uint64_t{pulses});
        }
    }

    [[nodiscard]] std::size_t cells() const noexcept { return cells_; }
    [[nodiscard]] std::size_t slices() const noexcept { return slices_; }
    /// Pulses of one cell.
    [[nodiscard]] std::uint64_t pulses(const CellColumn& at, std::size_t row) const noexcept
    {
        return of(index(at) + row);
    }
    [[nodiscard]] std::uint64_t most() const noexcept;   ///< pulses of the cell that has taken most
    [[nodiscard]] std::uint64_t total() const noexcept;  ///< of all cells

    /// For a checkpoint: bytes a count (1, 2 or 4), then the counts of all cells, the first one lowest in its word.
    [[nodiscard]] std::vector<std::uint32_t> state() const;
    /// Throws std::invalid_argument where the state is of other cells.
    void restore(const std::vector<std::uint32_t>& state);

private:
    static constexpr std::size_t kMostRecent = 0xFF;

    [[nodiscard]] static constexpr std::uint32_t saturated(std::uint64_t count) noexcept
    {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, 0xFFFFFFFF));
    }
    [[nodiscard]] std::size_t index(const CellColumn& at) const noexcept
    {
        return (((at.array * slices_ + at.slice) * 2 + at.polarity) * columns_ + at.column) * rows_;
    }
    [[nodiscard]] std::uint64_t of(std::size_t cell) const noexcept
    {
        return std::uint64_t{recent_.empty() ? std::uint8_t{0} : recent_[cell]} +
               (earlier_.empty() ? 0 : earlier_[cell]);
    }
    void add_up();

    std::size_t cells_ = 0, slices_ = 1, rows_ = 0, columns_ = 0;
    std::size_t room_ = 0;                ///< pulses that the bytes still hold
    std::vector<std::uint8_t> recent_;    ///< since they were added up; empty before the first programming
    std::vector<std::uint32_t> earlier_;  ///< before; empty until then. Saturates at 2^32 - 1
};

}  // namespace wagesim::chip
