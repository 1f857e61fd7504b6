// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Codes to planes, one read line's group of driven lines at a time: magnitude bits are cut into slices, slices into the
// bits of a cell, and the sign decides which cell of the pair has them.
#include "tlm/crossbar/cell_planes.hpp"

#include <algorithm>

namespace wagesim::chip {

LineTiling::LineTiling(const CrossbarConfig& config, ReadDirection direction, std::size_t driven_lines,
                       std::size_t read_lines) noexcept
    : driven(driven_lines), read(read_lines)
{
    const bool forward = direction == ReadDirection::forward;
    driven_array = static_cast<std::size_t>(forward ? config.rows : config.columns);
    read_array = static_cast<std::size_t>(forward ? config.columns : config.rows);
    active = std::min(driven_array, static_cast<std::size_t>(config.active_lines));
}

CellPlanes::CellPlanes(const CrossbarConfig& config, int slices, ReadDirection direction)
    : config_(config), slices_(static_cast<std::size_t>(slices)), direction_(direction)
{
}

/// Of the largest group of an array; all have this much room.
std::size_t CellPlanes::group_words() const noexcept
{
    const std::size_t lines = std::min(tiling_.read_array, tiling_.read);
    return static_cast<std::size_t>(config_.cell_bits) * 2 * words_of(std::min(tiling_.active, tiling_.driven)) *
           padded_lines(lines);
}

ArrayPlanes CellPlanes::array(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                              std::size_t group) const noexcept
{
    // Arrays that are read into the same sums lie side by side.
    const std::size_t groups = tiling_.groups(0);
    const std::size_t index = ((read_tile * slices_ + slice) * tiling_.driven_tiles() + driven_tile) * groups + group;
    return {planes_.data() + index * group_words(), config_.cell_bits,
            words_of(tiling_.group_lines(driven_tile, group)), padded_lines(tiling_.read_lines(read_tile))};
}

void CellPlanes::place(std::size_t driven_tile, std::size_t group, std::size_t read_line, const std::int8_t* codes,
                       std::vector<std::uint32_t>& bits)
{
    const std::size_t read_tile = read_line / tiling_.read_array;
    const std::size_t line = read_line % tiling_.read_array;
    const std::size_t lines = tiling_.group_lines(driven_tile, group);
    const auto cell_bits = static_cast<std::size_t>(config_.cell_bits);
    // A weight's planes are those of a signed magnitude: kW - 1 <= 7 bits of either sign.
    constexpr int kMagnitudeBits = 7;
    const PulseCode code{kMagnitudeBits, 1, true};
    const std::size_t words = words_of(lines);
    bits.resize(pulse_words(code, words));
    make_pulses({codes, ElementType::int8, lines}, code, bits.data());
    for (std::size_t slice = 0; slice < slices_; ++slice) {
        const ArrayPlanes array = this->array(driven_tile, read_tile, slice, group);
        std::uint32_t* to = planes_.data() + (array.planes - planes_.data()) + line;
        for (std::size_t cell_bit = 0; cell_bit < cell_bits; ++cell_bit) {
            const std::size_t bit = slice * cell_bits + cell_bit;
            for (std::size_t polarity = 0; polarity < 2; ++polarity) {
                for (std::size_t w = 0; w < words; ++w, to += array.read_lines) {
                    *to = bit < kMagnitudeBits ? bits[(polarity * kMagnitudeBits + bit) * words + w] : 0;
                }
            }
        }
    }
}

void CellPlanes::build(const CellView& cells)
{
    const bool forward = direction_ == ReadDirection::forward;
    tiling_ = forward ? LineTiling(config_, direction_, cells.rows, cells.columns)
                      : LineTiling(config_, direction_, cells.columns, cells.rows);
    const std::size_t arrays = tiling_.read_tiles() * slices_ * tiling_.driven_tiles() * tiling_.groups(0);
    planes_.assign(arrays * group_words(), 0);
    const auto read = static_cast<std::int64_t>(tiling_.read);
#pragma omp parallel
    {
        std::vector<std::int8_t> across(tiling_.active);
        std::vector<std::uint32_t> bits;
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < read; ++i) {
            const auto line = static_cast<std::size_t>(i);
            for (std::size_t tile = 0; tile < tiling_.driven_tiles(); ++tile) {
                for (std::size_t group = 0; group < tiling_.groups(tile); ++group) {
                    const std::size_t first = tiling_.group_first(tile, group);
                    if (forward) {
                        place(tile, group, line, cells.codes + line * cells.stride + first, bits);
                        continue;
                    }
                    for (std::size_t j = 0; j < tiling_.group_lines(tile, group); ++j) {
                        across[j] = cells.codes[(first + j) * cells.stride + line];
                    }
                    place(tile, group, line, across.data(), bits);
                }
            }
        }
    }
}

}  // namespace wagesim::chip
