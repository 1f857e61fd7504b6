// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Q_W, Q_A and Q_E on floats against the integer operations of docs/numerics.md wherever both are defined, and against
// their closed forms elsewhere.
#include "ref/floating/quantizers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "ref/floating/hidden_output.hpp"
#include "ref/floating/parts.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::floating {
namespace {

/// n 2^-16 for n around every tie of every width, and beyond both limits.
std::vector<std::int64_t> sixteenths_of_bits()
{
    std::vector<std::int64_t> out;
    for (std::int64_t n = -200000; n <= 200000; n += 97) out.push_back(n);
    for (std::int64_t tie = -128; tie <= 128; ++tie) {
        for (std::int64_t near = -1; near <= 1; ++near) out.push_back(tie * 256 + near);
    }
    return out;
}

std::vector<float> as_floats(const std::vector<std::int64_t>& codes, int fraction_bits)
{
    std::vector<float> out;
    out.reserve(codes.size());
    for (const std::int64_t n : codes) out.push_back(std::ldexp(static_cast<float>(n), -fraction_bits));
    return out;
}

TEST(FloatQuantizers, EquationThreeIsThatOfTheIntegers)
{
    const std::vector<std::int64_t> codes = sixteenths_of_bits();
    const std::vector<float> values = as_floats(codes, 16);
    for (int bits = 2; bits <= 16; ++bits) {
        std::vector<float> got(values.size());
        quantize(bits, values.data(), values.size(), got.data());
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const std::int64_t expected = numerics::quantize(codes[i], 16 - (bits - 1), bits);
            ASSERT_EQ(got[i], std::ldexp(static_cast<float>(expected), 1 - bits)) << codes[i] << " bits " << bits;
        }
    }
}

TEST(FloatQuantizers, TheExamplesOfThePaper)
{
    const std::vector<float> values = {-1.0F, 0.2F, 0.6F};
    std::vector<float> got(3);
    quantize(2, values.data(), 3, got.data());
    EXPECT_EQ(got, (std::vector<float>{-0.5F, 0.0F, 0.5F}));
    EXPECT_EQ(grid_step(2), 0.5F);
    EXPECT_EQ(grid_limit(8), 127.0F / 128.0F);
}

TEST(FloatQuantizers, ActivationsAndFlagsAreThoseOfTheIntegers)
{
    const std::vector<std::int64_t> sums = sixteenths_of_bits();
    for (int bits = 2; bits <= 8; ++bits) {
        for (int attenuation = 0; attenuation <= 5; ++attenuation) {
            // Sums in units of 2^-(kA - 1) 2^-1, as with kW = 2.
            const std::vector<float> values = as_floats(sums, bits);
            std::vector<float> outputs(sums.size());
            std::vector<std::uint8_t> flags(sums.size());
            activate(bits, std::ldexp(1.0F, -attenuation), values.data(), sums.size(), outputs.data(), flags.data());
            const int shift = 1 + attenuation;
            for (std::size_t i = 0; i < sums.size(); ++i) {
                const std::int64_t expected = numerics::quantize(std::max<std::int64_t>(sums[i], 0), shift, bits);
                ASSERT_EQ(outputs[i], std::ldexp(static_cast<float>(expected), 1 - bits)) << sums[i];
                ASSERT_EQ((flags[i] & kActive) != 0, sums[i] > 0);
                ASSERT_EQ((flags[i] & kUnclipped) != 0,
                          sums[i] <= numerics::max_code(bits) * (std::int64_t{1} << shift));
            }
        }
    }
}

TEST(FloatQuantizers, WithoutBitsOnlyTheNegativeGo)
{
    const std::vector<float> values = {-3.0F, -0.0F, 0.0F, 1e-30F, 5000.0F};
    std::vector<float> outputs(5);
    std::vector<std::uint8_t> flags(5);
    activate(0, 0.5F, values.data(), 5, outputs.data(), flags.data());
    EXPECT_EQ(outputs, (std::vector<float>{0.0F, 0.0F, 0.0F, 0.5e-30F, 2500.0F}));
    EXPECT_EQ(flags, (std::vector<std::uint8_t>{kUnclipped, kUnclipped, kUnclipped, kActive | kUnclipped,
                                                kActive | kUnclipped}));
}

TEST(FloatQuantizers, ExponentIsThatOfTheIntegers)
{
    for (std::int64_t m = 1; m < 70000; ++m) {
        const int expected = numerics::exponent(static_cast<std::uint64_t>(m));
        ASSERT_EQ(exponent(static_cast<float>(m)), expected) << m;
        ASSERT_EQ(exponent(std::ldexp(static_cast<float>(m), -100)), expected - 100) << m;
    }
    // The neighbours of sqrt(2).
    EXPECT_EQ(exponent(1.41421354F), 0);
    EXPECT_EQ(exponent(1.41421366F), 1);
    EXPECT_EQ(exponent(std::numeric_limits<float>::denorm_min()), -149);
    EXPECT_EQ(exponent(std::numeric_limits<float>::max()), 128);
}

TEST(FloatQuantizers, ErrorsAreThoseOfTheIntegersAtEveryMagnitude)
{
    std::mt19937_64 engine(20261125);
    std::uniform_int_distribution<std::int64_t> value(-(1 << 20), 1 << 20);
    std::vector<std::int64_t> codes(999);
    for (std::int64_t& code : codes) code = value(engine);
    for (const int magnitude : {-140, -60, -20, 0, 60, 100}) {
        for (int bits = 2; bits <= 16; bits += 2) {
            for (int gamma = 0; gamma <= 8; gamma += 4) {
                std::vector<float> errors = as_floats(codes, -magnitude);
                const float largest = largest_magnitude(errors.data(), nullptr, 0, errors.size());
                if (magnitude < -120) continue;  // below, floats lose their last bits
                std::int64_t most = 0;
                for (const std::int64_t code : codes) most = std::max(most, numerics::magnitude(code));
                ASSERT_EQ(largest, std::ldexp(static_cast<float>(most), magnitude));
                quantize_errors(error_rule(largest, gamma, bits, 1.0F), nullptr, 0, errors.size(), errors.data());
                const int t = numerics::exponent(static_cast<std::uint64_t>(most)) - gamma;
                for (std::size_t i = 0; i < codes.size(); ++i) {
                    const std::int64_t expected = numerics::quantize(codes[i], t - (bits - 1), bits);
                    ASSERT_EQ(errors[i], std::ldexp(static_cast<float>(expected), 1 - bits))
                        << codes[i] << " 2^" << magnitude << " bits " << bits << " gamma " << gamma;
                }
            }
        }
    }
}

TEST(FloatQuantizers, ErrorsOutsideTheMaskAreZeroAndDoNotCount)
{
    std::vector<float> errors = {100.0F, -3.0F, 2.0F, 1.0F};
    const std::vector<std::uint8_t> flags = {kActive, kUnclipped, kActive | kUnclipped, kActive | kUnclipped};
    const float largest = largest_magnitude(errors.data(), flags.data(), kUnclipped, 4);
    EXPECT_EQ(largest, 3.0F);
    std::vector<float> masked = errors;
    mask_errors(0.5F, flags.data(), kActive | kUnclipped, 4, masked.data());
    EXPECT_EQ(masked, (std::vector<float>{0.0F, 0.0F, 1.0F, 0.5F}));
    quantize_errors(error_rule(largest, 0, 8, 0.25F), flags.data(), kActive | kUnclipped, 4, errors.data());
    EXPECT_EQ(errors, (std::vector<float>{0.0F, 0.0F, 0.5F * 0.25F, 0.25F * 0.25F}));  // Shift(3) = 4
}

TEST(FloatQuantizers, NoErrorGivesZerosAndDivergenceStaysVisible)
{
    std::vector<float> errors = {0.0F, -0.0F};
    quantize_errors(error_rule(0.0F, 0, 8, 1.0F), nullptr, 0, 2, errors.data());
    EXPECT_EQ(errors, (std::vector<float>{0.0F, 0.0F}));
    for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        errors = {1.0F, -bad};
        const float largest = largest_magnitude(errors.data(), nullptr, 0, 2);
        EXPECT_FALSE(std::isfinite(largest));
        quantize_errors(error_rule(largest, 0, 8, 1.0F), nullptr, 0, 2, errors.data());
        EXPECT_TRUE(std::isnan(errors[0]) && std::isnan(errors[1]));
    }
}

/// A batch is looked at in parts: a NaN in any of them must reach the rule.
TEST(FloatQuantizers, NaNInAnySampleIsTheLargestError)
{
    constexpr std::size_t kSamples = 100;
    for (std::size_t at = 0; at < kSamples; ++at) {
        std::vector<float> errors(kSamples, 1.0F);
        errors[at] = std::numeric_limits<float>::quiet_NaN();
        EXPECT_TRUE(std::isnan(largest_error(errors.data(), nullptr, 0, kSamples, 1, samples_of_a_part(kSamples))))
            << at;
    }
    const std::vector<float> errors = {0.5F, -2.0F, 1.0F};
    EXPECT_EQ(largest_error(errors.data(), nullptr, 0, 3, 1, 1), 2.0F);
}

}  // namespace
}  // namespace wagesim::floating
