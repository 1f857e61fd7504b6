// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Codes to planes, one read line's group of driven lines at a time: magnitude bits are cut into slices, slices into the
// bits of a cell, and the sign decides which cell of the pair has them.
#include "tlm/crossbar/cell_planes.hpp"

namespace wagesim::chip {
namespace {

/// A weight's planes are those of a signed magnitude: kW - 1 <= 7 bits of either sign.
constexpr int kMagnitudeBits = 7;

}  // namespace

CellPlanes::CellPlanes(const CrossbarConfig& config, int slices, ReadDirection direction)
    : config_(config), slices_(static_cast<std::size_t>(slices)), direction_(direction)
{
}

/// Arrays that are read into the same sums lie side by side.
std::size_t CellPlanes::index(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                              std::size_t group) const noexcept
{
    const LineTiling& tiling = lossy_->tiling();
    return ((read_tile * slices_ + slice) * tiling.driven_tiles() + driven_tile) * tiling.groups(0) + group;
}

ArrayPlanes CellPlanes::array(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                              std::size_t group) const noexcept
{
    return {planes_.data() + firsts_[index(driven_tile, read_tile, slice, group)], config_.cell_bits,
            words_of(lossy_->tiling().group_lines(driven_tile, group)),
            padded_lines(lossy_->of(driven_tile, group, read_tile).size())};
}

void CellPlanes::place(const ArrayPlanes& array, std::size_t slice, std::size_t line, const std::uint32_t* bits)
{
    const auto cell_bits = static_cast<std::size_t>(config_.cell_bits);
    std::uint32_t* to = planes_.data() + (array.planes - planes_.data()) + line;
    for (std::size_t cell_bit = 0; cell_bit < cell_bits; ++cell_bit) {
        const std::size_t bit = slice * cell_bits + cell_bit;
        for (std::size_t polarity = 0; polarity < 2; ++polarity) {
            for (std::size_t w = 0; w < array.words; ++w, to += array.read_lines) {
                *to = bit < kMagnitudeBits ? bits[(polarity * kMagnitudeBits + bit) * array.words + w] : 0;
            }
        }
    }
}

void CellPlanes::build(const CellView& cells, const LossyLines& lossy)
{
    lossy_ = &lossy;
    const bool forward = direction_ == ReadDirection::forward;
    const LineTiling& tiling = lossy.tiling();
    struct Group {
        std::size_t read_tile, tile, group;
    };
    std::vector<Group> work;
    firsts_.assign(tiling.read_tiles() * slices_ * tiling.driven_tiles() * tiling.groups(0), 0);
    std::size_t words = 0;
    for (std::size_t read_tile = 0; read_tile < tiling.read_tiles(); ++read_tile) {
        for (std::size_t slice = 0; slice < slices_; ++slice) {
            for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
                for (std::size_t group = 0; group < tiling.groups(tile); ++group) {
                    firsts_[index(tile, read_tile, slice, group)] = words;
                    const std::size_t lines = lossy.of(tile, group, read_tile).size();
                    words += static_cast<std::size_t>(config_.cell_bits) * 2 *
                             words_of(tiling.group_lines(tile, group)) * padded_lines(lines);
                    if (slice == 0 && lines > 0) work.push_back({read_tile, tile, group});
                }
            }
        }
    }
    planes_.assign(words, 0);
    const auto groups = static_cast<std::int64_t>(work.size());
#pragma omp parallel
    {
        std::vector<std::int8_t> across(tiling.active);
        std::vector<std::uint32_t> bits;
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < groups; ++i) {
            const auto [read_tile, tile, group] = work[static_cast<std::size_t>(i)];
            const std::size_t first = tiling.group_first(tile, group);
            const std::size_t count = tiling.group_lines(tile, group);
            const PulseCode code{kMagnitudeBits, 1, true};
            bits.resize(pulse_words(code, words_of(count)));
            std::size_t line = 0;
            for (const std::uint32_t read_line : lossy.of(tile, group, read_tile)) {
                const std::size_t at = read_tile * tiling.read_array + read_line;
                const std::int8_t* codes = across.data();
                if (forward) {
                    codes = cells.codes + at * cells.stride + first;
                } else {
                    for (std::size_t j = 0; j < count; ++j) across[j] = cells.codes[(first + j) * cells.stride + at];
                }
                make_pulses({codes, ElementType::int8, count}, code, bits.data());
                for (std::size_t slice = 0; slice < slices_; ++slice) {
                    place(array(tile, read_tile, slice, group), slice, line, bits.data());
                }
                ++line;
            }
        }
    }
}

}  // namespace wagesim::chip
