// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The Verilated unit against the normative functions of ref/numerics, from which the SystemVerilog was not written.
// Equality over random operands and all legal settings; corners and independence from stalls are tested elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/numerics/widths.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

class Reference : public testing::TestWithParam<int> {
protected:
    static constexpr int kRounds = 100;
    static constexpr std::size_t kCount = 2000;
    std::unique_ptr<QuantizeUpdateUnit> unit_ = rtl::make_verilated_unit(GetParam());
    std::mt19937_64 random_{7};
    Scoreboard scoreboard_;
};

TEST_P(Reference, Activation)
{
    for (int round = 0; round < kRounds; ++round) {
        const Settings settings = random_settings(random_);
        const auto operands = interesting_operands(random_, kCount);
        std::vector<std::int8_t> codes(operands.size());
        std::vector<std::uint8_t> flags(operands.size());
        apply(*unit_, Mode::activation, settings);
        (void)unit_->run({operands.size(),
                          0,
                          {operands.data(), ElementType::int64},
                          {},
                          {codes.data(), ElementType::int8},
                          {flags.data(), ElementType::uint8}});
        const int shift = settings.width_weight - 1 + settings.attenuation;
        for (std::size_t i = 0; i < operands.size(); ++i)
            scoreboard_.compare(
                numerics::quantize(std::max<std::int64_t>(operands[i], 0), shift, settings.width_activation),
                std::int64_t{codes[i]}, [&] { return std::to_string(operands[i]); });
    }
}

TEST_P(Reference, ExponentAndError)
{
    for (int round = 0; round < kRounds; ++round) {
        Settings settings = random_settings(random_);
        std::vector<std::int64_t> operands(kCount);
        const auto length = static_cast<unsigned>(1 + round % 47);
        for (auto& operand : operands) operand = static_cast<std::int64_t>(random_()) >> (63U - length);
        std::uint64_t maximum = 0;
        for (const std::int64_t operand : operands)
            maximum = std::max(maximum, static_cast<std::uint64_t>(numerics::magnitude(operand)));

        apply(*unit_, Mode::abs_max, settings);
        write(*unit_, Register::control, kControlClearMax);
        (void)unit_->run({operands.size(), 0, {operands.data(), ElementType::int64}, {}, {}, {}});
        write(*unit_, Register::control, kControlSetExponent);
        settings.exponent = numerics::exponent(maximum);
        scoreboard_.compare(settings.exponent, static_cast<int>(read(*unit_, Register::exponent)),
                            [&] { return std::to_string(maximum); });

        std::vector<std::int16_t> codes(operands.size());
        write(*unit_, Register::mode, static_cast<std::uint32_t>(Mode::error));
        (void)unit_->run(
            {operands.size(), 0, {operands.data(), ElementType::int64}, {}, {codes.data(), ElementType::int16}, {}});
        const int shift = settings.exponent - settings.log2_gamma - (settings.width_error - 1);
        for (std::size_t i = 0; i < operands.size(); ++i)
            scoreboard_.compare(numerics::quantize(operands[i], shift, settings.width_error), std::int64_t{codes[i]},
                                [&] { return std::to_string(operands[i]); });
    }
}

TEST_P(Reference, Update)
{
    for (int round = 0; round < kRounds; ++round) {
        Settings settings = random_settings(random_);
        const auto length = static_cast<unsigned>(1 + round % 46);
        std::vector<std::int64_t> gradients(kCount);
        for (auto& gradient : gradients) gradient = static_cast<std::int64_t>(random_()) >> (63U - length);
        gradients.back() = 1;  // never all zero
        std::uint64_t maximum = 0;
        for (const std::int64_t gradient : gradients)
            maximum = std::max(maximum, static_cast<std::uint64_t>(numerics::magnitude(gradient)));
        settings.exponent = numerics::exponent(maximum);
        std::vector<std::int16_t> steps(gradients.size());
        apply(*unit_, Mode::update, settings);
        (void)unit_->run(
            {gradients.size(), 0, {gradients.data(), ElementType::int64}, {}, {steps.data(), ElementType::int16}, {}});
        const numerics::Speck32 cipher(settings.key);
        for (std::size_t i = 0; i < gradients.size(); ++i)
            scoreboard_.compare(numerics::stochastic_step(gradients[i], settings.exponent, settings.eta,
                                                          cipher.word16(settings.index + i)),
                                std::int64_t{steps[i]}, [&] { return std::to_string(gradients[i]); });
    }
}

TEST_P(Reference, Requantize)
{
    for (int round = 0; round < kRounds; ++round) {
        const Settings settings = random_settings(random_);
        const Widths widths{settings.width_weight, settings.width_activation, settings.width_gradient,
                            settings.width_error};
        const WeightClip clip = settings.clip_to_weight_width ? WeightClip::kw : WeightClip::kg;
        std::vector<std::int16_t> stored(kCount);
        std::vector<std::int16_t> steps(kCount);
        for (auto& weight : stored) weight = static_cast<std::int16_t>(random_());
        for (auto& step : steps)
            step = static_cast<std::int16_t>(static_cast<std::int16_t>(random_()) >> random_() % 16);
        std::vector<std::int16_t> next(kCount);
        std::vector<std::int8_t> codes(kCount);
        apply(*unit_, Mode::requantize, settings);
        (void)unit_->run({kCount,
                          0,
                          {stored.data(), ElementType::int16},
                          {steps.data(), ElementType::int16},
                          {next.data(), ElementType::int16},
                          {codes.data(), ElementType::int8}});
        for (std::size_t i = 0; i < kCount; ++i) {
            const std::int64_t expected =
                numerics::clip(std::int64_t{stored[i]} - steps[i], numerics::stored_weight_limit(widths, clip));
            const auto context = [&] { return std::to_string(stored[i]) + " - " + std::to_string(steps[i]); };
            scoreboard_.compare(expected, std::int64_t{next[i]}, context);
            scoreboard_.compare(numerics::weight_code(expected, widths), std::int64_t{codes[i]}, context);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, Reference, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
