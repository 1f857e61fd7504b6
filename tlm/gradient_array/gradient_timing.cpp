// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header.
#include "tlm/gradient_array/gradient_timing.hpp"

#include <algorithm>

#include "tlm/common/clock.hpp"

namespace wagesim::chip {
namespace {

std::uint64_t size(std::int64_t extent)
{
    return static_cast<std::uint64_t>(extent);
}

}  // namespace

GradientTiling::GradientTiling(const GradientArrayConfig& config) noexcept : columns_(1)
{
    const std::uint64_t macs = size(config.macs_per_cycle);
    while (4 * columns_ * columns_ <= macs) columns_ *= 2;
    rows_ = macs / columns_;
}

std::uint64_t GradientTiling::passes(const LayerGeometry& layer) const noexcept
{
    return ceil_divide(size(layer.fan_in()), rows_) * ceil_divide(size(layer.out_c), columns_);
}

std::vector<GradientTile> GradientTiling::tiles(const LayerGeometry& layer) const
{
    // Rows are ordered (kh, kw, channel): a tile's rows take as many channels of every input position, wherever its
    // kernel positions are. A dense layer's rows are its inputs.
    const bool dense = layer.positions() == 1;
    const std::uint64_t channels = dense ? size(layer.inputs()) : size(layer.in_c);
    const std::uint64_t places = dense ? 1 : size(layer.in_h) * size(layer.in_w);
    std::vector<GradientTile> out;
    out.reserve(passes(layer));
    for (std::uint64_t column = 0; column < size(layer.out_c); column += columns_) {
        const std::uint64_t width = std::min(columns_, size(layer.out_c) - column);
        for (std::uint64_t row = 0; row < size(layer.fan_in()); row += rows_) {
            const std::uint64_t height = std::min(rows_, size(layer.fan_in()) - row);
            GradientTile tile;
            tile.inputs = std::min(channels, height) * places;
            tile.inputs_first = std::min(row % channels, channels - std::min(channels, height)) * places;
            tile.operands = width * size(layer.positions());
            tile.operands_first = column * size(layer.positions());
            tile.weights = height * width;
            out.push_back(tile);
        }
    }
    return out;
}

std::uint64_t gradient_tile_cycles(const LayerGeometry& layer, std::uint64_t samples, int operand_bits) noexcept
{
    constexpr std::uint64_t kMultiplierBits = 8;
    return samples * size(layer.positions()) * ceil_divide(static_cast<std::uint64_t>(operand_bits), kMultiplierBits);
}

}  // namespace wagesim::chip
