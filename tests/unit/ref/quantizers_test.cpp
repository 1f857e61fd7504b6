// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The vector loops of the quantizers against ref/numerics, element by element: ties and ends of both signs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "ref/numerics/input_code.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/quantizers/activation.hpp"
#include "ref/quantizers/error.hpp"
#include "ref/quantizers/random_words.hpp"
#include "ref/quantizers/update.hpp"
#include "tests/unit/ref/random_tensor.hpp"

namespace wagesim::ref {
namespace {

using test::Fill;
using test::filled;

/// Multiples of half steps and their neighbours, both signs, up to `bound`; then random values.
template <class Sum>
std::vector<Sum> interesting(std::int64_t bound, int shift)
{
    std::mt19937_64 engine(20240701);
    auto out = filled<Sum>(400, -bound, bound, Fill::random, engine);
    const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 1;
    for (std::int64_t multiple = -300; multiple <= 300; ++multiple) {
        for (std::int64_t near = -1; near <= 1; ++near) {
            std::int64_t value = 0;
            if (__builtin_mul_overflow(multiple, half, &value)) continue;
            if (__builtin_add_overflow(value, near, &value)) continue;
            if (value >= -bound && value <= bound) out.push_back(static_cast<Sum>(value));
        }
    }
    for (const std::int64_t value : {bound, -bound, bound - 1, 1 - bound, std::int64_t{0}}) {
        out.push_back(static_cast<Sum>(value));
    }
    return out;
}

template <class Sum>
void expect_activation(std::int64_t bound, int shift, int bits)
{
    const auto sums = interesting<Sum>(bound, shift);
    ActivationRule rule;
    rule.shift = shift;
    rule.limit = static_cast<std::int32_t>(numerics::max_code(bits));
    rule.bound = bound;
    std::vector<std::int8_t> codes(sums.size());
    std::vector<std::uint8_t> flags(sums.size());
    activate(rule, sums.data(), sums.size(), codes.data(), flags.data());
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const std::int64_t sum = sums[i];
        ASSERT_EQ(codes[i], numerics::quantize(std::max<std::int64_t>(sum, 0), shift, bits)) << sum << " " << shift;
        ASSERT_EQ((flags[i] & kActive) != 0, sum > 0) << sum;
        const bool unclipped = sum <= numerics::max_code(bits) * (std::int64_t{1} << shift);
        ASSERT_EQ((flags[i] & kUnclipped) != 0, unclipped) << sum << " " << shift;
    }
}

TEST(Activation, EqualsTheContractForEveryShift)
{
    for (int shift = 1; shift <= 31; ++shift) {
        for (int bits = 2; bits <= 8; ++bits) {
            for (const std::int64_t bound : {std::int64_t{1000}, std::int64_t{1} << 24, std::int64_t{INT32_MAX}}) {
                expect_activation<std::int32_t>(bound, shift, bits);
                expect_activation<std::int64_t>(bound, shift, bits);
            }
            expect_activation<std::int64_t>((std::int64_t{1} << 62) - 1, shift, bits);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(InputCodes, InterleaveChannels)
{
    const auto table = numerics::input_table(InputRange::symmetric, 8);
    std::vector<std::uint8_t> bytes(3 * 100);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    std::vector<std::int8_t> codes(bytes.size());
    input_codes(table, bytes.data(), 3, 100, codes.data());
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t p = 0; p < 100; ++p) EXPECT_EQ(codes[p * 3 + c], table[bytes[c * 100 + p]]);
    }
}

template <class Sum, class Code>
void expect_errors(std::int64_t bound, std::int64_t largest, int gamma_log2, int bits)
{
    const ErrorRule rule = error_rule(largest, bound, gamma_log2, bits);
    const int t = numerics::exponent(static_cast<std::uint64_t>(largest)) - gamma_log2;
    ASSERT_EQ(rule.shift, t - (bits - 1));
    const auto errors = interesting<Sum>(bound, rule.shift);
    std::vector<std::uint8_t> flags(errors.size());
    for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = static_cast<std::uint8_t>(i % 4);
    std::vector<Code> codes(errors.size());
    const auto expected = [&](std::size_t i) { return numerics::quantize(errors[i], t - (bits - 1), bits); };
    quantize_error(rule, errors.data(), nullptr, 0, errors.size(), codes.data());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        ASSERT_EQ(codes[i], expected(i)) << errors[i] << " shift " << rule.shift << " bits " << bits;
    }
    for (const std::uint8_t required : {kUnclipped, static_cast<std::uint8_t>(kUnclipped | kActive)}) {
        quantize_error(rule, errors.data(), flags.data(), required, errors.size(), codes.data());
        for (std::size_t i = 0; i < codes.size(); ++i) {
            ASSERT_EQ(codes[i], (flags[i] & required) == required ? expected(i) : 0) << i;
        }
    }
}

TEST(ErrorCodes, EqualTheContractForEveryWidthAndGamma)
{
    for (int bits = 2; bits <= 16; ++bits) {
        for (int gamma = 0; gamma <= 8; gamma += 2) {
            for (int log = 0; log < 31; log += 3) {
                const std::int64_t largest = (std::int64_t{1} << log) + log;
                expect_errors<std::int32_t, std::int16_t>(largest, largest, gamma, bits);
                // Clipped outputs may be larger than m; they are masked, not undefined.
                expect_errors<std::int32_t, std::int16_t>(INT32_MAX, largest, gamma, bits);
                expect_errors<std::int64_t, std::int16_t>(std::int64_t{1} << 50, largest, gamma, bits);
                if (bits <= 8) expect_errors<std::int32_t, std::int8_t>(INT32_MAX, largest, gamma, bits);
                if (bits <= 8) expect_errors<std::int64_t, std::int8_t>(largest, largest, gamma, bits);
                if (HasFatalFailure()) return;
            }
            const std::int64_t most = (std::int64_t{1} << 62) - 1;
            expect_errors<std::int64_t, std::int16_t>(most, most, gamma, bits);
        }
    }
}

TEST(ErrorCodes, NoErrorGivesZeros)
{
    const std::vector<std::int32_t> errors = {5, -7};  // clipped, so that their maximum does not count
    std::vector<std::int8_t> codes = {1, 1};
    quantize_error(error_rule(0, 100, 0, 8), errors.data(), nullptr, 0, 2, codes.data());
    EXPECT_EQ(codes, (std::vector<std::int8_t>{0, 0}));
}

TEST(LargestMagnitude, CountsUnclippedOnlyAndBothSigns)
{
    std::vector<std::int32_t> values(100);
    values[17] = -50;
    values[90] = 49;
    values[99] = INT32_MAX;
    EXPECT_EQ(largest_magnitude(values.data(), nullptr, 99), 50);
    EXPECT_EQ(largest_magnitude(values.data(), nullptr, 100), INT32_MAX);
    std::vector<std::uint8_t> flags(100, kUnclipped);
    flags[99] = kActive;
    EXPECT_EQ(largest_magnitude(values.data(), flags.data(), 100), 50);
    flags[17] = 0;
    EXPECT_EQ(largest_magnitude(values.data(), flags.data(), 100), 49);
    const std::vector<std::int64_t> wide = {-(std::int64_t{1} << 61), 3};
    EXPECT_EQ(largest_magnitude(wide.data(), nullptr, 2), std::int64_t{1} << 61);
}

template <class Gradient>
void expect_update(const Widths& widths, WeightClip clip, std::int64_t largest, int eta)
{
    constexpr std::size_t kCount = 777;
    std::mt19937_64 engine(20240702);
    const std::int64_t limit = numerics::stored_weight_limit(widths, clip);
    auto gradients = filled<Gradient>(kCount, -largest, largest, Fill::random, engine);
    gradients[0] = static_cast<Gradient>(largest);
    gradients[1] = static_cast<Gradient>(-largest);
    gradients[2] = 0;
    auto words = filled<std::uint16_t>(kCount, 0, 65535, Fill::random, engine);
    words[0] = 0;
    words[1] = 65535;
    auto stored = filled<std::int16_t>(kCount, -limit, limit, Fill::random, engine);
    stored[0] = static_cast<std::int16_t>(-limit);
    stored[1] = static_cast<std::int16_t>(limit);
    const auto before = stored;
    std::vector<std::int8_t> codes(kCount);
    std::vector<std::int16_t> steps(kCount);
    update_weights(update_rule(largest, eta, widths, clip), gradients.data(), words.data(), kCount, stored.data(),
                   codes.data(), steps.data());
    const int e = numerics::exponent(static_cast<std::uint64_t>(largest));
    for (std::size_t i = 0; i < kCount; ++i) {
        const std::int64_t step = numerics::stochastic_step(gradients[i], e, eta, words[i]);
        const std::int64_t next = numerics::clip(before[i] - step, limit);
        ASSERT_EQ(steps[i], step) << gradients[i] << " " << largest << " " << eta << " " << words[i];
        ASSERT_EQ(stored[i], next);
        ASSERT_EQ(codes[i], numerics::weight_code(next, widths)) << next;
    }
}

TEST(Update, EqualsTheContract)
{
    for (int eta = -16; eta <= 8; eta += 4) {
        for (int w = 2; w <= 8; w += 2) {
            for (int g = w; g <= 16; g += 3) {
                Widths widths;
                widths.w = w;
                widths.g = g;
                for (const WeightClip clip : {WeightClip::kg, WeightClip::kw}) {
                    for (int log = 0; log < 62; log += 5) {
                        const std::int64_t largest = (std::int64_t{3} << log) / 2;
                        if (largest < 1) continue;
                        if (largest <= INT32_MAX) expect_update<std::int32_t>(widths, clip, largest, eta);
                        expect_update<std::int64_t>(widths, clip, largest, eta);
                        if (HasFatalFailure()) return;
                    }
                }
            }
        }
    }
}

TEST(RandomWords, AreTheCiphersWordsFromAnyStart)
{
    const numerics::Speck32 cipher(numerics::stream_key(7, numerics::RandomDomain::rounding, 12, 3));
    RandomWords words(cipher);
    const std::vector<std::uint64_t> starts = {0,
                                               1,
                                               2,
                                               255,
                                               256,
                                               511,
                                               (std::uint64_t{1} << 17) - 3,
                                               (std::uint64_t{1} << 32) - 5,
                                               (std::uint64_t{1} << 33) - 1000};
    for (const std::uint64_t first : starts) {
        for (const std::size_t count : {1U, 2U, 3U, 255U, 256U, 257U, 600U}) {
            const std::uint16_t* run = words.run(first, count);
            for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(run[i], cipher.word16(first + i)) << first << "+" << i;
        }
    }
}

TEST(WeightCodes, EqualTheContract)
{
    for (int w = 2; w <= 8; ++w) {
        for (int g = w; g <= 16; ++g) {
            Widths widths;
            widths.w = w;
            widths.g = g;
            std::vector<std::int16_t> stored;
            for (std::int64_t n = -numerics::max_code(g); n <= numerics::max_code(g); ++n) {
                stored.push_back(static_cast<std::int16_t>(n));
            }
            std::vector<std::int8_t> codes(stored.size());
            weight_codes(widths, stored.data(), stored.size(), codes.data());
            for (std::size_t i = 0; i < codes.size(); ++i) {
                ASSERT_EQ(codes[i], numerics::weight_code(stored[i], widths)) << stored[i];
            }
        }
    }
}

}  // namespace
}  // namespace wagesim::ref
