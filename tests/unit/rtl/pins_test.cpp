// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit at its pins: valid/ready under random stalls on both sides, bursts back to back, resets in the middle of a
// stream, and its assertions.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/pin_bench.hpp"

namespace wagesim::test {
namespace {

class Pins : public testing::TestWithParam<int> {
protected:
    void SetUp() override { std::cout << "seed " << kSeed << '\n'; }

    /// Several bursts of all kinds of length, one right after the other.
    [[nodiscard]] PinStream random_stream()
    {
        PinStream stream;
        stream.lengths = {1, 2, 300, static_cast<std::size_t>(GetParam()), static_cast<std::size_t>(GetParam()) + 1};
        std::size_t total = 0;
        for (auto& length : stream.lengths) {
            length += length > 2 ? 2 * (random_() % 40) : 0;
            total += length;
        }
        stream.operands = interesting_operands(random_, 1000);
        std::shuffle(stream.operands.begin(), stream.operands.end(), random_);
        stream.operands.resize(total);
        for (std::size_t i = 0; i < total; ++i) stream.side.push_back(static_cast<std::uint16_t>(random_()));
        return stream;
    }

    static constexpr int kSeed = 1918;
    std::mt19937_64 random_{kSeed};
    PinBench bench_{GetParam(), kSeed};
    Scoreboard scoreboard_;
};

const std::vector<Stalls> kStalls{{0, 0}, {0.5, 0}, {0, 0.5}, {0.3, 0.3}, {0.9, 0.1}, {0.1, 0.9}};

std::string describe(const Stalls& stalls)
{
    return "pauses " + std::to_string(stalls.input) + " / " + std::to_string(stalls.output);
}

TEST_P(Pins, CodesDoNotDependOnStalls)
{
    for (const Mode mode : {Mode::activation, Mode::error, Mode::requantize}) {
        for (const Stalls& stalls : kStalls) {
            const Settings settings = random_settings(random_);
            const PinStream stream = random_stream();
            bench_.apply(mode, settings);
            const PinResults results = bench_.run(mode, stream, stalls);
            ASSERT_EQ(results.data.size(), stream.operands.size()) << describe(stalls);
            EXPECT_EQ(results.lasts, stream.lengths.size());
            for (std::size_t i = 0; i < results.data.size(); ++i) {
                const auto context = [&] { return describe(stalls) + " element " + std::to_string(i); };
                const std::int64_t operand = stream.operands[i];
                const auto got = std::int64_t{results.data[i]};
                if (mode == Mode::activation) {
                    const auto expected = expected_activation(settings, operand);
                    scoreboard_.compare(expected.code, got, context);
                    scoreboard_.compare(int{expected.flags}, int{results.side[i]}, context);
                } else if (mode == Mode::error) {
                    const auto flags = static_cast<std::uint8_t>(stream.side[i]);
                    scoreboard_.compare(expected_error(settings, operand, flags), got, context);
                } else {
                    const auto expected = expected_requantize(settings, static_cast<std::int16_t>(operand),
                                                              static_cast<std::int16_t>(stream.side[i]));
                    scoreboard_.compare(expected.stored, got, context);
                    scoreboard_.compare(expected.code, std::int64_t{static_cast<std::int8_t>(results.side[i])},
                                        context);
                }
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST_P(Pins, StepsDoNotDependOnStallsAndEveryBurstCountsFromTheIndex)
{
    for (const Stalls& stalls : kStalls) {
        const Settings settings = random_settings(random_);
        const PinStream stream = random_stream();
        bench_.apply(Mode::update, settings);
        const PinResults results = bench_.run(Mode::update, stream, stalls);
        ASSERT_EQ(results.data.size(), stream.operands.size()) << describe(stalls);
        std::size_t i = 0;
        for (const std::size_t length : stream.lengths) {
            for (std::size_t position = 0; position < length; ++position, ++i) {
                scoreboard_.compare(expected_step(settings, stream.operands[i], position),
                                    std::int64_t{results.data[i]},
                                    [&] { return describe(stalls) + " position " + std::to_string(position); });
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST_P(Pins, MaximaDoNotDependOnStalls)
{
    for (const Mode mode : {Mode::abs_max, Mode::gradient_abs_max}) {
        for (const Stalls& stalls : kStalls) {
            PinStream stream = random_stream();
            // Empty lanes hold -2^47, which nothing kept may reach.
            for (auto& operand : stream.operands) operand /= 8;
            bench_.apply(mode, {});
            bench_.write(Register::control, kControlClearMax);
            const PinResults results = bench_.run(mode, stream, stalls);
            EXPECT_EQ(results.beats, 0U) << "a maximum mode handed over results";
            std::uint64_t maximum = 0;
            for (std::size_t i = 0; i < stream.operands.size(); ++i)
                if (mode == Mode::gradient_abs_max || (stream.side[i] & kFlagUnclipped) != 0)
                    maximum = std::max(maximum, static_cast<std::uint64_t>(std::abs(stream.operands[i])));
            const std::uint64_t got =
                std::uint64_t{bench_.read(Register::max_high)} << 32U | bench_.read(Register::max_low);
            scoreboard_.compare(maximum, got, [&] { return describe(stalls); });
        }
    }
}

TEST_P(Pins, OutputErrorsLossAndClassesDoNotDependOnStalls)
{
    constexpr std::size_t kSegment = 21;  // more than a beat for some lane counts, less for others
    for (const Stalls& stalls : kStalls) {
        const Settings settings = random_settings(random_);
        PinStream stream;
        std::vector<std::uint16_t> labels;
        for (int sample = 0; sample < 20; ++sample) {
            labels.push_back(static_cast<std::uint16_t>(random_() % kSegment));
            stream.lengths.push_back(kSegment);
            for (std::size_t i = 0; i < kSegment; ++i) {
                stream.operands.push_back(static_cast<std::int64_t>(random_()) >> (20 + random_() % 40));
                stream.side.push_back(labels.back());
            }
        }
        bench_.apply(Mode::output_error, settings);
        bench_.write(Register::control, kControlClearMax | kControlClearLoss);
        const PinResults results = bench_.run(Mode::output_error, stream, stalls);
        const auto expected = expected_output_error(settings, stream.operands, labels, kSegment);
        const auto context = [&] { return describe(stalls); };
        scoreboard_.compare(expected.errors, results.errors, context);
        scoreboard_.compare(expected.classes, results.classes, context);
        Uint128 loss = 0;
        for (const Register word : {Register::loss_3, Register::loss_2, Register::loss_1, Register::loss_0})
            loss = loss << 32U | bench_.read(word);
        scoreboard_.compare(true, loss == expected.loss, context);
        scoreboard_.compare(expected.maximum,
                            std::uint64_t{bench_.read(Register::max_high)} << 32U | bench_.read(Register::max_low),
                            context);
    }
}

TEST_P(Pins, FullSpeedTakesTheCyclesOfThePageAndBurstsFollowWithoutGaps)
{
    PinStream stream;
    stream.operands.assign(640, 5);
    stream.side.assign(640, kFlagUnclipped);
    stream.lengths = {320, 320};
    for (const Mode mode : {Mode::input, Mode::activation, Mode::error, Mode::gradient_abs_max, Mode::requantize}) {
        bench_.apply(mode, {});
        const PinResults results = bench_.run(mode, stream, {});
        scoreboard_.compare(expected_cycles(static_cast<int>(mode), 640, GetParam()), results.cycles,
                            [&] { return "mode " + std::to_string(static_cast<int>(mode)); });
    }
}

TEST_P(Pins, AResetAmidAStreamLeavesNothingBehind)
{
    for (const Mode mode : {Mode::activation, Mode::update, Mode::abs_max, Mode::output_error}) {
        for (std::uint64_t cut = 1; cut < 30; ++cut) {
            const Settings settings = random_settings(random_);
            PinStream stream = random_stream();
            bench_.apply(mode, settings);
            (void)bench_.run_for(mode, stream, {0.2, 0.2}, cut);
            bench_.reset();
            ASSERT_TRUE(bench_.pins().cycle({}).idle);
            EXPECT_EQ(bench_.read(Register::mode), 0U);
            EXPECT_EQ(bench_.read(Register::max_low), 0U);
            EXPECT_EQ(bench_.read(Register::exponent), 0xFFFF'FFFFU);

            bench_.apply(mode, settings);
            const PinResults results = bench_.run(mode, stream, {});
            const auto context = [&] { return "cut after " + std::to_string(cut); };
            if (mode == Mode::update) {
                for (std::size_t i = 0; i < stream.lengths[0]; ++i)
                    scoreboard_.compare(expected_step(settings, stream.operands[i], i), std::int64_t{results.data[i]},
                                        context);
            } else if (mode == Mode::activation) {
                for (std::size_t i = 0; i < results.data.size(); ++i)
                    scoreboard_.compare(expected_activation(settings, stream.operands[i]).code,
                                        std::int64_t{results.data[i]}, context);
            } else if (mode == Mode::output_error) {
                // Class 0 of the first segment, of one element, shows that positions count from 0 again.
                scoreboard_.compare(0, int{results.classes.at(0)}, context);
                scoreboard_.compare(stream.operands.size(), results.errors.size(), context);
            } else {
                EXPECT_EQ(results.beats, 0U);
            }
        }
    }
}

TEST_P(Pins, OperandsOfferedWhileTheRoundKeysAreMadeWaitForThem)
{
    Settings settings;
    settings.exponent = 2;
    settings.key = 0x1918'1110'0908'0100;
    const PinStream stream{std::vector<std::int64_t>(64, 1), {}, {64}};
    bench_.apply(Mode::update, settings);
    rtl::PinInputs key;
    key.register_write = true;
    key.register_address = static_cast<std::uint32_t>(Register::key_1);
    key.register_write_data = 0x1918'1110;
    (void)bench_.pins().cycle(key);
    const PinResults results = bench_.run(Mode::update, stream, {});
    ASSERT_EQ(results.data.size(), stream.operands.size());
    for (std::size_t i = 0; i < results.data.size(); ++i)
        scoreboard_.compare(expected_step(settings, 1, i), std::int64_t{results.data[i]},
                            [&] { return "position " + std::to_string(i); });
}

TEST_P(Pins, AddressesThatAreNoMultipleOfFourHaveNoRegister)
{
    const auto write_at = [&](std::uint32_t address) {
        rtl::PinInputs inputs;
        inputs.register_write = true;
        inputs.register_address = address;
        inputs.register_write_data = 0xFFFF'FFFFU;
        (void)bench_.pins().cycle(inputs);
    };
    for (const std::uint32_t base : {0x04U, 0x400U, 0x4FCU})
        for (std::uint32_t offset = 1; offset < 4; ++offset) {
            write_at(base + offset);
            EXPECT_EQ(bench_.read(static_cast<Register>(base + offset)), 0U) << base + offset;
            scoreboard_.compare(0U, bench_.read(static_cast<Register>(base)), [&] { return std::to_string(base); });
        }
}

class Misuse : public testing::TestWithParam<int> {
protected:
    static constexpr int kSeed = 1;
    PinBench bench_{GetParam(), kSeed};
};

TEST_P(Misuse, IsCaughtByAssertions)
{
    rtl::PinInputs under_a_burst;
    under_a_burst.register_write = true;
    under_a_burst.in_valid = true;
    under_a_burst.in_keep = 1;
    under_a_burst.in_last = true;
    EXPECT_THROW(bench_.pins().cycle(under_a_burst), std::logic_error);

    PinBench holes{GetParam(), kSeed};
    rtl::PinInputs with_holes;
    with_holes.in_valid = true;
    with_holes.in_keep = GetParam() == 1 ? 0 : GetParam() == 2 ? 2 : 5;
    with_holes.in_last = true;
    EXPECT_THROW(holes.pins().cycle(with_holes), std::logic_error);

    if (GetParam() == 1) return;  // a beat of one lane is whole
    PinBench partial{GetParam(), kSeed};
    rtl::PinInputs not_last;
    not_last.in_valid = true;
    not_last.in_keep = 1;
    EXPECT_THROW(partial.pins().cycle(not_last), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Lanes, Misuse, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });
INSTANTIATE_TEST_SUITE_P(Lanes, Pins, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
