// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Pooling loops, vectors over channels. See the header.
#include "ref/kernels/pooling.hpp"

#include <algorithm>

#include "ref/kernels/multiversion.hpp"

namespace wagesim::ref {
namespace {

/// One row of windows of 2 x 2 that do not overlap: `upper` and `lower` are their two rows of accumulators.
template <class Sum, class Winner>
WAGESIM_MULTIVERSION void pool_pairs(const Sum* upper, const Sum* lower, std::size_t windows, std::size_t channels,
                                     Sum* pooled, Winner* winners)
{
    for (std::size_t x = 0; x < windows; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
            const Sum first = upper[2 * x * channels + c];
            const Sum second = upper[(2 * x + 1) * channels + c];
            const Sum third = lower[2 * x * channels + c];
            const Sum fourth = lower[(2 * x + 1) * channels + c];
            const Sum above = second > first ? second : first;
            const Sum below = fourth > third ? fourth : third;
            const int above_at = second > first ? 1 : 0;
            const int below_at = fourth > third ? 3 : 2;
            pooled[x * channels + c] = below > above ? below : above;
            winners[x * channels + c] = static_cast<Winner>(below > above ? below_at : above_at);
        }
    }
}

/// Place 0 of a row of windows, `step` accumulators apart.
template <class Sum, class Winner>
WAGESIM_MULTIVERSION void start_windows(const Sum* sums, std::size_t windows, std::size_t step, std::size_t channels,
                                        Sum* pooled, Winner* winners)
{
    for (std::size_t x = 0; x < windows; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
            pooled[x * channels + c] = sums[x * step + c];
            winners[x * channels + c] = 0;
        }
    }
}

/// A later place: it wins only where it is larger, so that the first among equals stays.
template <class Sum, class Winner>
WAGESIM_MULTIVERSION void challenge(const Sum* sums, std::size_t windows, std::size_t step, std::size_t channels,
                                    Winner place, Sum* pooled, Winner* winners)
{
    for (std::size_t x = 0; x < windows; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
            const Sum value = sums[x * step + c];
            Sum& best = pooled[x * channels + c];
            Winner& winner = winners[x * channels + c];
            winner = value > best ? place : winner;
            best = value > best ? value : best;
        }
    }
}

template <class Code, class Winner, class Operand>
WAGESIM_MULTIVERSION void place_codes(const Code* codes, const Winner* winners, std::size_t windows, std::size_t step,
                                      std::size_t channels, Winner place, Operand* operands)
{
    for (std::size_t x = 0; x < windows; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
            const std::size_t i = x * channels + c;
            operands[x * step + c] = static_cast<Operand>(winners[i] == place ? codes[i] : 0);
        }
    }
}

template <class Code, class Winner, class Operand>
WAGESIM_MULTIVERSION void add_codes(const Code* codes, const Winner* winners, std::size_t windows, std::size_t step,
                                    std::size_t channels, Winner place, Operand* operands)
{
    for (std::size_t x = 0; x < windows; ++x) {
        for (std::size_t c = 0; c < channels; ++c) {
            const std::size_t i = x * channels + c;
            Operand& operand = operands[x * step + c];
            operand = static_cast<Operand>(operand + (winners[i] == place ? codes[i] : 0));
        }
    }
}

}  // namespace

std::optional<PoolShape> pool_shape_of(const LayerGeometry& layer)
{
    if (!layer.pool) return std::nullopt;
    PoolShape shape;
    shape.h = extent(layer.acc_h);
    shape.w = extent(layer.acc_w);
    shape.c = extent(layer.out_c);
    shape.size = extent(layer.pool->size);
    shape.stride = extent(layer.pool->stride);
    shape.out_h = extent(layer.out_h);
    shape.out_w = extent(layer.out_w);
    return shape;
}

template <class Sum, class Winner>
void max_pool(const PoolShape& s, const Sum* sums, Sum* pooled, Winner* winners)
{
    const std::size_t out_row = s.out_w * s.c;
    const std::size_t step = s.stride * s.c;
    for (std::size_t y = 0; y < s.out_h; ++y, pooled += out_row, winners += out_row) {
        const Sum* row = sums + y * s.stride * s.w * s.c;
        if (s.size == 2 && s.stride == 2) {
            pool_pairs(row, row + s.w * s.c, s.out_w, s.c, pooled, winners);
            continue;
        }
        start_windows(row, s.out_w, step, s.c, pooled, winners);
        for (std::size_t p = 1; p < s.size * s.size; ++p) {
            challenge(row + (p / s.size * s.w + p % s.size) * s.c, s.out_w, step, s.c, static_cast<Winner>(p), pooled,
                      winners);
        }
    }
}

template <class Code, class Winner, class Operand>
void unpool(const PoolShape& s, const Code* codes, const Winner* winners, Operand* operands)
{
    const std::size_t out_row = s.out_w * s.c;
    const std::size_t step = s.stride * s.c;
    const bool covered = s.size == s.stride && s.out_h * s.size == s.h && s.out_w * s.size == s.w;
    if (!covered) std::fill_n(operands, s.inputs(), Operand{0});
    for (std::size_t y = 0; y < s.out_h; ++y, codes += out_row, winners += out_row) {
        for (std::size_t p = 0; p < s.size * s.size; ++p) {
            Operand* to = operands + ((y * s.stride + p / s.size) * s.w + p % s.size) * s.c;
            if (s.overlaps())
                add_codes(codes, winners, s.out_w, step, s.c, static_cast<Winner>(p), to);
            else
                place_codes(codes, winners, s.out_w, step, s.c, static_cast<Winner>(p), to);
        }
    }
}

template void max_pool(const PoolShape&, const std::int32_t*, std::int32_t*, std::uint8_t*);
template void max_pool(const PoolShape&, const std::int32_t*, std::int32_t*, std::int32_t*);
template void max_pool(const PoolShape&, const std::int64_t*, std::int64_t*, std::uint8_t*);
template void max_pool(const PoolShape&, const std::int64_t*, std::int64_t*, std::int32_t*);
template void max_pool(const PoolShape&, const float*, float*, std::int32_t*);

template void unpool(const PoolShape&, const std::int8_t*, const std::uint8_t*, std::int8_t*);
template void unpool(const PoolShape&, const std::int8_t*, const std::uint8_t*, std::int16_t*);
template void unpool(const PoolShape&, const std::int8_t*, const std::uint8_t*, std::int32_t*);
template void unpool(const PoolShape&, const std::int8_t*, const std::int32_t*, std::int8_t*);
template void unpool(const PoolShape&, const std::int8_t*, const std::int32_t*, std::int16_t*);
template void unpool(const PoolShape&, const std::int8_t*, const std::int32_t*, std::int32_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::uint8_t*, std::int8_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::uint8_t*, std::int16_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::uint8_t*, std::int32_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::int32_t*, std::int8_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::int32_t*, std::int16_t*);
template void unpool(const PoolShape&, const std::int16_t*, const std::int32_t*, std::int32_t*);
template void unpool(const PoolShape&, const float*, const std::int32_t*, float*);

}  // namespace wagesim::ref
