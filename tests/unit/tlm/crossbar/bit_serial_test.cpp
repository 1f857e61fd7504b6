// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Pulses and conversions: the definition against figures worked out by hand and against exact products where
// converters lose nothing; bit planes against the definition everywhere, on every vector extension of this machine.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/crossbar/lossy_lines.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {
namespace {

template <class T>
T pick(std::mt19937& random, const std::vector<T>& from)
{
    return from[random() % from.size()];
}

/// An array and its inputs, everything drawn at random.
struct Case {
    explicit Case(unsigned seed)
    {
        std::mt19937 random(seed);
        config.rows = pick(random, std::vector<int>{1, 5, 32, 64, 100});
        config.columns = pick(random, std::vector<int>{1, 7, 16, 33, 64});
        config.cell_bits = pick(random, std::vector<int>{1, 1, 2, 3});
        config.dac_bits = pick(random, std::vector<int>{1, 1, 2, 3, 8});
        config.active_lines = pick(random, std::vector<int>{1, 3, 31, 32, 64, 128});
        config.adc_bits = pick(random, std::vector<int>{1, 3, 5, 8, 12, 32});
        config.adc_mode = pick(random, std::vector<AdcMode>{AdcMode::saturate, AdcMode::truncate});
        config.subtract = pick(random, std::vector<Subtract>{Subtract::analog, Subtract::digital});
        config.backward_read = pick(random, std::vector<BackwardRead>{BackwardRead::two_phase, BackwardRead::bipolar});
        config.input_coding =
            pick(random, std::vector<InputCoding>{InputCoding::twos_complement, InputCoding::sign_magnitude});
        weight_bits = pick(random, std::vector<int>{2, 2, 3, 5, 8});
        bits = pick(random, std::vector<int>{2, 5, 8, 8, 8, 8, 10, 10, 16});
        rows = 1 + random() % 110;
        columns = 1 + random() % 70;
        positions = pick(random, std::vector<std::size_t>{1, 2, 5, 5, 66});
        const int code_limit = (1 << (weight_bits - 1)) - 1;
        const int input_limit = (1 << (bits - 1)) - 1;
        codes.resize(rows * columns);
        std::uniform_int_distribution<int> any_code(-code_limit, code_limit);
        std::uniform_int_distribution<int> any_input(-input_limit, input_limit);
        for (auto& code : codes) code = static_cast<std::int8_t>(any_code(random));
        for (std::size_t i = 0; i < positions * std::max(rows, columns); ++i) inputs.push_back(any_input(random));
        narrow.assign(inputs.begin(), inputs.end());
    }

    [[nodiscard]] CellView cells() const
    {
        return {codes.data(), rows, columns, rows, (std::int64_t{1} << (weight_bits - 1)) - 1};
    }
    [[nodiscard]] ConstMatrix matrix(std::size_t lines) const
    {
        ConstMatrix out;
        out.data = bits <= 8 ? static_cast<const void*>(narrow.data()) : static_cast<const void*>(inputs.data());
        out.type = bits <= 8 ? ElementType::int8 : ElementType::int32;
        out.rows = positions;
        out.columns = out.stride = lines;
        out.bound = (std::int64_t{1} << (bits - 1)) - 1;
        return out;
    }
    /// What a reader makes of it, forward and then backward, added to what stands there on request.
    [[nodiscard]] std::vector<std::int64_t> read(CrossbarReader& reader, bool accumulate = false) const
    {
        reader.programmed(cells());
        std::vector<std::int64_t> sums(positions * (rows + columns), 11);
        reader.forward(cells(), matrix(rows), bits, {sums.data(), ElementType::int64, positions, columns, columns},
                       accumulate);
        reader.backward(cells(), matrix(columns), bits,
                        {sums.data() + positions * columns, ElementType::int64, positions, rows, rows}, accumulate);
        return sums;
    }

    CrossbarConfig config;
    int weight_bits = 2, bits = 8;
    std::size_t rows = 1, columns = 1, positions = 1;
    std::vector<std::int8_t> codes;
    std::vector<std::int32_t> inputs;
    std::vector<std::int8_t> narrow;
};

/// One column of cells, one position, read forward.
std::int32_t read_column(const CrossbarConfig& config, int weight_bits, const std::vector<std::int8_t>& codes,
                         const std::vector<std::int8_t>& inputs)
{
    const CellView cells{codes.data(), codes.size(), 1, codes.size(), 127};
    ConstMatrix matrix;
    matrix.data = inputs.data();
    matrix.rows = 1;
    matrix.columns = matrix.stride = inputs.size();
    std::int32_t sum = 0;
    const auto reader = make_naive_bit_serial_reader(config, weight_bits);
    reader->forward(cells, matrix, 4, {&sum, ElementType::int32, 1, 1, 1}, false);
    return sum;
}

TEST(Adc, SaturatesAtItsRange)
{
    CrossbarConfig config;
    config.active_lines = 4;
    config.adc_bits = 3;
    const AdcRange pair = adc_range(config, true);
    EXPECT_EQ(pair.convert(3), 3);
    EXPECT_EQ(pair.convert(4), 3);
    EXPECT_EQ(pair.convert(-4), -4);
    const AdcRange single = adc_range(config, false);
    EXPECT_EQ(single.convert(4), 4);
    EXPECT_EQ(single.convert(9), 7);
}

TEST(Adc, TruncatesToNearestEven)
{
    CrossbarConfig config;
    config.active_lines = 16;  // 33 levels: 6 bits, two of them dropped
    config.adc_bits = 4;
    config.adc_mode = AdcMode::truncate;
    const AdcRange adc = adc_range(config, true);
    EXPECT_EQ(adc.shift, 2);
    const std::vector<std::pair<int, int>> expected = {{0, 0},   {1, 0},   {2, 0},     {3, 4},   {5, 4},
                                                       {6, 8},   {10, 8},  {11, 12},   {-2, 0},  {-3, -4},
                                                       {-6, -8}, {16, 16}, {-16, -16}, {-10, -8}};
    for (const auto& [value, converted] : expected) EXPECT_EQ(adc.convert(value), converted) << value;
}

TEST(Adc, IsExactFromItsLevelsOn)
{
    for (int lines = 1; lines <= 200; ++lines) {
        CrossbarConfig config;
        config.active_lines = lines;
        for (const bool is_signed : {false, true}) {
            config.adc_bits = exact_adc_bits(config, is_signed);
            for (const AdcMode mode : {AdcMode::saturate, AdcMode::truncate}) {
                config.adc_mode = mode;
                const AdcRange adc = adc_range(config, is_signed);
                for (int value = is_signed ? -lines : 0; value <= lines; ++value) ASSERT_EQ(adc.convert(value), value);
            }
            if (config.adc_bits <= 1) continue;
            // One bit less loses the largest value.
            config.adc_bits -= 1;
            config.adc_mode = AdcMode::saturate;
            const AdcRange narrow = adc_range(config, is_signed);
            EXPECT_NE(narrow.convert(lines), lines);
        }
    }
}

TEST(NaiveReader, ConvertsEveryPulseOfEveryGroup)
{
    // Three lines driven two at a time; 4-bit inputs; a converter of -2..1.
    CrossbarConfig config;
    config.rows = 3;
    config.active_lines = 2;
    config.adc_bits = 2;
    // Pulses 1, 2, 4 of 7 and 7 meet 2 and give 1; the group of the third line gives 5 = 1 + 4 unharmed.
    EXPECT_EQ(read_column(config, 2, {1, 1, 1}, {7, 7, 5}), 7 + 5);
    // -1 is 1111: each pulse meets 1 + 1 and gives 1; the sign pulse counts negative.
    EXPECT_EQ(read_column(config, 2, {1, 1, 0}, {-1, -1, 0}), 1 + 2 + 4 - 8);
    // With opposite cells nothing is left to convert, with digital subtraction each side is converted by itself: 0..3.
    EXPECT_EQ(read_column(config, 2, {1, -1, 0}, {7, 7, 0}), 0);
    EXPECT_EQ(read_column(config, 2, {-1, -1, 0}, {7, 7, 0}), -2 * 7);
    config.subtract = Subtract::digital;
    EXPECT_EQ(read_column(config, 2, {1, 1, 1}, {7, 7, 5}), 14 + 5);
    // Sign and magnitude: three pulses whose polarity is the sign.
    config.subtract = Subtract::analog;
    config.input_coding = InputCoding::sign_magnitude;
    EXPECT_EQ(read_column(config, 2, {1, 1, 0}, {-7, -7, 0}), -2 * 7);
    EXPECT_EQ(read_column(config, 2, {1, 1, 0}, {-7, 7, 0}), 0);
}

TEST(NaiveReader, TakesSlicesAndWiderDigits)
{
    CrossbarConfig config;
    config.rows = 2;
    config.cell_bits = 2;
    config.dac_bits = 2;
    config.adc_bits = 10;
    // Weight 13 = 1 + 4 x 3 in two slices; -7 = 1001 in digits 01 and 10 with its sign: 1 - 8.
    EXPECT_EQ(read_column(config, 5, {13, -6}, {-7, 5}), 13 * -7 - 6 * 5);
    // Two's complement with two bits a pulse: the sign shares its pulse, so that conversions are signed.
    EXPECT_TRUE(forward_read(config, 4).is_signed);
    config.subtract = Subtract::digital;
    EXPECT_TRUE(forward_read(config, 4).is_signed);
    EXPECT_FALSE(forward_read(config, 5).is_signed);
    EXPECT_EQ(read_column(config, 5, {13, -6}, {-7, 5}), 13 * -7 - 6 * 5);
}

TEST(NaiveReader, IsExactWhereTheConverterIs)
{
    for (unsigned seed = 0; seed < 60; ++seed) {
        Case example(seed);
        example.config.adc_bits = exact_adc_bits(example.config, true);
        const auto exact = make_exact_reader();
        const auto naive = make_naive_bit_serial_reader(example.config, example.weight_bits);
        ASSERT_EQ(example.read(*naive), example.read(*exact)) << "seed " << seed;
    }
}

TEST(BitSerialReader, IsTheDefinitionOnEveryVectorExtension)
{
    std::size_t extensions = 0;
    std::size_t lossy = 0;
    const std::int64_t supported = hwy::SupportedTargets();
    for (unsigned seed = 0; seed < 100; ++seed) {
        const Case example(seed);
        const auto exact = make_exact_reader();
        const auto naive = make_naive_bit_serial_reader(example.config, example.weight_bits);
        const std::vector<std::int64_t> expected = example.read(*naive, seed % 2 == 0);
        lossy += expected != example.read(*exact, seed % 2 == 0) ? 1U : 0U;
        extensions = 0;
        for (std::int64_t target = 1; target > 0 && target <= supported; target <<= 1) {
            if ((supported & target) == 0) continue;
            hwy::SetSupportedTargetsForTest(target);
            ++extensions;
            const auto fast = make_bit_serial_reader(example.config, example.weight_bits);
            ASSERT_EQ(example.read(*fast, seed % 2 == 0), expected)
                << "seed " << seed << ", " << hwy::TargetName(target);
        }
        hwy::SetSupportedTargetsForTest(0);
    }
    EXPECT_GE(extensions, 1U);
    EXPECT_GT(lossy, 30U) << "converters that lose nothing show little";
    EXPECT_LT(lossy, 100U);
}

/// Inputs that drive some read lines as far up, or down, as they can go: each position is aligned with one line's
/// cells.
std::vector<std::int32_t> aligned_inputs(const Case& example, ReadDirection direction, std::size_t positions)
{
    const bool forward = direction == ReadDirection::forward;
    const std::size_t driven = forward ? example.rows : example.columns;
    const std::size_t read = forward ? example.columns : example.rows;
    const std::int32_t limit = (1 << (example.bits - 1)) - 1;
    std::vector<std::int32_t> inputs(positions * driven);
    for (std::size_t p = 0; p < positions; ++p) {
        const std::size_t line = p / 2 % read;
        for (std::size_t i = 0; i < driven; ++i) {
            const int code = forward ? example.codes[line * example.rows + i] : example.codes[i * example.rows + line];
            const std::int32_t up = code > 0 ? limit : code < 0 ? -limit : 0;
            inputs[p * driven + i] = p % 2 == 0 ? up : -up;
        }
    }
    return inputs;
}

TEST(BitSerialReader, IsTheDefinitionWhereLinesGoAsFarAsTheyCan)
{
    constexpr std::size_t kPositions = 24;
    std::map<std::string, int> mixed;  // blocks with lossy lines and others, by what is converted
    for (unsigned seed = 0; seed < 400; ++seed) {
        const Case example(seed);
        const auto naive = make_naive_bit_serial_reader(example.config, example.weight_bits);
        const auto fast = make_bit_serial_reader(example.config, example.weight_bits);
        fast->programmed(example.cells());
        for (const ReadDirection direction : {ReadDirection::forward, ReadDirection::backward}) {
            const bool forward = direction == ReadDirection::forward;
            const std::vector<std::int32_t> inputs = aligned_inputs(example, direction, kPositions);
            ConstMatrix matrix;
            matrix.data = inputs.data();
            matrix.type = ElementType::int32;
            matrix.rows = kPositions;
            matrix.columns = matrix.stride = inputs.size() / kPositions;
            matrix.bound = (std::int64_t{1} << (example.bits - 1)) - 1;
            const std::size_t read = forward ? example.columns : example.rows;
            const auto sums_of = [&](const CrossbarReader& reader) {
                std::vector<std::int64_t> sums(kPositions * read);
                const MutableMatrix to{sums.data(), ElementType::int64, kPositions, read, read};
                if (forward) {
                    reader.forward(example.cells(), matrix, example.bits, to, false);
                } else {
                    reader.backward(example.cells(), matrix, example.bits, to, false);
                }
                return sums;
            };
            ASSERT_EQ(sums_of(*fast), sums_of(*naive)) << "seed " << seed << (forward ? " forward" : " backward");
            LossyLines lossy(example.config, weight_slices(example.config, example.weight_bits), direction);
            lossy.build(example.cells());
            if (lossy.count() == 0 || lossy.count() == lossy.all()) continue;
            const PairRead pair =
                forward ? forward_read(example.config, example.bits) : backward_read(example.config, example.bits);
            ++mixed[std::string(pair.difference ? "difference" : "each") +
                    (pulse_code(example.config, example.bits).sign_magnitude     ? ", sign and magnitude"
                     : pulse_code(example.config, example.bits).bipolar_pulses() ? ", shared sign"
                                                                                 : ", sign alone")];
        }
    }
    EXPECT_EQ(mixed.size(), 6U);
    for (const auto& [kind, blocks] : mixed) EXPECT_GE(blocks, 5) << kind;
}

TEST(BitSerialReader, FollowsTheCells)
{
    Case example(3);
    const auto fast = make_bit_serial_reader(example.config, example.weight_bits);
    const std::vector<std::int64_t> before = example.read(*fast);
    for (auto& code : example.codes) code = static_cast<std::int8_t>(-code);
    const auto naive = make_naive_bit_serial_reader(example.config, example.weight_bits);
    EXPECT_EQ(example.read(*fast), example.read(*naive));
    EXPECT_NE(example.read(*fast), before);
}

}  // namespace
}  // namespace wagesim::chip
