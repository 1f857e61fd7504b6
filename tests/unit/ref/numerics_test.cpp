// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// ref/numerics against the definitions, in exact rationals: distances compared, never the same shift trick again.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "ref/numerics/input_code.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"

namespace wagesim::numerics {
namespace {

__extension__ using Int128 = __int128;

Int128 distance(Int128 x, Int128 y)
{
    return x < y ? y - x : x - y;
}

/// The nearest integer to n / d (d > 0), ties to even, by looking at the two candidates.
Int128 nearest(Int128 n, Int128 d)
{
    Int128 low = n / d;
    if (low * d > n) --low;  // floor
    const Int128 to_low = distance(n, low * d);
    const Int128 to_high = distance(n, (low + 1) * d);
    if (to_low != to_high) return to_low < to_high ? low : low + 1;
    return low % 2 == 0 ? low : low + 1;
}

const std::vector<std::int64_t>& extremes()
{
    static const std::vector<std::int64_t> values = [] {
        std::vector<std::int64_t> out;
        for (int bit = 0; bit < 62; ++bit) {
            for (std::int64_t near = -3; near <= 3; ++near) {
                const std::int64_t value = (std::int64_t{1} << bit) + near;
                out.push_back(value);
                out.push_back(-value);
                out.push_back(value + (std::int64_t{1} << (bit / 2)));
            }
        }
        out.push_back((std::int64_t{1} << 62) - 1);
        out.push_back(-(std::int64_t{1} << 62) + 1);
        return out;
    }();
    return values;
}

TEST(RoundHalfEvenShift, IsTheNearestIntegerForAllSmallValues)
{
    for (int s = 0; s <= 14; ++s) {
        for (std::int64_t n = -4100; n <= 4100; ++n) {
            ASSERT_EQ(round_half_even_shift(n, s), static_cast<std::int64_t>(nearest(n, Int128{1} << s)))
                << n << " / 2^" << s;
        }
    }
}

TEST(RoundHalfEvenShift, IsTheNearestIntegerAtTheExtremes)
{
    for (int s = 0; s <= 62; ++s) {
        for (const std::int64_t n : extremes()) {
            ASSERT_EQ(round_half_even_shift(n, s), static_cast<std::int64_t>(nearest(n, Int128{1} << s)))
                << n << " / 2^" << s;
        }
    }
    for (const std::int64_t n : extremes()) {
        EXPECT_EQ(round_half_even_shift(n, 63), 0);
        EXPECT_EQ(round_half_even_shift(n, 100), 0);
    }
}

TEST(RoundHalfEvenShift, TiesGoToEvenForBothSigns)
{
    EXPECT_EQ(round_half_even_shift(1, 1), 0);
    EXPECT_EQ(round_half_even_shift(3, 1), 2);
    EXPECT_EQ(round_half_even_shift(5, 1), 2);
    EXPECT_EQ(round_half_even_shift(-1, 1), 0);
    EXPECT_EQ(round_half_even_shift(-3, 1), -2);
    EXPECT_EQ(round_half_even_shift(-5, 1), -2);
    EXPECT_EQ(round_half_even_shift(-7, 1), -4);
}

TEST(RoundHalfEvenShift, ANegativeShiftIsTheExactLeftShift)
{
    for (int s = 0; s <= 40; ++s) {
        for (const std::int64_t n : {-1000, -3, -1, 0, 1, 2, 1000}) {
            EXPECT_EQ(round_half_even_shift(n, -s), static_cast<std::int64_t>(Int128{n} * (Int128{1} << s)));
        }
    }
}

TEST(Quantize, IsRoundThenClipForEveryShiftAndWidth)
{
    for (int bits = 2; bits <= 16; ++bits) {
        const Int128 limit = (Int128{1} << (bits - 1)) - 1;
        for (int s = -63; s <= 62; ++s) {
            for (const std::int64_t n : extremes()) {
                Int128 exact = s >= 0 ? nearest(n, Int128{1} << s) : Int128{n} * (Int128{1} << -s);
                if (exact > limit) exact = limit;
                if (exact < -limit) exact = -limit;
                ASSERT_EQ(quantize(n, s, bits), static_cast<std::int64_t>(exact)) << n << " " << s << " " << bits;
            }
        }
    }
}

/// exponent(m) is the e with 2^(e - 1/2) < m < 2^(e + 1/2), that is 2^(2e - 1) < m^2 < 2^(2e + 1).
bool is_exponent(std::uint64_t m, int e)
{
    __extension__ using Uint128 = unsigned __int128;
    const Uint128 square = static_cast<Uint128>(m) * m;
    const bool above = e == 0 ? m >= 1 : square > (Uint128{1} << (2 * e - 1));
    return above && square < (Uint128{1} << (2 * e + 1));
}

TEST(Exponent, IsTheRoundedLogarithmForSmallValues)
{
    for (std::uint64_t m = 1; m < 300000; ++m) ASSERT_TRUE(is_exponent(m, exponent(m))) << m << " " << exponent(m);
}

TEST(Exponent, IsTheRoundedLogarithmAroundItsSteps)
{
    for (int f = 1; f < 62; ++f) {
        const auto root = static_cast<std::uint64_t>(std::sqrt(2.0L) * std::ldexp(1.0L, f));
        for (std::uint64_t near = 0; near < 5; ++near) {
            for (const std::uint64_t m : {(std::uint64_t{1} << f) - 2 + near, root - 2 + near}) {
                if (m < 1 || m > std::uint64_t{1} << 62) continue;
                ASSERT_TRUE(is_exponent(m, exponent(m))) << m << " " << exponent(m);
            }
        }
    }
    EXPECT_EQ(exponent(std::uint64_t{1} << 62), 62);
    EXPECT_EQ(exponent(1), 0);
    EXPECT_EQ(exponent(3), 2);
}

TEST(InputCode, IsTheRoundedRational)
{
    for (int ka = 2; ka <= 8; ++ka) {
        const Int128 scale = Int128{1} << (ka - 1);
        const Int128 limit = scale - 1;
        for (int p = 0; p < 256; ++p) {
            const Int128 unit = std::min(limit, nearest(p * scale, 255));
            EXPECT_EQ(input_code(p, InputRange::unit, ka), static_cast<std::int64_t>(unit)) << p << " " << ka;
            Int128 symmetric = nearest((2 * p - 255) * scale, 255);
            symmetric = std::max(-limit, std::min(limit, symmetric));
            EXPECT_EQ(input_code(p, InputRange::symmetric, ka), static_cast<std::int64_t>(symmetric)) << p << " " << ka;
        }
    }
}

/// floor(|g| * 2^(16 + h) / 2^e) in 128 bits, without the combined shift.
std::int64_t expected_step(std::int64_t g, int e, int h, std::uint16_t word)
{
    const Int128 size = g < 0 ? -Int128{g} : Int128{g};
    const Int128 scaled = size * (Int128{1} << (16 + h));
    const Int128 q = scaled / (Int128{1} << e);
    const Int128 step = q / 65536 + (word < static_cast<std::uint32_t>(q % 65536) ? 1 : 0);
    return static_cast<std::int64_t>(g < 0 ? -step : step);
}

TEST(StochasticStep, IsTheFormulaAndStaysInItsBound)
{
    const std::vector<std::uint16_t> words = {0, 1, 2, 32767, 32768, 65534, 65535};
    for (int h = -16; h <= 8; ++h) {
        const auto bound = static_cast<std::int64_t>(std::floor(std::sqrt(2.0) * std::ldexp(1.0, h))) + 1;
        for (const std::int64_t m : extremes()) {
            if (m < 1) continue;
            const int e = exponent(static_cast<std::uint64_t>(m));
            for (const std::int64_t g : {m, -m, m / 2, -(m / 3), m - m / 7, std::int64_t{0}, std::int64_t{-1}}) {
                for (const std::uint16_t word : words) {
                    const std::int64_t step = stochastic_step(g, e, h, word);
                    ASSERT_EQ(step, expected_step(g, e, h, word)) << g << " " << e << " " << h << " " << word;
                    ASSERT_LE(magnitude(step), bound) << g << " " << h;
                }
            }
        }
    }
}

TEST(StochasticStep, RoundsUpForExactlyTheFractionsShareOfWords)
{
    for (const std::int64_t g : {1, 37, 181, 255, -100}) {
        const int e = exponent(255);
        std::int64_t total = 0;
        for (std::uint32_t word = 0; word < 65536; ++word) {
            total += stochastic_step(g, e, 0, static_cast<std::uint16_t>(word));
        }
        EXPECT_EQ(total, g * 65536 / 256) << g;
    }
}

TEST(Weight, CodesAreRoundedAndClippedForEveryWidth)
{
    for (int w = 2; w <= 8; ++w) {
        for (int g = w; g <= 16; ++g) {
            Widths widths;
            widths.w = w;
            widths.g = g;
            const Int128 limit = (Int128{1} << (w - 1)) - 1;
            const std::int64_t largest = stored_weight_limit(widths, WeightClip::kg);
            EXPECT_EQ(largest, (std::int64_t{1} << (g - 1)) - 1);
            EXPECT_EQ(stored_weight_limit(widths, WeightClip::kw), limit * (Int128{1} << (g - w)));
            for (std::int64_t stored = -largest; stored <= largest; ++stored) {
                Int128 code = nearest(stored, Int128{1} << (g - w));
                code = std::max(-limit, std::min(limit, code));
                ASSERT_EQ(weight_code(stored, widths), static_cast<std::int64_t>(code))
                    << stored << " " << w << " " << g;
            }
        }
    }
}

TEST(Weight, InitialValuesAreSymmetricAndReachTheLimits)
{
    const Widths widths;
    for (const WeightGrid grid : {WeightGrid::kg, WeightGrid::kw}) {
        for (std::uint32_t word = 0; word < 1000; ++word) {
            const std::int64_t low = initial_weight(word, 0.75, grid, widths, WeightClip::kg);
            EXPECT_EQ(low, -initial_weight(~word, 0.75, grid, widths, WeightClip::kg)) << word;
        }
    }
    EXPECT_EQ(initial_weight(~0U, 0.75, WeightGrid::kg, widths, WeightClip::kg), 96);  // 0.75 * 128
    EXPECT_EQ(initial_weight(~0U, 2.0, WeightGrid::kg, widths, WeightClip::kg), 127);
    EXPECT_EQ(initial_weight(~0U, 2.0, WeightGrid::kg, widths, WeightClip::kw), 64);
    // On the coarse grid 0.75 * 2 = 1.5 minus a little rounds to 1, times 2^6.
    EXPECT_EQ(initial_weight(~0U, 0.75, WeightGrid::kw, widths, WeightClip::kg), 64);
}

TEST(Weight, AttenuationReadsTheUnlimitedRange)
{
    // fan-in 9, kW 2: l = 0.816 > Lmin = 0.75, so 0; fan-in 800: l = 0.0866, log2(8.66) = 3.11, so 3.
    EXPECT_EQ(attenuation({}, 9, 2), 0);
    EXPECT_EQ(attenuation({}, 800, 2), 3);
    EXPECT_EQ(attenuation({}, 3136, 2), 4);
    EXPECT_GT(attenuation({5e-324, 1.5, WeightGrid::kg}, 25, 2), 24) << "l underflows to 0: refused, never wrapped";
}

TEST(Speck, PublishedVector)
{
    constexpr Speck32 kCipher(0x1918111009080100U);
    static_assert(kCipher.encrypt(0x6574694CU) == 0xA86842F2U);
    EXPECT_EQ(kCipher.word16(2U * 0x6574694CU), 0x42F2);
    EXPECT_EQ(kCipher.word16(2U * std::uint64_t{0x6574694CU} + 1), 0xA868);
    EXPECT_EQ(kCipher.word32(0x6574694CU), 0xA86842F2U);
}

TEST(Bounded, StaysBelowAndReachesBothEnds)
{
    for (const std::uint32_t n : {1U, 2U, 9U, 1000U, ~0U}) {
        EXPECT_EQ(bounded(0, n), 0U);
        EXPECT_EQ(bounded(~0U, n), n - 1);
    }
}

}  // namespace
}  // namespace wagesim::numerics
