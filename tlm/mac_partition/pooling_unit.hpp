// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Max pooling at a partition's output, and its reverse before the backward operands: masking, unpooling to the winner,
// overlaps added (docs/numerics.md sections 2 and 6). Plain C++ on channel-last data; knows no memory and no time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/element_type.hpp"

namespace wagesim::chip {

/// Channel-last elements of one sample: element (y, x, c) at data[(y * width + x) * stride + c].
struct ChannelLast {
    void* data = nullptr;
    ElementType type = ElementType::int32;
    std::size_t stride = 0;
};
struct ConstChannelLast {
    const void* data = nullptr;
    ElementType type = ElementType::int32;
    std::size_t stride = 0;
};

/// Winners are indices within the window, row-major: one byte where a window has at most 256 elements.
[[nodiscard]] ElementType winner_type(const Pooling& pool) noexcept;

/// Pools `channels` channels of `out_rows` rows of windows. `accumulators` starts at the first window's first row,
/// `pooled` and `winners` at its place in the result. accumulators and pooled have one type, int32 or int64.
void pool_rows(const LayerGeometry& layer, std::size_t out_rows, std::size_t channels,
               const ConstChannelLast& accumulators, const ChannelLast& pooled, const ChannelLast& winners);

/// One sample's error codes to backward operands, shaped like the accumulators: 0 where not active, each code at its
/// window's winner, sums where windows overlap. Without pooling `winners` is not read. Codes are int8 or int16,
/// operands int8, int16 or int32, wide enough for the sums (LayerBounds::error_mac).
void unpool_sample(const LayerGeometry& layer, const ConstChannelLast& codes, const std::uint8_t* flags,
                   const ConstChannelLast& winners, const ChannelLast& operands);

}  // namespace wagesim::chip
