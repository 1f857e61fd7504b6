// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Loops run over neighbouring channels, so that they vectorise. See the header.
#include "tlm/mac_partition/pooling_unit.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "ref/quantize_update/registers.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/common/vector_clones.hpp"

namespace wagesim::chip {
namespace {

constexpr std::size_t kLanes = 16;  // channels of a window that are pooled together

#define WAGESIM_INLINE inline __attribute__((always_inline))

struct PoolShape {
    std::size_t size, stride, channels, out_w;
    std::size_t acc_row, acc_step;  ///< elements from one row, one position to the next
    std::size_t pooled_step, winner_step;
};

/// kLanes neighbours as the compiler's own vector: scalar code of a fully known window would not be put together again.
template <class T>
struct Lanes {
    typedef T Vector __attribute__((vector_size(kLanes * sizeof(T))));
};

/// One window, kLanes channels.
template <class Acc, class Winner>
WAGESIM_INLINE void pool_lanes(const PoolShape& shape, const Acc* corner, Acc* pooled, Winner* winners)
{
    using Vector = typename Lanes<Acc>::Vector;
    Vector best;
    Vector winner{};
    std::memcpy(&best, corner, sizeof best);
    for (std::size_t y = 0; y < shape.size; ++y) {
        for (std::size_t x = 0; x < shape.size; ++x) {
            Vector element;
            std::memcpy(&element, corner + y * shape.acc_row + x * shape.acc_step, sizeof element);
            const auto better = element > best;  // the first among equals stays
            best = better ? element : best;
            winner = better ? Vector{} + static_cast<Acc>(y * shape.size + x) : winner;
        }
    }
    const auto narrow = __builtin_convertvector(winner, typename Lanes<Winner>::Vector);
    std::memcpy(pooled, &best, sizeof best);
    std::memcpy(winners, &narrow, sizeof narrow);
}

/// One window, one channel.
template <class Acc, class Winner>
WAGESIM_INLINE void pool_one(const PoolShape& shape, const Acc* corner, Acc* pooled, Winner* winner)
{
    *pooled = *corner;
    *winner = 0;
    for (std::size_t y = 0; y < shape.size; ++y) {
        for (std::size_t x = 0; x < shape.size; ++x) {
            const Acc element = corner[y * shape.acc_row + x * shape.acc_step];
            if (element <= *pooled) continue;
            *pooled = element;
            *winner = static_cast<Winner>(y * shape.size + x);
        }
    }
}

template <class Acc, class Winner>
WAGESIM_INLINE void pool_row(const PoolShape& shape, const Acc* accumulators, Acc* pooled, Winner* winners)
{
    for (std::size_t x = 0; x < shape.out_w; ++x) {
        const Acc* const corner = accumulators + x * shape.stride * shape.acc_step;
        Acc* const to = pooled + x * shape.pooled_step;
        Winner* const winner = winners + x * shape.winner_step;
        std::size_t c = 0;
        for (; c + kLanes <= shape.channels; c += kLanes) pool_lanes(shape, corner + c, to + c, winner + c);
        for (; c < shape.channels; ++c) pool_one(shape, corner + c, to + c, winner + c);
    }
}

WAGESIM_VECTOR_CLONES void pool_row_cloned(const PoolShape& shape, const std::int32_t* accumulators,
                                           std::int32_t* pooled, std::uint8_t* winners)
{
    pool_row(shape, accumulators, pooled, winners);
}
WAGESIM_VECTOR_CLONES void pool_row_cloned(const PoolShape& shape, const std::int64_t* accumulators,
                                           std::int64_t* pooled, std::uint8_t* winners)
{
    pool_row(shape, accumulators, pooled, winners);
}
// Windows of more than 256 elements are no one's benchmark.
template <class Acc>
void pool_row_cloned(const PoolShape& shape, const Acc* accumulators, Acc* pooled, std::uint16_t* winners)
{
    pool_row(shape, accumulators, pooled, winners);
}

/// to[c] (+)= codes[c] where the channel is active and its window's winner is `index`.
template <bool add, class Code, class Winner, class Operand>
WAGESIM_INLINE void place_codes(const Code* codes, const std::uint8_t* flags, const Winner* winners, Winner index,
                                std::size_t channels, Operand* to)
{
    for (std::size_t c = 0; c < channels; ++c) {
        const bool here = winners[c] == index && (flags[c] & kFlagActive) != 0;
        const int value = codes[c] & -static_cast<int>(here);
        to[c] = static_cast<Operand>(add ? to[c] + value : value);
    }
}

/// A row of windows, side by side: their codes, flags and winners are neighbours.
struct UnpoolShape {
    std::size_t size, stride, channels, out_w;
    std::size_t operand_row;  ///< elements from one row of operands to the next

    /// Where element k of window x begins.
    [[nodiscard]] std::size_t operand(std::size_t x, std::size_t k) const noexcept
    {
        return k / size * operand_row + (x * stride + k % size) * channels;
    }
};

static_assert(kFlagActive == 1, "masks spread the flag's bit by negating it");

constexpr std::size_t kByteLanes = 32;  // channels of a window that are unpooled together

/// One window, kByteLanes channels: its codes, flags and winners are loaded once for all elements of the window.
WAGESIM_INLINE void unpool_lanes(const UnpoolShape& shape, std::size_t x, std::size_t c, const std::int8_t* codes,
                                 const std::uint8_t* flags, const std::uint8_t* winners, std::int8_t* operands)
{
    typedef std::int8_t Vector __attribute__((vector_size(kByteLanes)));
    const std::size_t from = x * shape.channels + c;
    Vector code;
    Vector flag;
    Vector winner;
    std::memcpy(&code, codes + from, sizeof code);
    std::memcpy(&flag, flags + from, sizeof flag);
    std::memcpy(&winner, winners + from, sizeof winner);
    code &= -(flag & static_cast<std::int8_t>(kFlagActive));
    for (std::size_t k = 0; k < shape.size * shape.size; ++k) {
        const Vector placed = code & (winner == static_cast<std::int8_t>(k));
        std::memcpy(operands + shape.operand(x, k) + c, &placed, sizeof placed);
    }
}

/// One row of windows that do not overlap: every operand of theirs is written once.
template <class Code, class Winner, class Operand>
WAGESIM_INLINE void unpool_row(const UnpoolShape& shape, const Code* codes, const std::uint8_t* flags,
                               const Winner* winners, Operand* operands)
{
    constexpr bool kBytes = std::is_same_v<Code, std::int8_t> && std::is_same_v<Winner, std::uint8_t> &&
                            std::is_same_v<Operand, std::int8_t>;
    for (std::size_t x = 0; x < shape.out_w; ++x) {
        std::size_t c = 0;
        if constexpr (kBytes) {
            for (; c + kByteLanes <= shape.channels; c += kByteLanes) {
                unpool_lanes(shape, x, c, codes, flags, winners, operands);
            }
        }
        const std::size_t from = x * shape.channels + c;
        for (std::size_t k = 0; k < shape.size * shape.size; ++k) {
            place_codes<false>(codes + from, flags + from, winners + from, static_cast<Winner>(k), shape.channels - c,
                               operands + shape.operand(x, k) + c);
        }
    }
}

WAGESIM_VECTOR_CLONES void unpool_row_cloned(const UnpoolShape& shape, const std::int8_t* codes,
                                             const std::uint8_t* flags, const std::uint8_t* winners,
                                             std::int8_t* operands)
{
    unpool_row(shape, codes, flags, winners, operands);
}
template <class Code, class Winner, class Operand>
void unpool_row_cloned(const UnpoolShape& shape, const Code* codes, const std::uint8_t* flags, const Winner* winners,
                       Operand* operands)
{
    unpool_row(shape, codes, flags, winners, operands);
}

template <class Code, class Winner, class Operand>
void unpool_overlapping_row(const UnpoolShape& shape, const Code* codes, const std::uint8_t* flags,
                            const Winner* winners, Operand* operands)
{
    for (std::size_t x = 0; x < shape.out_w; ++x) {
        const std::size_t from = x * shape.channels;
        for (std::size_t k = 0; k < shape.size * shape.size; ++k) {
            place_codes<true>(codes + from, flags + from, winners + from, static_cast<Winner>(k), shape.channels,
                              operands + shape.operand(x, k));
        }
    }
}

template <class Code, class Winner, class Operand>
void unpool(const LayerGeometry& layer, const ConstChannelLast& codes, const std::uint8_t* flags,
            const ConstChannelLast& winners, const ChannelLast& operands)
{
    const Pooling pool = *layer.pool;
    const auto channels = static_cast<std::size_t>(layer.out_c);
    const auto out_w = static_cast<std::size_t>(layer.out_w);
    const UnpoolShape shape{static_cast<std::size_t>(pool.size), static_cast<std::size_t>(pool.stride), channels, out_w,
                            static_cast<std::size_t>(layer.acc_w) * channels};
    const bool overlapping = pool.size > pool.stride;
    const bool covering = pool.size == pool.stride && layer.out_h * pool.stride == layer.acc_h &&
                          layer.out_w * pool.stride == layer.acc_w;
    auto* const out = static_cast<Operand*>(operands.data);
    if (!covering) std::fill_n(out, static_cast<std::size_t>(layer.accumulators()), Operand{0});
    for (std::size_t y = 0; y < static_cast<std::size_t>(layer.out_h); ++y) {
        const std::size_t from = y * out_w * channels;
        const Code* const code = static_cast<const Code*>(codes.data) + from;
        const Winner* const winner = static_cast<const Winner*>(winners.data) + from;
        Operand* const to = out + y * shape.stride * shape.operand_row;
        if (overlapping) {
            unpool_overlapping_row(shape, code, flags + from, winner, to);
        } else {
            unpool_row_cloned(shape, code, flags + from, winner, to);
        }
    }
}

template <class Code>
WAGESIM_INLINE void mask(const Code* __restrict codes, const std::uint8_t* __restrict flags, std::size_t count,
                         Code* __restrict operands)
{
    for (std::size_t i = 0; i < count; ++i) {
        operands[i] = static_cast<Code>(codes[i] & static_cast<Code>(-(flags[i] & kFlagActive)));
    }
}
WAGESIM_VECTOR_CLONES void mask_cloned(const std::int8_t* codes, const std::uint8_t* flags, std::size_t count,
                                       std::int8_t* operands)
{
    mask(codes, flags, count, operands);
}
WAGESIM_VECTOR_CLONES void mask_cloned(const std::int16_t* codes, const std::uint8_t* flags, std::size_t count,
                                       std::int16_t* operands)
{
    mask(codes, flags, count, operands);
}

/// Calls visitor(Code{}) for int8 or int16.
template <class Visitor>
void visit_code(ElementType type, const Visitor& visitor)
{
    if (type == ElementType::int8) return visitor(std::int8_t{});
    if (type == ElementType::int16) return visitor(std::int16_t{});
    throw InvariantError("pooling", "error codes that are neither int8 nor int16");
}

}  // namespace

ElementType winner_type(const Pooling& pool) noexcept
{
    return pool.size <= 16 ? ElementType::uint8 : ElementType::uint16;
}

void pool_rows(const LayerGeometry& layer, std::size_t out_rows, std::size_t channels,
               const ConstChannelLast& accumulators, const ChannelLast& pooled, const ChannelLast& winners)
{
    const auto acc_w = static_cast<std::size_t>(layer.acc_w);
    const auto out_w = static_cast<std::size_t>(layer.out_w);
    const PoolShape shape{static_cast<std::size_t>(layer.pool->size),
                          static_cast<std::size_t>(layer.pool->stride),
                          channels,
                          out_w,
                          acc_w * accumulators.stride,
                          accumulators.stride,
                          pooled.stride,
                          winners.stride};
    const auto rows = [&](auto acc, auto winner) {
        using Acc = decltype(acc);
        using Winner = decltype(winner);
        for (std::size_t y = 0; y < out_rows; ++y) {
            pool_row_cloned(shape, static_cast<const Acc*>(accumulators.data) + y * shape.stride * shape.acc_row,
                            static_cast<Acc*>(pooled.data) + y * out_w * pooled.stride,
                            static_cast<Winner*>(winners.data) + y * out_w * winners.stride);
        }
    };
    const bool narrow = winners.type == ElementType::uint8;
    if (accumulators.type == ElementType::int32) {
        narrow ? rows(std::int32_t{}, std::uint8_t{}) : rows(std::int32_t{}, std::uint16_t{});
    } else {
        narrow ? rows(std::int64_t{}, std::uint8_t{}) : rows(std::int64_t{}, std::uint16_t{});
    }
}

void unpool_sample(const LayerGeometry& layer, const ConstChannelLast& codes, const std::uint8_t* flags,
                   const ConstChannelLast& winners, const ChannelLast& operands)
{
    visit_code(codes.type, [&](auto code) {
        using Code = decltype(code);
        if (!layer.pool) {
            mask_cloned(static_cast<const Code*>(codes.data), flags, static_cast<std::size_t>(layer.outputs()),
                        static_cast<Code*>(operands.data));
            return;
        }
        const auto with = [&](auto operand) {
            using Operand = decltype(operand);
            if (winners.type == ElementType::uint8) {
                unpool<Code, std::uint8_t, Operand>(layer, codes, flags, winners, operands);
            } else {
                unpool<Code, std::uint16_t, Operand>(layer, codes, flags, winners, operands);
            }
        };
        if (operands.type == ElementType::int8) return with(std::int8_t{});
        if (operands.type == ElementType::int16) return with(std::int16_t{});
        if (operands.type == ElementType::int32) return with(std::int32_t{});
        throw InvariantError("pooling", "backward operands that are neither int8, int16 nor int32");
    });
}

}  // namespace wagesim::chip
