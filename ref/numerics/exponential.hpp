// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Exponential and logarithm as integers, correctly rounded: the arithmetic of the softmax output (docs/softmax.md). The
// result is defined by the real numbers, not by the way it is computed here, so any machine must find the same.
// Products of tabled constants in 128-bit fixed point, no floating point.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "ref/numerics/exponential_table.hpp"

namespace wagesim::numerics {

__extension__ using Wide128 = unsigned __int128;

inline constexpr int kShareBits = 32;  ///< an exponential is in units of 2^-32
inline constexpr int kLossBits = 40;   ///< a loss is in units of 2^-40

namespace fixed {

[[nodiscard]] constexpr Wide128 joined(Halves halves) noexcept
{
    return static_cast<Wide128>(halves.high) << 64U | halves.low;
}

/// exp(-2^j) * 2^128.
[[nodiscard]] constexpr Wide128 exponential(int j) noexcept
{
    return joined(kExponentials[static_cast<std::size_t>(kLargestPower - j)]);
}

/// floor(x * y / 2^128).
[[nodiscard]] constexpr Wide128 high_product(Wide128 x, Wide128 y) noexcept
{
    const auto low = [](Wide128 n) { return static_cast<Wide128>(static_cast<std::uint64_t>(n)); };
    const Wide128 cross_x = (x >> 64U) * low(y);
    const Wide128 cross_y = low(x) * (y >> 64U);
    const Wide128 middle = (low(x) * low(y) >> 64U) + low(cross_x) + low(cross_y);
    return (x >> 64U) * (y >> 64U) + (cross_x >> 64U) + (cross_y >> 64U) + (middle >> 64U);
}

/// x / 2^shift to the nearest integer, where x is known to within 2^10. No exponential or logarithm asked for here is a
/// tie, being transcendental; one nearer to a tie than that (none of 2^80 is expected) would need more digits.
[[nodiscard]] constexpr Wide128 nearest(Wide128 x, unsigned shift)
{
    constexpr Wide128 kUncertain = Wide128{1} << 10U;
    const Wide128 half = Wide128{1} << (shift - 1);
    const Wide128 rest = x & ((Wide128{1} << shift) - 1);
    if (rest + kUncertain > half && rest < half + kUncertain) throw std::logic_error("softmax: too near to a tie");
    return (x >> shift) + (rest > half ? 1 : 0);
}

}  // namespace fixed

/// The integer nearest to 2^32 * exp(-d * 2^-scale). d 0..2^62, scale 0..59.
[[nodiscard]] constexpr std::uint64_t exponential_share(std::uint64_t d, int scale)
{
    constexpr std::uint64_t kOne = std::uint64_t{1} << kShareBits;
    if (d == 0) return kOne;
    if (d >> static_cast<unsigned>(scale) >= 23) return 0;  // 2^32 exp(-23) < 1/2
    Wide128 product = 0;
    for (int j = kLargestPower; j >= -scale; --j) {
        if (((d >> static_cast<unsigned>(j + scale)) & 1U) == 0) continue;
        const Wide128 factor = fixed::exponential(j);
        product = product == 0 ? factor : fixed::high_product(product, factor);
    }
    return static_cast<std::uint64_t>(fixed::nearest(product, 128 - kShareBits));
}

/// The integer nearest to 2^40 * ln(sum * 2^-32). sum 2^32..2^48.
[[nodiscard]] constexpr std::uint64_t logarithm_of_shares(std::uint64_t sum)
{
    unsigned doublings = 0;
    while (sum >> (kShareBits + doublings + 1) != 0) ++doublings;
    // m in [1, 2), in units of 2^-127. Dividing it by exp(2^j) wherever it stays 1 or more spells its logarithm in
    // bits.
    constexpr Wide128 kOne = Wide128{1} << 127U;
    Wide128 m = static_cast<Wide128>(sum) << (127U - kShareBits - doublings);
    if (m == kOne && doublings == 0) return 0;
    Wide128 logarithm = 0;  // units of 2^-128
    for (int j = -1; j >= kSmallestPower; --j) {
        const Wide128 divided = fixed::high_product(m, fixed::exponential(j));
        if (divided < kOne) continue;
        m = divided;
        logarithm += Wide128{1} << static_cast<unsigned>(128 + j);
    }
    logarithm += (m - kOne) << 1U;  // ln m = m - 1 but for 2^-128
    constexpr unsigned kUnits = 120;
    const Wide128 all = (logarithm >> (128 - kUnits)) + doublings * fixed::joined(kLog2);
    return static_cast<std::uint64_t>(fixed::nearest(all, kUnits - kLossBits));
}

/// numerator / denominator to the nearest integer, ties to even. numerator < 2^63, denominator 1..2^62.
[[nodiscard]] constexpr std::int64_t round_half_even_quotient(std::uint64_t numerator,
                                                              std::uint64_t denominator) noexcept
{
    const std::uint64_t quotient = numerator / denominator;
    const std::uint64_t twice = 2 * (numerator % denominator);
    const bool up = twice > denominator || (twice == denominator && (quotient & 1U) != 0);
    return static_cast<std::int64_t>(quotient + (up ? 1 : 0));
}

}  // namespace wagesim::numerics
