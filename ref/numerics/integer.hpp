// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The elementary integer operations of docs/numerics.md section 1. This header IS normative: whatever it returns is
// what every engine must return. It is not an implementation for hardware; rtl/ is written from the text, not from
// here.
#pragma once

#include <cstdint>

namespace wagesim::numerics {

/// N(k) = 2^(k-1) - 1, the largest magnitude of a k-bit code (Eq. 3); k in 1..62.
[[nodiscard]] constexpr std::int64_t max_code(int bits) noexcept
{
    return (std::int64_t{1} << (bits - 1)) - 1;
}

/// n limited to [-limit, +limit]; limit >= 0.
[[nodiscard]] constexpr std::int64_t clip(std::int64_t n, std::int64_t limit) noexcept
{
    if (n > limit) return limit;
    if (n < -limit) return -limit;
    return n;
}

/// |n|; n > INT64_MIN.
[[nodiscard]] constexpr std::int64_t magnitude(std::int64_t n) noexcept
{
    return n < 0 ? -n : n;
}

/// rne(n, s): n / 2^s rounded to nearest, ties to even; for s < 0 the exact left shift n * 2^-s (docs/numerics.md
/// section 1). |n| < 2^62; for s < 0 the caller guarantees |n| * 2^-s < 2^63.
[[nodiscard]] constexpr std::int64_t round_half_even_shift(std::int64_t n, int shift) noexcept
{
    if (shift <= 0) return n * (std::int64_t{1} << -shift);
    if (shift >= 63) return 0;  // |n| < 2^62, so |n / 2^63| < 1/2
    const std::int64_t floor = n >> shift;
    const std::int64_t remainder = n - floor * (std::int64_t{1} << shift);
    const std::int64_t half = std::int64_t{1} << (shift - 1);
    const bool up = remainder > half || (remainder == half && (floor & 1) != 0);
    return floor + (up ? 1 : 0);
}

/// clip(rne(n, s), N(bits)) for every s, also where the left shift of a large n would leave 64 bits.
[[nodiscard]] constexpr std::int64_t quantize(std::int64_t n, int shift, int bits) noexcept
{
    const std::int64_t limit = max_code(bits);
    if (shift < 0) {
        if (n == 0) return 0;
        if (-shift >= 62 || magnitude(n) > (limit >> -shift)) return n > 0 ? limit : -limit;
    }
    return clip(round_half_even_shift(n, shift), limit);
}

/// floor(log2 m); m >= 1.
[[nodiscard]] constexpr int floor_log2(std::uint64_t m) noexcept
{
    int f = 0;
    while (m > 1) {
        m >>= 1;
        ++f;
    }
    return f;
}

/// exponent(m) = round(log2 m) (Eq. 4), 1 <= m <= 2^62: f + 1 where m^2 > 2^(2f+1), else f, with f = floor(log2 m).
[[nodiscard]] constexpr int exponent(std::uint64_t m) noexcept
{
    const int f = floor_log2(m);
    // m^2 < 2^126 fits the unsigned 128-bit product; __extension__ because ISO C++17 has no 128-bit type.
    __extension__ using Uint128 = unsigned __int128;
    const Uint128 square = static_cast<Uint128>(m) * m;
    return square > (static_cast<Uint128>(1) << (2 * f + 1)) ? f + 1 : f;
}

}  // namespace wagesim::numerics
