// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Max pooling of one sample and its way back. One sample a call: the caller spreads samples over threads and keeps
// each in cache for what follows. Naive twins: naive.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "ref/kernels/convolution_shape.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::ref {

/// That of a layer; nothing where it does not pool.
[[nodiscard]] std::optional<PoolShape> pool_shape_of(const LayerGeometry& layer);

/// Type of a winner's place in its window: uint8 where size^2 <= 256, else int32.
[[nodiscard]] constexpr bool winners_fit_byte(std::size_t size) noexcept
{
    return size <= 16;
}

/// sums h, w, c -> largest of each window and its row-major place there; the first among equals (docs/numerics.md
/// section 2). Sum: int32, int64; Winner: uint8, int32. Sum: float; Winner: int32.
template <class Sum, class Winner>
void max_pool(const PoolShape& shape, const Sum* sums, Sum* pooled, Winner* winners);

/// Codes of each window to its winner's place, zero elsewhere; overlapping windows add (section 6). Code: int8, int16;
/// Operand: int8, int16, int32, wide enough for the sums. Or both float, with winners of int32.
template <class Code, class Winner, class Operand>
void unpool(const PoolShape& shape, const Code* codes, const Winner* winners, Operand* operands);

}  // namespace wagesim::ref
