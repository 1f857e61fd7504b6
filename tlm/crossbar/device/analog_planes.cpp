// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/crossbar/device/analog_planes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace wagesim::chip {
namespace {

std::size_t whole_lines(std::size_t lines)
{
    return (lines + kAnalogLines - 1) / kAnalogLines * kAnalogLines;
}

std::int16_t amplified(std::int32_t conductance, double gain)
{
    constexpr double kMost = 32767.0;
    return static_cast<std::int16_t>(std::nearbyint(std::clamp(conductance * gain, -kMost, kMost)));
}

}  // namespace

AnalogPlanes::AnalogPlanes(const CrossbarConfig& config, std::size_t slices, ReadDirection direction, bool difference)
    : config_(config), slices_(slices), direction_(direction), polarities_(difference ? 1 : 2)
{
}

std::size_t AnalogPlanes::room() const noexcept
{
    const std::size_t pairs = (std::min(tiling_.active, tiling_.driven) + 1) / 2;
    return pairs * 2 * whole_lines(std::min(tiling_.read_array, tiling_.read));
}

std::size_t AnalogPlanes::first_offset(std::size_t driven_tile, std::size_t read_tile, std::size_t slice) const noexcept
{
    const std::size_t array = (read_tile * slices_ + slice) * tiling_.driven_tiles() + driven_tile;
    return array * whole_lines(std::min(tiling_.read_array, tiling_.read));
}

void AnalogPlanes::shape(std::size_t rows, std::size_t columns)
{
    tiling_ = LineTiling(config_, direction_, rows, columns);
    const std::size_t arrays = tiling_.read_tiles() * slices_ * tiling_.driven_tiles();
    cells_.assign(arrays * tiling_.groups(0) * polarities_ * room(), 0);
    offsets_.assign(arrays * whole_lines(std::min(tiling_.read_array, tiling_.read)), 0);
}

AnalogPlane AnalogPlanes::plane(std::size_t driven_tile, std::size_t read_tile, std::size_t slice, std::size_t group,
                                std::size_t polarity) const noexcept
{
    const std::size_t array = (read_tile * slices_ + slice) * tiling_.driven_tiles() + driven_tile;
    const std::size_t index = (array * tiling_.groups(0) + group) * polarities_ + polarity;
    return {cells_.data() + index * room(), (tiling_.group_lines(driven_tile, group) + 1) / 2,
            whole_lines(tiling_.read_lines(read_tile)), offsets_.data() + first_offset(driven_tile, read_tile, slice)};
}

void AnalogPlanes::place(std::size_t row_tile, std::size_t column_tile, std::size_t slice, ArrayConductances& array,
                         const LineConverters& converters)
{
    const bool forward = direction_ == ReadDirection::forward;
    const std::size_t driven_tile = forward ? row_tile : column_tile;
    const std::size_t read_tile = forward ? column_tile : row_tile;
    const std::size_t lines = tiling_.read_lines(read_tile);
    std::copy_n(converters.offsets.begin(), lines,
                offsets_.begin() + static_cast<std::ptrdiff_t>(first_offset(driven_tile, read_tile, slice)));
    const auto cell = [&](std::size_t polarity, std::size_t driven, std::size_t line) {
        return forward ? array.column(polarity, line)[driven] : array.column(polarity, driven)[line];
    };
    for (std::size_t group = 0; group < tiling_.groups(driven_tile); ++group) {
        const std::size_t first = group * tiling_.active;
        for (std::size_t polarity = 0; polarity < polarities_; ++polarity) {
            const AnalogPlane plane = this->plane(driven_tile, read_tile, slice, group, polarity);
            std::int16_t* const to = cells_.data() + (plane.cells - cells_.data());
            for (std::size_t i = 0; i < tiling_.group_lines(driven_tile, group); ++i) {
                std::int16_t* const row = to + i / 2 * plane.read_lines * 2 + i % 2;
                for (std::size_t line = 0; line < lines; ++line) {
                    const std::int32_t conductance = polarities_ == 1
                                                         ? cell(0, first + i, line) - cell(1, first + i, line)
                                                         : cell(polarity, first + i, line);
                    row[line * 2] = amplified(conductance, converters.gains[line]);
                }
            }
        }
    }
}

std::int32_t AnalogPlanes::largest_offset() const noexcept
{
    std::int32_t largest = 0;
    for (const std::int32_t offset : offsets_) largest = std::max(largest, std::abs(offset));
    return largest;
}

}  // namespace wagesim::chip
