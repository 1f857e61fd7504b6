// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/crossbar/cell_wear.hpp"

#include <algorithm>
#include <stdexcept>

namespace wagesim::chip {

CellWear::CellWear(std::size_t arrays, std::size_t slices, std::size_t rows, std::size_t columns)
    : cells_(arrays * slices * 2 * rows * columns), slices_(slices), rows_(rows), columns_(columns), room_(kMostRecent)
{
}

void CellWear::begin_programming(std::size_t pulses)
{
    if (recent_.empty()) recent_.resize(cells_);
    if (pulses > room_) add_up();
    room_ -= std::min(room_, pulses);
}

void CellWear::add_up()
{
    earlier_.resize(cells_);
    for (std::size_t cell = 0; cell < cells_; ++cell) earlier_[cell] = saturated(of(cell));
    std::fill(recent_.begin(), recent_.end(), std::uint8_t{0});
    room_ = kMostRecent;
}

std::uint64_t CellWear::most() const noexcept
{
    std::uint64_t most = 0;
    for (std::size_t cell = 0; cell < cells_; ++cell) most = std::max(most, of(cell));
    return most;
}

std::uint64_t CellWear::total() const noexcept
{
    std::uint64_t sum = 0;
    for (std::size_t cell = 0; cell < cells_; ++cell) sum += of(cell);
    return sum;
}

std::vector<std::uint32_t> CellWear::state() const
{
    const std::uint64_t largest = most();
    const std::size_t bytes = largest <= 0xFF ? 1 : largest <= 0xFFFF ? 2 : 4;
    const std::size_t a_word = sizeof(std::uint32_t) / bytes;
    std::vector<std::uint32_t> out(1 + (cells_ + a_word - 1) / a_word);
    out[0] = static_cast<std::uint32_t>(bytes);
    for (std::size_t cell = 0; cell < cells_; ++cell) {
        out[1 + cell / a_word] |= saturated(of(cell)) << (8 * bytes * (cell % a_word));
    }
    return out;
}

void CellWear::restore(const std::vector<std::uint32_t>& state)
{
    const std::size_t bytes = state.empty() ? 0 : state[0];
    if (bytes != 1 && bytes != 2 && bytes != 4) throw std::invalid_argument("wear of cells in counts of no known size");
    const std::size_t a_word = sizeof(std::uint32_t) / bytes;
    if (state.size() != 1 + (cells_ + a_word - 1) / a_word) {
        throw std::invalid_argument("wear of another number of cells");
    }
    earlier_.resize(cells_);
    for (std::size_t cell = 0; cell < cells_; ++cell) {
        const std::uint64_t word = state[1 + cell / a_word] >> (8 * bytes * (cell % a_word));
        earlier_[cell] = static_cast<std::uint32_t>(word & ((std::uint64_t{1} << (8 * bytes)) - 1));
    }
    std::fill(recent_.begin(), recent_.end(), std::uint8_t{0});
    room_ = kMostRecent;
}

}  // namespace wagesim::chip
