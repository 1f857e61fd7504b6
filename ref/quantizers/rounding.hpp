// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Branch-free forms of ref/numerics' rounding for vector loops, in a work type that the caller proved wide enough.
// Not normative: tests hold them to ref/numerics/integer.hpp.
#pragma once

#include <cstdint>

namespace wagesim::ref {

/// rne(n, shift), shift >= 1: floor((n + half - 1 + lowest kept bit) / 2^shift). |n| + 2^(shift-1) must fit Work.
template <class Work>
[[nodiscard]] constexpr Work round_half_even(Work n, int shift) noexcept
{
    const Work below_half = (Work{1} << (shift - 1)) - 1;
    return (n + below_half + ((n >> shift) & 1)) >> shift;
}

template <class Work>
[[nodiscard]] constexpr Work limited(Work n, Work limit) noexcept
{
    const Work low = n < -limit ? -limit : n;
    return low > limit ? limit : low;
}

/// Whether |n| <= bound can be rounded by `shift` in 32 bits.
[[nodiscard]] constexpr bool rounds_in_32_bits(std::int64_t bound, int shift) noexcept
{
    return shift <= 30 && bound + (shift > 0 ? std::int64_t{1} << (shift - 1) : 0) <= INT32_MAX;
}

}  // namespace wagesim::ref
