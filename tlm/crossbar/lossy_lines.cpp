// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A pulse that drives all lines of a group at its largest digit, each in the worst polarity, gives a read line as much
// as it can ever get.
#include "tlm/crossbar/lossy_lines.hpp"

#include <algorithm>

#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/cell_levels.hpp"

namespace wagesim::chip {
namespace {

/// Calls visit(index, code) for the cells that a read line has where it crosses a group of driven lines.
template <class Visitor>
void for_each_crossing(const CellView& cells, ReadDirection direction, std::size_t read_line, std::size_t first,
                       std::size_t count, const Visitor& visit)
{
    const bool forward = direction == ReadDirection::forward;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = forward ? first + i : read_line;
        const std::size_t column = forward ? read_line : first + i;
        visit(column * cells.stride + row, cells.codes[column * cells.stride + row]);
    }
}

}  // namespace

LossyLines::LossyLines(const CrossbarConfig& config, int slices, ReadDirection direction)
    : config_(config), slices_(slices), direction_(direction), limits_(limits_of(config, direction))
{
}

LossyLines::Limits LossyLines::limits_of(const CrossbarConfig& config, ReadDirection direction)
{
    // Whether pulses are bipolar may depend on the inputs' bits; where it does, they are taken to be, and the narrower
    // range with it.
    const bool unipolar = config.dac_bits == 1 && config.input_coding == InputCoding::twos_complement;
    const int bits = 8;
    const bool difference = direction == ReadDirection::forward ? forward_read(config, bits).difference
                                                                : backward_read(config, bits).difference;
    const AdcRange adc = adc_range(config, difference || !unipolar);
    if (adc.shift > 0) return {-1, -1, false};  // every code loses its lowest bits
    if (!difference) return {adc.most, adc.most, false};
    if (!unipolar) return {adc.most, adc.most, true};
    return {adc.most, -std::int64_t{adc.least}, false};
}

std::size_t LossyLines::all() const noexcept
{
    std::size_t groups = 0;
    for (std::size_t tile = 0; tile < tiling_.driven_tiles(); ++tile) groups += tiling_.groups(tile);
    return groups * tiling_.read;
}

bool LossyLines::any(std::size_t driven_tile, std::size_t group) const noexcept
{
    for (std::size_t tile = 0; tile < tiling_.read_tiles(); ++tile) {
        if (!of(driven_tile, group, tile).empty()) return true;
    }
    return false;
}

bool LossyLines::lossy(const std::int8_t* codes, std::size_t count) const noexcept
{
    const std::int64_t digit = (std::int64_t{1} << config_.dac_bits) - 1;
    const int mask = (1 << config_.cell_bits) - 1;
    for (int slice = 0; slice < slices_; ++slice) {
        const int shift = slice * config_.cell_bits;
        std::int64_t positive = 0, negative = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int8_t code = codes[i];
            positive += (std::max<int>(code, 0) >> shift) & mask;
            negative += (std::max<int>(-code, 0) >> shift) & mask;
        }
        if (limits_.together) positive += negative;
        if (positive * digit > limits_.positive || negative * digit > limits_.negative) return true;
    }
    return false;
}

void LossyLines::build(const CellView& cells)
{
    tiling_ = LineTiling(config_, direction_, cells.rows, cells.columns);
    const std::size_t groups = tiling_.groups(0);
    lines_.assign(tiling_.read_tiles() * tiling_.driven_tiles() * groups, {});
    count_ = 0;
    std::size_t count = 0;
    const auto tiles = static_cast<std::int64_t>(tiling_.read_tiles());
#pragma omp parallel for schedule(static) reduction(+ : count)
    for (std::int64_t i = 0; i < tiles; ++i) {
        const auto read_tile = static_cast<std::size_t>(i);
        std::vector<std::int8_t> crossing(tiling_.active);
        for (std::size_t line = 0; line < tiling_.read_lines(read_tile); ++line) {
            for (std::size_t tile = 0; tile < tiling_.driven_tiles(); ++tile) {
                for (std::size_t group = 0; group < tiling_.groups(tile); ++group) {
                    const std::size_t here = tiling_.group_lines(tile, group);
                    std::size_t next = 0;
                    for_each_crossing(cells, direction_, read_tile * tiling_.read_array + line,
                                      tiling_.group_first(tile, group), here,
                                      [&](std::size_t, std::int8_t code) { crossing[next++] = code; });
                    if (!lossy(crossing.data(), here)) continue;
                    lines_[(read_tile * tiling_.driven_tiles() + tile) * groups + group].push_back(
                        static_cast<std::uint32_t>(line));
                    ++count;
                }
            }
        }
    }
    count_ = count;
}

void LossyLines::lossless_codes(const CellView& cells, std::vector<std::int8_t>& to) const
{
    to.assign(cells.codes, cells.codes + (cells.columns - 1) * cells.stride + cells.rows);
    const auto read_tiles = static_cast<std::int64_t>(tiling_.read_tiles());
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < read_tiles; ++i) {
        const auto read_tile = static_cast<std::size_t>(i);
        for (std::size_t tile = 0; tile < tiling_.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling_.groups(tile); ++group) {
                for (const std::uint32_t line : of(tile, group, read_tile)) {
                    for_each_crossing(cells, direction_, read_tile * tiling_.read_array + line,
                                      tiling_.group_first(tile, group), tiling_.group_lines(tile, group),
                                      [&](std::size_t at, std::int8_t) { to[at] = 0; });
                }
            }
        }
    }
}

}  // namespace wagesim::chip
