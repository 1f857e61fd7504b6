// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The stochastic weight step of one gradient (Eq. 10, 11; docs/numerics.md section 7). Normative.
#pragma once

#include <cstdint>

#include "ref/numerics/integer.hpp"

namespace wagesim::numerics {

/// d = sgn(g) * (I + (r < Fr ? 1 : 0)) with q = floor(|g| * 2^(16 + h - exponent_g)), I = q >> 16, Fr = q & 0xFFFF.
/// |g| <= M < 2^62, exponent_g = exponent(M), h (log2 of the learning rate) in -16..8, r the weight's 16-bit word.
/// |d| <= floor(sqrt(2) * 2^h) + 1.
[[nodiscard]] constexpr std::int64_t stochastic_step(std::int64_t gradient, int exponent_g, int eta_exponent,
                                                     std::uint16_t random_word) noexcept
{
    const int shift = 16 + eta_exponent - exponent_g;
    const std::int64_t size = magnitude(gradient);
    // |g| < 2^(exponent_g + 1/2 + 1), so the left shift stays below 2^26; a right shift of 63 or more leaves nothing.
    const std::int64_t q = shift >= 0 ? size << shift : (-shift >= 63 ? 0 : size >> -shift);
    const std::int64_t step = (q >> 16) + (random_word < (q & 0xFFFF) ? 1 : 0);
    return gradient < 0 ? -step : step;
}

}  // namespace wagesim::numerics
