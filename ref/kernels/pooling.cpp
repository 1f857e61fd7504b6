// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
// Pooling loops, vectors over channels. See the header.
#include "ref/kernels/pooling.hpp"

#include <algorithm>

#include "ref/kernels/multiversion.hpp"

namespace wagesim::ref {
namespace {

template <class Sum, class Winner>
WAGESIM_MULTIVERSION void start_window(const Sum* sums, std::size_t n, Sum* best, Winner* winners)
{
    for (std::size_t c = 0; c < n; ++c) {
        best[c] = sums[c];
        winners[c] = 0;
    }
}

template <class Sum, class Winner>
WAGESIM_MULTIVERSION void challenge(const Sum* sums, std::size_t n, Winner place, Sum* best, Winner* winners)
{
    for (std::size_t c = 0; c < n; ++c) {
        const bool wins = sums[c] > best[c];
        best[c] = wins ? sums[c] : best[c];
        winners[c] = wins ? place : winners[c];
    }
}

template <class Code, class Winner, class Operand>
WAGESIM_MULTIVERSION void place(const Code* codes, const Winner* winners, std::size_t n, Winner at, Operand* operands)
{
    for (std::size_t c = 0; c < n; ++c) operands[c] = static_cast<Operand>(winners[c] == at ? codes[c] : 0);
}

template <class Code, class Winner, class Operand>
WAGESIM_MULTIVERSION void add(const Code* codes, const Winner* winners, std::size_t n, Winner at, Operand* operands)
{
    for (std::size_t c = 0; c < n; ++c) {
        operands[c] = static_cast<Operand>(operands[c] + (winners[c] == at ? codes[c] : 0));
    }
}

}  // namespace

template <class Sum, class Winner>
void max_pool(const PoolShape& s, const Sum* sums, Sum* pooled, Winner* winners)
{
    for (std::size_t y = 0; y < s.out_h; ++y) {
        for (std::size_t x = 0; x < s.out_w; ++x) {
            const std::size_t out = (y * s.out_w + x) * s.c;
            const Sum* corner = sums + (y * s.stride * s.w + x * s.stride) * s.c;
            start_window(corner, s.c, pooled + out, winners + out);
            for (std::size_t p = 1; p < s.size * s.size; ++p) {
                challenge(corner + (p / s.size * s.w + p % s.size) * s.c, s.c, static_cast<Winner>(p), pooled + out,
                          winners + out);
            }
        }
    }
}

template <class Code, class Winner, class Operand>
void unpool(const PoolShape& s, const Code* codes, const Winner* winners, Operand* operands)
{
    const bool covered = s.size == s.stride && s.out_h * s.size == s.h && s.out_w * s.size == s.w;
    if (!covered) std::fill_n(operands, s.inputs(), Operand{0});
    for (std::size_t y = 0; y < s.out_h; ++y) {
        for (std::size_t x = 0; x < s.out_w; ++x) {
            const std::size_t out = (y * s.out_w + x) * s.c;
            Operand* corner = operands + (y * s.stride * s.w + x * s.stride) * s.c;
            for (std::size_t p = 0; p < s.size * s.size; ++p) {
                Operand* to = corner + (p / s.size * s.w + p % s.size) * s.c;
                if (s.overlaps())
                    add(codes + out, winners + out, s.c, static_cast<Winner>(p), to);
                else
                    place(codes + out, winners + out, s.c, static_cast<Winner>(p), to);
            }
        }
    }
}

#define WAGESIM_POOL(Winner)                                                                   \
    template void max_pool(const PoolShape&, const std::int32_t*, std::int32_t*, Winner*);     \
    template void max_pool(const PoolShape&, const std::int64_t*, std::int64_t*, Winner*);     \
    template void unpool(const PoolShape&, const std::int8_t*, const Winner*, std::int8_t*);   \
    template void unpool(const PoolShape&, const std::int8_t*, const Winner*, std::int16_t*);  \
    template void unpool(const PoolShape&, const std::int8_t*, const Winner*, std::int32_t*);  \
    template void unpool(const PoolShape&, const std::int16_t*, const Winner*, std::int8_t*);  \
    template void unpool(const PoolShape&, const std::int16_t*, const Winner*, std::int16_t*); \
    template void unpool(const PoolShape&, const std::int16_t*, const Winner*, std::int32_t*);
WAGESIM_POOL(std::uint8_t)
WAGESIM_POOL(std::int32_t)
#undef WAGESIM_POOL

}  // namespace wagesim::ref
