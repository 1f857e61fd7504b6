// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The twin's modes against the normative integers, element by element: every width, every shift, corners of both signs.
// What is expected is computed one element at a time by ref/numerics, in 128 bits where that is what "exact" takes.
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "ref/numerics/input_code.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"
#include "tests/unit/tlm/quantize_update/operands.hpp"
#include "tests/unit/tlm/quantize_update/twin_fixture.hpp"

namespace wagesim::chip::testing {
namespace {

constexpr std::size_t kCount = 1500;
/// More than the twin gives to one thread.
constexpr std::size_t kMany = 200001;

template <class T>
class TwinOperands : public ::testing::Test {
};
using Accumulators = ::testing::Types<std::int32_t, std::int64_t>;
TYPED_TEST_SUITE(TwinOperands, Accumulators);

TEST(Twin, InputIsATable)
{
    Unit unit;
    for (const InputRange range : {InputRange::unit, InputRange::symmetric}) {
        const auto table = numerics::input_table(range, 8);
        for (std::uint32_t word = 0; word < 64; ++word) {
            std::uint32_t value = 0;
            for (std::uint32_t i = 0; i < 4; ++i) {
                value |= std::uint32_t{static_cast<std::uint8_t>(table[4 * word + i])} << (8 * i);
            }
            unit.twin.write_register(static_cast<std::uint32_t>(Register::table) + 4 * word, value);
        }
        std::vector<std::uint8_t> bytes(kMany);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
        std::vector<std::int8_t> codes(bytes.size());
        EXPECT_EQ(unit.run(Mode::input, {kMany, 0, in(bytes), {}, out(codes), {}}), (kMany + 15) / 16 + 2);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            ASSERT_EQ(codes[i], numerics::input_code(bytes[i], range, 8)) << int{bytes[i]};
        }
    }
}

template <class T>
void expect_activations(Unit& unit, const Widths& widths, int attenuation, const std::vector<T>& acc)
{
    unit.set(widths);
    unit.set(Register::attenuation, attenuation);
    std::vector<std::int8_t> codes(acc.size());
    std::vector<std::uint8_t> flags(acc.size(), 0xFF);
    unit.run(Mode::activation, {acc.size(), 0, in(acc), {}, out(codes), out(flags)});
    const int shift = widths.w - 1 + attenuation;
    const std::int64_t limit = numerics::max_code(widths.a);
    for (std::size_t i = 0; i < acc.size(); ++i) {
        const std::int64_t value = acc[i];
        ASSERT_EQ(codes[i], numerics::quantize(std::max<std::int64_t>(value, 0), shift, widths.a))
            << value << " >> " << shift << " to " << widths.a << " bits";
        const unsigned expected = (value > 0 ? 1U : 0U) | (value <= limit * (std::int64_t{1} << shift) ? 2U : 0U);
        ASSERT_EQ(flags[i], expected) << value << " >> " << shift << " to " << widths.a << " bits";
    }
}

TYPED_TEST(TwinOperands, Activation)
{
    Unit unit;
    const auto acc = operands<TypeParam>(kCount);
    for (int kw = 2; kw <= 8; ++kw) {
        for (int ka = 2; ka <= 8; ++ka) {
            for (int attenuation = 0; attenuation <= 31; ++attenuation) {
                ASSERT_NO_FATAL_FAILURE(expect_activations(unit, {kw, ka, 8, 8}, attenuation, acc));
            }
        }
    }
    expect_activations(unit, {}, 3, operands<TypeParam>(kMany));
}

TYPED_TEST(TwinOperands, ActivationOfEveryOperandNearZero)
{
    Unit unit;
    std::vector<TypeParam> acc;
    for (int n = -70000; n <= 70000; ++n) acc.push_back(static_cast<TypeParam>(n));
    for (const int attenuation : {0, 1, 4, 8}) expect_activations(unit, {}, attenuation, acc);
}

TYPED_TEST(TwinOperands, AbsMaxWithAndWithoutFlags)
{
    for (const std::size_t count : {kCount, kMany}) {
        const auto values = operands<TypeParam>(count);
        const auto flags = random_flags(values.size());
        std::uint64_t all = 0;
        std::uint64_t unclipped = 0;
        // The largest operand would hide every other: from a prefix without it, too.
        for (const std::size_t taken : {std::size_t{1}, std::size_t{97}, values.size()}) {
            all = 0;
            unclipped = 0;
            for (std::size_t i = 0; i < taken; ++i) {
                const auto size = static_cast<std::uint64_t>(numerics::magnitude(values[i]));
                all = std::max(all, size);
                if ((flags[i] & kFlagUnclipped) != 0) unclipped = std::max(unclipped, size);
            }
            for (const Mode mode : {Mode::abs_max, Mode::gradient_abs_max}) {
                Unit unit;
                unit.run(mode, {taken, 0, in(values), {}, {}, {}});
                EXPECT_EQ(unit.get(Register::max_low, Register::max_high), all);
            }
            Unit unit;
            unit.run(Mode::abs_max, {taken, 0, in(values), in(flags), {}, {}});
            EXPECT_EQ(unit.get(Register::max_low, Register::max_high), unclipped);
        }
        EXPECT_EQ(all, std::uint64_t{1} << (sizeof(TypeParam) == 4 ? 31U : 47U)) << "the most negative operand";
    }
}

TEST(Twin, TheMaximumRunsOverBursts)
{
    Unit unit;
    unit.set(Register::max_low, 100);
    const std::vector<std::int32_t> small = {-99};
    unit.run(Mode::abs_max, {1, 0, in(small), {}, {}, {}});
    EXPECT_EQ(unit.get(Register::max_low), 100U);
    const std::vector<std::int32_t> large = {-101};
    unit.run(Mode::gradient_abs_max, {1, 0, in(large), {}, {}, {}});
    EXPECT_EQ(unit.get(Register::max_low), 101U);
}

template <class Code, class T>
void expect_errors(Unit& unit, int ke, int exponent, int log2_gamma, const std::vector<T>& e,
                   const std::vector<std::uint8_t>& flags)
{
    unit.set(Widths{2, 8, 8, ke});
    unit.set(Register::exponent, exponent);
    unit.set(Register::gamma, log2_gamma);
    std::vector<Code> codes(e.size(), 1);
    const bool masked = !flags.empty();
    unit.run(Mode::error, {e.size(), 0, in(e), masked ? in(flags) : ConstStream{}, out(codes), {}});
    const int shift = exponent - log2_gamma - (ke - 1);
    for (std::size_t i = 0; i < e.size(); ++i) {
        const bool zero = exponent < 0 || (masked && (flags[i] & kFlagUnclipped) == 0);
        ASSERT_EQ(codes[i], zero ? 0 : numerics::quantize(e[i], shift, ke))
            << std::int64_t{e[i]} << " >> " << shift << " to " << ke << " bits";
    }
}

TYPED_TEST(TwinOperands, Error)
{
    Unit unit;
    const auto e = operands<TypeParam>(kCount);
    const auto flags = random_flags(e.size());
    for (int ke = 2; ke <= 16; ++ke) {
        for (int exponent = -1; exponent <= 64; ++exponent) {
            for (const int log2_gamma : {0, 3, 8}) {
                ASSERT_NO_FATAL_FAILURE((expect_errors<std::int16_t>(unit, ke, exponent, log2_gamma, e, {})));
                if (ke > 8) continue;
                ASSERT_NO_FATAL_FAILURE((expect_errors<std::int8_t>(unit, ke, exponent, log2_gamma, e, flags)));
            }
        }
    }
    for (const int exponent : {-128, -2, 100, 127}) expect_errors<std::int8_t>(unit, 8, exponent, 0, e, {});
    const auto many = operands<TypeParam>(kMany);
    expect_errors<std::int8_t>(unit, 8, 20, 1, many, random_flags(many.size()));
    expect_errors<std::int16_t>(unit, 12, 20, 1, many, random_flags(many.size()));
}

/// Loss as two halves, low first.
[[nodiscard]] std::pair<std::uint64_t, std::uint64_t> loss_of(Unit& unit)
{
    return {unit.get(Register::loss_0, Register::loss_1), unit.get(Register::loss_2, Register::loss_3)};
}

template <class T>
void expect_output_errors(std::size_t segment, int attenuation)
{
    const Widths widths{4, 6, 8, 8};
    const int shift = 3 + 5 + attenuation;
    auto acc = operands<T>(kCount);
    acc.resize(acc.size() / segment * segment);
    // The result has to stay in the lane and the type, as the chip's proven bounds see to.
    for (T& each : acc) each = static_cast<T>(each / 4);
    std::vector<std::uint16_t> labels(acc.size() / segment);
    for (std::size_t s = 0; s < labels.size(); ++s) {
        labels[s] = static_cast<std::uint16_t>(s % (segment + 2));  // some are no class at all
    }
    Unit unit;
    unit.set(widths);
    unit.set(Register::attenuation, attenuation);
    std::vector<T> errors(acc.size());
    std::vector<std::uint16_t> classes(labels.size());
    EXPECT_EQ(unit.run(Mode::output_error, {acc.size(), segment, in(acc), in(labels), out(errors), out(classes)}),
              acc.size() + 6);
    Uint128 loss = 0;
    std::uint64_t maximum = 0;
    for (std::size_t s = 0; s < labels.size(); ++s) {
        const auto first = acc.begin() + static_cast<std::ptrdiff_t>(s * segment);
        EXPECT_EQ(classes[s], std::max_element(first, first + static_cast<std::ptrdiff_t>(segment)) - first);
        for (std::size_t j = 0; j < segment; ++j) {
            const std::int64_t target = j == labels[s] ? std::int64_t{1} << shift : 0;
            const std::int64_t e = acc[s * segment + j] - target;
            ASSERT_EQ(errors[s * segment + j], e);
            const auto size = static_cast<std::uint64_t>(numerics::magnitude(e));
            loss += static_cast<Uint128>(size) * size;
            maximum = std::max(maximum, size);
        }
    }
    EXPECT_EQ(loss_of(unit), std::make_pair(static_cast<std::uint64_t>(loss), static_cast<std::uint64_t>(loss >> 64U)));
    EXPECT_EQ(unit.get(Register::max_low, Register::max_high), maximum);
    if constexpr (sizeof(T) == 8) {
        EXPECT_NE(loss_of(unit).second, 0U) << "the sum has to need more than 64 bits";
    }

    std::vector<T> in_place = acc;
    unit.run(Mode::output_error, {acc.size(), segment, in(in_place), in(labels), out(in_place), out(classes)});
    EXPECT_EQ(in_place, errors);
    loss *= 2;
    EXPECT_EQ(loss_of(unit), std::make_pair(static_cast<std::uint64_t>(loss), static_cast<std::uint64_t>(loss >> 64U)))
        << "the loss runs over bursts";
}

TYPED_TEST(TwinOperands, OutputError)
{
    expect_output_errors<TypeParam>(10, 0);
    expect_output_errors<TypeParam>(1, 24 - 5);
    expect_output_errors<TypeParam>(37, 7);
}

TEST(Twin, TheFirstOfEqualOutputsWins)
{
    Unit unit;
    const std::vector<std::int32_t> acc = {-5, -5, -5, 1, 3, 3, 0, 0, -1};
    const std::vector<std::uint16_t> labels = {0, 0, 0};
    std::vector<std::int32_t> errors(acc.size());
    std::vector<std::uint16_t> classes(3);
    unit.run(Mode::output_error, {9, 3, in(acc), in(labels), out(errors), out(classes)});
    EXPECT_EQ(classes, (std::vector<std::uint16_t>{0, 1, 0}));
}

/// The steps of docs/numerics.md section 7, in 128 bits and saturated as the module's page says.
[[nodiscard]] std::int64_t expected_step(std::int64_t gradient, int shift, std::uint16_t word)
{
    const auto size = static_cast<Uint128>(numerics::magnitude(gradient));
    const Uint128 q = shift >= 0 ? size << shift : (shift > -64 ? size >> -shift : Uint128{0});
    const Uint128 step = (q >> 16U) + (word < static_cast<std::uint32_t>(q & 0xFFFFU) ? 1U : 0U);
    const auto saturated = static_cast<std::int64_t>(std::min(step, Uint128{32767}));
    return gradient < 0 ? -saturated : saturated;
}

template <class T>
void expect_steps(Unit& unit, std::uint64_t key, std::uint64_t index, int exponent, int eta, const std::vector<T>& g)
{
    unit.set(Register::key_0, static_cast<std::int64_t>(key & 0xFFFFFFFFU));
    unit.set(Register::key_1, static_cast<std::int64_t>(key >> 32U));
    unit.set(Register::index_low, static_cast<std::int64_t>(index & 0xFFFFFFFFU));
    unit.set(Register::index_high, static_cast<std::int64_t>(index >> 32U));
    unit.set(Register::exponent, exponent);
    unit.set(Register::eta, eta);
    std::vector<std::int16_t> steps(g.size(), 1);
    unit.run(Mode::update, {g.size(), 0, in(g), {}, out(steps), {}});
    const numerics::Speck32 cipher(key);
    for (std::size_t i = 0; i < g.size(); ++i) {
        const std::uint16_t word = cipher.word16((index + i) & ((std::uint64_t{1} << 33U) - 1));
        const std::int64_t expected = exponent < 0 ? 0 : expected_step(g[i], 16 + eta - exponent, word);
        ASSERT_EQ(steps[i], expected) << "gradient " << std::int64_t{g[i]} << ", exponent " << exponent << ", h "
                                      << eta;
    }
}

TYPED_TEST(TwinOperands, Update)
{
    Unit unit;
    const auto g = operands<TypeParam>(kCount);
    for (int exponent = -1; exponent <= 48; ++exponent) {
        for (const int eta : {-32, -16, -3, 0, 3, 8, 31}) {
            ASSERT_NO_FATAL_FAILURE(expect_steps(unit, 0x1918111009080100U, 0, exponent, eta, g));
        }
    }
    for (const int exponent : {-128, 100, 127}) expect_steps(unit, 3, 0, exponent, 0, g);
    const auto many = operands<TypeParam>(kMany);
    expect_steps(unit, 0xFEDCBA9876543210U, 0, 24, 0, many);
    expect_steps(unit, 0xFEDCBA9876543210U, (std::uint64_t{1} << 32U) - 70000, 24, 0, many);
    expect_steps(unit, 1, (std::uint64_t{1} << 33U) - 70000, 24, 0, many);
}

TYPED_TEST(TwinOperands, UpdateOfLegalGradientsIsTheNormativeStep)
{
    const auto all = operands<TypeParam>(kCount);
    const std::uint64_t key = numerics::stream_key(7, numerics::RandomDomain::rounding, 3, 1);
    const numerics::Speck32 cipher(key);
    Unit unit;
    unit.set(Register::key_0, static_cast<std::int64_t>(key & 0xFFFFFFFFU));
    unit.set(Register::key_1, static_cast<std::int64_t>(key >> 32U));
    for (unsigned bits = 1; bits <= (sizeof(TypeParam) == 4 ? 31U : 47U); ++bits) {
        std::vector<TypeParam> g;
        std::copy_if(all.begin(), all.end(), std::back_inserter(g),
                     [bits](TypeParam v) { return numerics::magnitude(v) <= std::int64_t{1} << bits; });
        unit.set(Register::control, kControlClearMax);
        unit.run(Mode::gradient_abs_max, {g.size(), 0, in(g), {}, {}, {}});
        unit.set(Register::control, kControlSetExponent);
        for (int eta = -16; eta <= 8; eta += 4) {
            unit.set(Register::eta, eta);
            std::vector<std::int16_t> steps(g.size());
            unit.run(Mode::update, {g.size(), 0, in(g), {}, out(steps), {}});
            const int exponent = numerics::exponent(unit.get(Register::max_low, Register::max_high));
            for (std::size_t i = 0; i < g.size(); ++i) {
                ASSERT_EQ(steps[i], numerics::stochastic_step(g[i], exponent, eta, cipher.word16(i)));
            }
        }
    }
}

TEST(Twin, RoundKeysAreZeroUntilAKeyIsWritten)
{
    Unit unit;
    unit.set(Register::exponent, 16);  // q = |g|: a step of g = 0x8000 is the comparison of the word with a half
    const std::vector<std::int32_t> g(64, 0x8000);
    std::vector<std::int16_t> steps(g.size());
    unit.run(Mode::update, {g.size(), 0, in(g), {}, out(steps), {}});
    for (std::size_t i = 0; i < g.size(); ++i) {
        auto x = std::uint16_t{0};
        auto y = static_cast<std::uint16_t>(i >> 1U);
        for (int round = 0; round < 22; ++round) {
            x = static_cast<std::uint16_t>(((x >> 7) | (x << 9)) + y);
            y = static_cast<std::uint16_t>(static_cast<std::uint16_t>((y << 2) | (y >> 14)) ^ x);
        }
        ASSERT_EQ(steps[i], ((i & 1U) != 0 ? x : y) < 0x8000 ? 1 : 0) << i;
    }
}

TEST(Twin, RequantizeOverEveryStoredWeight)
{
    std::vector<std::int16_t> stored;
    for (int n = INT16_MIN; n <= INT16_MAX; ++n) stored.push_back(static_cast<std::int16_t>(n));
    std::vector<std::int16_t> steps(stored.size());
    std::mt19937_64 random(5);
    for (std::int16_t& step : steps) step = static_cast<std::int16_t>(random() & 0xFFFFU);
    Unit unit;
    for (int kw = 2; kw <= 8; ++kw) {
        for (int kg = kw; kg <= 16; ++kg) {
            for (const WeightClip rule : {WeightClip::kg, WeightClip::kw}) {
                const Widths widths{kw, 8, kg, 8};
                unit.set(widths);
                unit.set(Register::weight_clip, rule == WeightClip::kw ? 1 : 0);
                const std::int64_t limit = numerics::stored_weight_limit(widths, rule);
                for (const bool with_steps : {true, false}) {
                    std::vector<std::int16_t> next = stored;  // in place
                    std::vector<std::int8_t> codes(stored.size());
                    unit.run(Mode::requantize, {stored.size(), 0, in(next), with_steps ? in(steps) : ConstStream{},
                                                out(next), out(codes)});
                    for (std::size_t i = 0; i < stored.size(); ++i) {
                        const std::int64_t n = numerics::clip(stored[i] - (with_steps ? steps[i] : 0), limit);
                        ASSERT_EQ(next[i], n);
                        ASSERT_EQ(codes[i], numerics::weight_code(n, widths)) << n << ", kW " << kw << ", kG " << kg;
                    }
                }
            }
        }
    }
}

TEST(Twin, OperandsOutsideALaneAreTakenModulo2To48)
{
    std::mt19937_64 random(11);
    std::vector<std::int64_t> inside = operands<std::int64_t>(kCount);
    inside.erase(std::remove(inside.begin(), inside.end(), -(std::int64_t{1} << 47)), inside.end());
    std::vector<std::int64_t> outside = inside;
    for (std::int64_t& each : outside) {
        each = static_cast<std::int64_t>(static_cast<std::uint64_t>(each) + (random() << 48U));
    }
    const auto results = [](const std::vector<std::int64_t>& values) {
        Unit unit;
        unit.set(Register::exponent, 30);
        std::vector<std::int8_t> codes(values.size());
        std::vector<std::uint8_t> flags(values.size());
        std::vector<std::int16_t> wide(values.size());
        std::vector<std::int16_t> steps(values.size());
        std::vector<std::int64_t> errors(values.size());
        const std::vector<std::uint16_t> labels(values.size());
        std::vector<std::uint16_t> classes(values.size());
        unit.run(Mode::activation, {values.size(), 0, in(values), {}, out(codes), out(flags)});
        unit.run(Mode::error, {values.size(), 0, in(values), {}, out(wide), {}});
        unit.run(Mode::update, {values.size(), 0, in(values), {}, out(steps), {}});
        unit.run(Mode::abs_max, {values.size(), 0, in(values), {}, {}, {}});
        const std::uint64_t maximum = unit.get(Register::max_low, Register::max_high);
        unit.run(Mode::output_error, {values.size(), values.size(), in(values), in(labels), out(errors), out(classes)});
        return std::make_tuple(codes, flags, wide, steps, maximum, errors, classes[0]);
    };
    ASSERT_NE(inside, outside);
    EXPECT_EQ(results(inside), results(outside));
}

TEST(Twin, RefusesStreamsThatTheModeDoesNotTake)
{
    Unit unit;
    const std::vector<std::int32_t> acc(4);
    const std::vector<std::int16_t> narrow(4);
    const std::vector<std::uint8_t> flags(4);
    const std::vector<std::uint16_t> labels(4);
    std::vector<std::int8_t> codes(4);
    std::vector<std::uint8_t> marks(4);
    std::vector<std::int16_t> wide(4);
    std::vector<std::int32_t> errors(4);
    std::vector<std::uint16_t> classes(4);
    const auto refused = [&unit](Mode mode, const Burst& burst) {
        EXPECT_THROW(unit.run(mode, burst), std::invalid_argument);
    };
    refused(Mode::input, {4, 0, in(acc), {}, out(codes), {}});
    refused(Mode::activation, {4, 0, in(narrow), {}, out(codes), out(marks)});
    refused(Mode::activation, {4, 0, in(acc), in(flags), out(codes), out(marks)});
    refused(Mode::activation, {4, 0, {}, {}, out(codes), out(marks)});
    refused(Mode::activation, {4, 0, in(acc), {}, out(wide), out(marks)});
    refused(Mode::abs_max, {4, 0, in(acc), in(labels), {}, {}});
    refused(Mode::abs_max, {4, 0, in(acc), {}, out(codes), {}});
    refused(Mode::gradient_abs_max, {4, 0, in(acc), in(flags), {}, {}});
    refused(Mode::error, {4, 0, in(acc), {}, {}, {}});
    refused(Mode::error, {4, 0, in(acc), {}, out(errors), {}});
    refused(Mode::output_error, {4, 3, in(acc), in(labels), out(errors), out(classes)});
    refused(Mode::output_error, {4, 0, in(acc), in(labels), out(errors), out(classes)});
    refused(Mode::output_error, {4, 2, in(acc), {}, out(errors), out(classes)});
    refused(Mode::update, {4, 0, in(acc), {}, out(codes), {}});
    refused(Mode::requantize, {4, 0, in(acc), {}, out(wide), out(codes)});
    unit.set(Widths{2, 8, 8, 9});
    refused(Mode::error, {4, 0, in(acc), {}, out(codes), {}});
    EXPECT_NO_THROW(unit.run(Mode::error, {4, 0, in(acc), {}, out(wide), {}}));
    for (const Widths& illegal : {Widths{1, 8, 8, 8}, Widths{9, 8, 16, 8}, Widths{4, 8, 3, 8}, Widths{2, 1, 8, 8},
                                  Widths{2, 9, 8, 8}, Widths{2, 8, 17, 8}, Widths{2, 8, 8, 1}, Widths{2, 8, 8, 17}}) {
        unit.set(illegal);
        refused(Mode::activation, {4, 0, in(acc), {}, out(codes), out(marks)});
    }
    EXPECT_EQ(unit.run(Mode::activation, {}), 0U) << "a burst of nothing takes nothing";
}

}  // namespace
}  // namespace wagesim::chip::testing
