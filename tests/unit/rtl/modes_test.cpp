// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every mode of the Verilated unit against numerics.md, over corner and random operands and all legal settings, at
// every lane count of the build. Bursts and cycles; stalls are pins_test.cpp's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

std::string describe(const Settings& s)
{
    return "kW " + std::to_string(s.width_weight) + " kA " + std::to_string(s.width_activation) + " kG " +
           std::to_string(s.width_gradient) + " kE " + std::to_string(s.width_error) + " sA " +
           std::to_string(s.attenuation) + " log2 gamma " + std::to_string(s.log2_gamma) + " h " +
           std::to_string(s.eta) + " exponent " + std::to_string(s.exponent) + " index " + std::to_string(s.index);
}

class Modes : public testing::TestWithParam<int> {
protected:
    /// Counts that end in every kind of tail.
    [[nodiscard]] std::size_t count_of(int round) const
    {
        constexpr std::size_t kCorners = 2500;
        return kCorners + static_cast<std::size_t>(round % GetParam());
    }

    void expect_cycles(Mode mode, std::size_t count, CycleCount cycles)
    {
        EXPECT_EQ(cycles, expected_cycles(static_cast<int>(mode), count, GetParam())) << "count " << count;
    }

    static constexpr int kRounds = 40;
    std::unique_ptr<QuantizeUpdateUnit> unit_ = rtl::make_verilated_unit(GetParam());
    std::mt19937_64 random_{20180430};
    Scoreboard scoreboard_;
};

TEST_P(Modes, ActivationIsReluThenNearestEvenThenClipWithBothFlags)
{
    for (int round = 0; round < kRounds; ++round) {
        const Settings settings = random_settings(random_);
        auto operands = interesting_operands(random_, count_of(round));
        const std::int64_t threshold = (std::int64_t{1} << (settings.width_activation - 1)) - 1;
        for (const std::int64_t offset : {-1, 0, 1})  // around the largest unclipped accumulator
            operands[static_cast<std::size_t>(7 + offset)] =
                (threshold << (settings.width_weight - 1 + settings.attenuation)) + offset;
        std::vector<std::int8_t> codes(operands.size());
        std::vector<std::uint8_t> flags(operands.size());
        apply(*unit_, Mode::activation, settings);
        const CycleCount cycles = unit_->run({operands.size(),
                                              0,
                                              {operands.data(), ElementType::int64},
                                              {},
                                              {codes.data(), ElementType::int8},
                                              {flags.data(), ElementType::uint8}});
        expect_cycles(Mode::activation, operands.size(), cycles);
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const auto expected = expected_activation(settings, operands[i]);
            const auto context = [&] { return describe(settings) + " operand " + std::to_string(operands[i]); };
            scoreboard_.compare(expected.code, std::int64_t{codes[i]}, context);
            scoreboard_.compare(int{expected.flags}, int{flags[i]}, context);
            if (HasFatalFailure()) return;
        }
    }
}

TEST_P(Modes, ErrorIsNearestEvenOfShiftsInBothDirectionsThenClip)
{
    for (int round = 0; round < kRounds; ++round) {
        const Settings settings = random_settings(random_);
        const auto operands = interesting_operands(random_, count_of(round));
        std::vector<std::uint8_t> flags(operands.size());
        for (auto& flag : flags) flag = static_cast<std::uint8_t>(random_());
        const bool flagged = round % 2 == 1;
        std::vector<std::int16_t> codes(operands.size());
        apply(*unit_, Mode::error, settings);
        const CycleCount cycles = unit_->run({operands.size(),
                                              0,
                                              {operands.data(), ElementType::int64},
                                              {flagged ? flags.data() : nullptr, ElementType::uint8},
                                              {codes.data(), ElementType::int16},
                                              {}});
        expect_cycles(Mode::error, operands.size(), cycles);
        for (std::size_t i = 0; i < operands.size(); ++i) {
            scoreboard_.compare(
                expected_error(settings, operands[i], flagged ? flags[i] : std::uint8_t{kFlagUnclipped}),
                std::int64_t{codes[i]}, [&] { return describe(settings) + " operand " + std::to_string(operands[i]); });
            if (HasFatalFailure()) return;
        }
    }
}

TEST_P(Modes, ErrorCodesOfNarrowWidthsComeAsBytes)
{
    Settings settings;
    settings.exponent = 20;
    std::vector<std::int32_t> operands;
    for (const std::int64_t operand : interesting_operands(random_, count_of(3)))
        operands.push_back(static_cast<std::int32_t>(operand));
    std::vector<std::int8_t> codes(operands.size());
    apply(*unit_, Mode::error, settings);
    (void)unit_->run(
        {operands.size(), 0, {operands.data(), ElementType::int32}, {}, {codes.data(), ElementType::int8}, {}});
    for (std::size_t i = 0; i < operands.size(); ++i)
        scoreboard_.compare(expected_error(settings, operands[i], kFlagUnclipped), std::int64_t{codes[i]},
                            [&] { return "operand " + std::to_string(operands[i]); });
}

TEST_P(Modes, UpdateDrawsEachWeightsOwnWordAndSaturates)
{
    for (int round = 0; round < kRounds; ++round) {
        Settings settings = random_settings(random_);
        if (round == 0) settings.index = (std::uint64_t{1} << 33U) - 2;  // the count wraps with the index
        const auto operands = interesting_operands(random_, count_of(round));
        std::vector<std::int16_t> steps(operands.size());
        apply(*unit_, Mode::update, settings);
        const CycleCount cycles = unit_->run(
            {operands.size(), 0, {operands.data(), ElementType::int64}, {}, {steps.data(), ElementType::int16}, {}});
        expect_cycles(Mode::update, operands.size(), cycles);
        for (std::size_t i = 0; i < operands.size(); ++i) {
            scoreboard_.compare(expected_step(settings, operands[i], i), std::int64_t{steps[i]},
                                [&] { return describe(settings) + " operand " + std::to_string(operands[i]); });
            if (HasFatalFailure()) return;
        }
    }
}

TEST_P(Modes, UpdateStepsOfTrueMaximaStayWithinTheBoundOfTheContract)
{
    for (int eta = -16; eta <= 8; ++eta) {
        Settings settings = random_settings(random_);
        settings.eta = eta;
        auto operands = interesting_operands(random_, count_of(eta + 16));
        std::uint64_t maximum = 0;
        for (const std::int64_t operand : operands)
            maximum = std::max(maximum, static_cast<std::uint64_t>(operand < 0 ? -operand : operand));
        settings.exponent = rounded_log2(maximum);
        std::vector<std::int16_t> steps(operands.size());
        apply(*unit_, Mode::update, settings);
        (void)unit_->run(
            {operands.size(), 0, {operands.data(), ElementType::int64}, {}, {steps.data(), ElementType::int16}, {}});
        const double bound = std::floor(std::sqrt(2.0) * std::pow(2.0, eta)) + 1;
        for (std::size_t i = 0; i < operands.size(); ++i) {
            scoreboard_.compare(expected_step(settings, operands[i], i), std::int64_t{steps[i]},
                                [&] { return describe(settings) + " operand " + std::to_string(operands[i]); });
            ASSERT_LE(std::abs(steps[i]), bound);
        }
    }
}

TEST_P(Modes, UpdateFloorsTheFractionBeforeItIsCompared)
{
    // Gradients whose fraction is the word itself, then everything below it set: r < Fr stays false to the last bit.
    constexpr std::size_t kCount = 1000;
    Settings settings;
    settings.eta = -8;
    settings.key = random_();
    for (int shift = 1; shift <= 30; ++shift) {
        settings.exponent = 16 + settings.eta + shift;
        std::vector<std::int64_t> below(kCount);
        std::vector<std::int64_t> at(kCount);
        for (std::size_t i = 0; i < kCount; ++i) {
            const std::int64_t word = random_word(settings.key, i);
            at[i] = (word + 1) << shift;
            below[i] = at[i] - 1;
        }
        std::vector<std::int16_t> steps(kCount);
        apply(*unit_, Mode::update, settings);
        const auto run = [&](const std::vector<std::int64_t>& gradients) {
            (void)unit_->run(
                {kCount, 0, {gradients.data(), ElementType::int64}, {}, {steps.data(), ElementType::int16}, {}});
        };
        const auto context = [&] { return "shift " + std::to_string(shift); };
        run(below);
        scoreboard_.compare(std::vector<std::int16_t>(kCount, 0), steps, context);
        run(at);
        scoreboard_.compare(std::vector<std::int16_t>(kCount, 1), steps, context);
    }
}

TEST_P(Modes, SuccessiveBurstsContinueTheWordsWhereTheIndexSaysSo)
{
    Settings settings = random_settings(random_);
    settings.exponent = 30;
    settings.eta = 0;
    settings.index = 0;
    const auto operands = interesting_operands(random_, 2048);
    std::vector<std::int16_t> whole(operands.size());
    std::vector<std::int16_t> parts(operands.size());
    apply(*unit_, Mode::update, settings);
    const auto run = [&](std::size_t first, std::size_t count, std::vector<std::int16_t>& steps) {
        write(*unit_, Register::index_low, static_cast<std::uint32_t>(first));
        (void)unit_->run({count,
                          0,
                          {operands.data() + first, ElementType::int64},
                          {},
                          {steps.data() + first, ElementType::int16},
                          {}});
    };
    run(0, operands.size(), whole);
    std::size_t first = 0;
    for (std::size_t count = 2; first + count <= operands.size(); first += count, count += 6) run(first, count, parts);
    for (std::size_t i = 0; i < first; ++i)
        scoreboard_.compare(whole[i], parts[i], [&] { return "weight " + std::to_string(i); });
}

TEST_P(Modes, RequantizeClipsToEitherLimitAndRoundsToTheWeightWidth)
{
    for (int round = 0; round < kRounds; ++round) {
        const Settings settings = random_settings(random_);
        std::vector<std::int16_t> stored;
        std::vector<std::int16_t> steps;
        for (const std::int64_t operand : interesting_operands(random_, count_of(round))) {
            stored.push_back(static_cast<std::int16_t>(operand));
            steps.push_back(static_cast<std::int16_t>(random_() >> (random_() % 16)));
        }
        const bool stepped = round % 4 != 3;
        std::vector<std::int16_t> next(stored.size());
        std::vector<std::int8_t> codes(stored.size());
        apply(*unit_, Mode::requantize, settings);
        const CycleCount cycles = unit_->run({stored.size(),
                                              0,
                                              {stored.data(), ElementType::int16},
                                              {stepped ? steps.data() : nullptr, ElementType::int16},
                                              {next.data(), ElementType::int16},
                                              {codes.data(), ElementType::int8}});
        expect_cycles(Mode::requantize, stored.size(), cycles);
        for (std::size_t i = 0; i < stored.size(); ++i) {
            const auto expected = expected_requantize(settings, stored[i], stepped ? steps[i] : 0);
            const auto context = [&] {
                return describe(settings) + " stored " + std::to_string(stored[i]) + " step " +
                       std::to_string(steps[i]);
            };
            scoreboard_.compare(expected.stored, std::int64_t{next[i]}, context);
            scoreboard_.compare(expected.code, std::int64_t{codes[i]}, context);
            if (HasFatalFailure()) return;
        }
    }
}

TEST_P(Modes, MaximumRunsOnOverBurstsAndSkipsClippedValues)
{
    for (int round = 0; round < kRounds; ++round) {
        write(*unit_, Register::control, kControlClearMax);
        std::uint64_t maximum = 0;
        for (int burst = 0; burst < 4; ++burst) {
            // One outstanding value at a random place, so that every lane gets to decide.
            const std::size_t count = 1 + random_() % 300;
            std::vector<std::int64_t> operands(count);
            for (auto& operand : operands) operand = static_cast<std::int64_t>(random_() % 1000) - 500;
            const auto magnitude = static_cast<std::int64_t>(random_() % (std::uint64_t{1} << 47U));
            operands[random_() % count] = random_() % 2 == 0 ? magnitude : -magnitude;
            if (round == 1) operands[count - 1] = kSmallestOperand;
            std::vector<std::uint8_t> flags(count);
            for (auto& flag : flags) flag = static_cast<std::uint8_t>(random_());
            const bool gradient = round % 2 == 0;
            const bool flagged = !gradient && burst % 2 == 0;
            const Mode mode = gradient ? Mode::gradient_abs_max : Mode::abs_max;
            write(*unit_, Register::mode, static_cast<std::uint32_t>(mode));
            const CycleCount cycles = unit_->run({count,
                                                  0,
                                                  {operands.data(), ElementType::int64},
                                                  {flagged ? flags.data() : nullptr, ElementType::uint8},
                                                  {},
                                                  {}});
            expect_cycles(mode, count, cycles);
            for (std::size_t i = 0; i < count; ++i)
                if (!flagged || (flags[i] & 2U) != 0)
                    maximum =
                        std::max(maximum, static_cast<std::uint64_t>(operands[i] < 0 ? -operands[i] : operands[i]));
            scoreboard_.compare(maximum, maximum_of(*unit_), [&] { return "round " + std::to_string(round); });
        }
    }
}

TEST_P(Modes, OutputErrorSubtractsTheTargetSumsSquaresAndPredicts)
{
    for (const std::size_t segment : {1U, 2U, 3U, 10U, 16U, 17U, 64U, 100U}) {
        const Settings settings = random_settings(random_);
        const std::size_t samples = 1 + random_() % 20;
        std::vector<std::int64_t> accumulators(samples * segment);
        std::vector<std::uint16_t> labels(samples);
        // Few distinct values make ties for the class; the largest magnitudes wrap with the target.
        for (auto& accumulator : accumulators) accumulator = static_cast<std::int64_t>(random_() % 7) - 3;
        if (segment > 10)
            for (auto& accumulator : accumulators)
                accumulator = static_cast<std::int64_t>(random_()) >> (17U + random_() % 40U);
        accumulators.back() = kSmallestOperand;
        for (auto& label : labels) label = static_cast<std::uint16_t>(random_() % (segment + 1));
        labels.back() = static_cast<std::uint16_t>(segment - 1);
        std::vector<std::int64_t> errors(accumulators.size());
        std::vector<std::uint16_t> classes(samples);
        apply(*unit_, Mode::output_error, settings);
        write(*unit_, Register::control, kControlClearMax | kControlClearLoss);
        const CycleCount cycles = unit_->run({accumulators.size(),
                                              segment,
                                              {accumulators.data(), ElementType::int64},
                                              {labels.data(), ElementType::uint16},
                                              {errors.data(), ElementType::int64},
                                              {classes.data(), ElementType::uint16}});
        expect_cycles(Mode::output_error, accumulators.size(), cycles);
        const auto expected = expected_output_error(settings, accumulators, labels, segment);
        const auto context = [&] { return describe(settings) + " segment " + std::to_string(segment); };
        for (std::size_t i = 0; i < errors.size(); ++i) scoreboard_.compare(expected.errors[i], errors[i], context);
        for (std::size_t i = 0; i < samples; ++i) scoreboard_.compare(expected.classes[i], classes[i], context);
        scoreboard_.compare(expected.maximum, maximum_of(*unit_), context);
        scoreboard_.compare(true, expected.loss == loss_of(*unit_), context);
    }
}

TEST_P(Modes, OperandsAreTakenModulo2To48)
{
    Settings settings;
    settings.exponent = 47;
    const std::vector<std::int64_t> operands{(std::int64_t{1} << 50) + 12345678901234, std::int64_t{1} << 47,
                                             std::int64_t{1} << 48, -(std::int64_t{1} << 62) - 5,
                                             (std::int64_t{3} << 46) + 7};
    std::vector<std::int16_t> codes(operands.size());
    apply(*unit_, Mode::error, settings);
    (void)unit_->run(
        {operands.size(), 0, {operands.data(), ElementType::int64}, {}, {codes.data(), ElementType::int16}, {}});
    for (std::size_t i = 0; i < operands.size(); ++i) {
        std::int64_t wrapped = operands[i] % (std::int64_t{1} << 48);
        if (wrapped > kLargestOperand) wrapped -= std::int64_t{1} << 48;
        if (wrapped < kSmallestOperand) wrapped += std::int64_t{1} << 48;
        scoreboard_.compare(expected_error(settings, wrapped, kFlagUnclipped), std::int64_t{codes[i]},
                            [&] { return std::to_string(operands[i]); });
    }
}

TEST_P(Modes, LossCarriesThroughAll128BitsAndRunsOnOverBursts)
{
    const std::vector<std::int64_t> accumulators(3, kSmallestOperand);
    const std::vector<std::uint16_t> labels(3, 1);  // a segment of one element has no position 1: no target
    std::vector<std::int64_t> errors(3);
    std::vector<std::uint16_t> classes(3);
    apply(*unit_, Mode::output_error, Settings{});
    for (const Register word : {Register::loss_0, Register::loss_1, Register::loss_2})
        write(*unit_, word, 0xFFFF'FFFFU);
    write(*unit_, Register::loss_3, 0x7FFF'FFFFU);
    Uint128 loss = ~Uint128{0} >> 1U;
    for (int burst = 0; burst < 2; ++burst) {
        (void)unit_->run({3,
                          1,
                          {accumulators.data(), ElementType::int64},
                          {labels.data(), ElementType::uint16},
                          {errors.data(), ElementType::int64},
                          {classes.data(), ElementType::uint16}});
        loss += 3 * (Uint128{1} << 94U);
        scoreboard_.compare(true, loss == loss_of(*unit_), [] { return "loss"; });
    }
    write(*unit_, Register::control, kControlClearLoss);
    scoreboard_.compare(true, loss_of(*unit_) == 0, [] { return "cleared loss"; });
    scoreboard_.compare(std::uint64_t{1} << 47U, maximum_of(*unit_), [] { return "MAX is not cleared with LOSS"; });
}

TEST_P(Modes, InputLooksEveryByteUp)
{
    std::vector<std::int8_t> table(256);
    for (auto& code : table) code = static_cast<std::int8_t>(random_());
    for (std::uint32_t word = 0; word < 64; ++word) {
        std::uint32_t value = 0;
        for (std::uint32_t byte = 0; byte < 4; ++byte)
            value |= std::uint32_t{static_cast<std::uint8_t>(table[4 * word + byte])} << 8U * byte;
        EXPECT_EQ(unit_->write_register(0x400 + 4 * word, value), 1U);
        EXPECT_EQ(unit_->read_register(0x400 + 4 * word), value);
    }
    write(*unit_, Register::mode, 0);
    std::vector<std::uint8_t> bytes(1000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i < 256 ? i : random_());
    std::vector<std::int8_t> codes(bytes.size());
    const CycleCount cycles =
        unit_->run({bytes.size(), 0, {bytes.data(), ElementType::uint8}, {}, {codes.data(), ElementType::int8}, {}});
    expect_cycles(Mode::input, bytes.size(), cycles);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        scoreboard_.compare(table[bytes[i]], codes[i], [&] { return "byte " + std::to_string(bytes[i]); });
}

TEST_P(Modes, CyclesAreThoseOfThePageForEveryTail)
{
    const std::vector<std::int64_t> operands(200, 3);
    std::vector<std::int8_t> codes(200);
    std::vector<std::int16_t> steps(200);
    std::vector<std::uint8_t> flags(200);
    for (std::size_t count = 0; count <= operands.size(); ++count) {
        for (const Mode mode : {Mode::activation, Mode::abs_max, Mode::update}) {
            write(*unit_, Register::mode, static_cast<std::uint32_t>(mode));
            Burst burst{count, 0, {operands.data(), ElementType::int64}, {}, {}, {}};
            if (mode == Mode::activation) {
                burst.result = {codes.data(), ElementType::int8};
                burst.auxiliary_result = {flags.data(), ElementType::uint8};
            } else if (mode == Mode::update) {
                burst.result = {steps.data(), ElementType::int16};
            }
            scoreboard_.compare(expected_cycles(static_cast<int>(mode), count, GetParam()), unit_->run(burst),
                                [&] { return "count " + std::to_string(count); });
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, Modes, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
