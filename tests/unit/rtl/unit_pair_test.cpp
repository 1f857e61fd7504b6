// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Two units that share bursts against a single one: the same registers, the same random bursts; every element, every
// register and every cycle must be equal afterwards.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include <omp.h>

#include "rtl/verilated/unit_pair.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

constexpr std::uint32_t kSeed = 7;
constexpr int kRounds = 250;

constexpr Register kReadable[] = {Register::lanes,   Register::mode,     Register::widths,      Register::attenuation,
                                  Register::gamma,   Register::eta,      Register::weight_clip, Register::exponent,
                                  Register::max_low, Register::max_high, Register::index_low,   Register::index_high,
                                  Register::key_0,   Register::key_1,    Register::loss_0,      Register::loss_1,
                                  Register::loss_2,  Register::loss_3};

/// The streams of one unit.
struct Streams {
    std::vector<std::byte> result, auxiliary_result;
};

class UnitPairTest : public ::testing::TestWithParam<int> {
protected:
    void SetUp() override
    {
        before_ = omp_get_max_threads();
        omp_set_num_threads(2);
    }
    void TearDown() override { omp_set_num_threads(before_); }

    [[nodiscard]] std::size_t below(std::uint64_t n) { return static_cast<std::size_t>(random_() % n); }
    void write_both(Register name, std::uint32_t value)
    {
        board_.compare(write(*single_, name, value), write(*pair_, name, value), [] { return "cycles of a write"; });
    }
    void configure(Mode mode);
    [[nodiscard]] Burst random_burst(Mode mode);
    void compare_burst(const Burst& burst, Mode mode);
    void compare_registers();

    int before_ = 1;
    std::mt19937_64 random_{kSeed};
    Scoreboard board_;
    std::unique_ptr<QuantizeUpdateUnit> single_ = rtl::make_verilated_unit(GetParam());
    std::unique_ptr<rtl::UnitPair> pair_ =
        std::make_unique<rtl::UnitPair>([lanes = GetParam()] { return rtl::make_verilated_unit(lanes); }, 1);
    std::vector<std::byte> operands_, side_;
};

void UnitPairTest::configure(Mode mode)
{
    const Settings settings = random_settings(random_);
    for (const auto& [name, value] : register_values(mode, settings)) write_both(name, value);
    if (below(4) == 0) write_both(Register::key_0, static_cast<std::uint32_t>(random_()));  // not expanded
    if (below(4) == 0) write_both(Register::index_high, static_cast<std::uint32_t>(below(2)));
    if (below(4) == 0) write_both(Register::index_low, 0xFFFF'FFFE - static_cast<std::uint32_t>(2 * below(100)));
    if (below(3) == 0) write_both(Register::control, static_cast<std::uint32_t>(below(8)));
    if (below(8) == 0)
        for (const Register word : {Register::loss_0, Register::loss_1, Register::loss_2, Register::loss_3})
            write_both(word, 0xFFFF'FFFFU);
    if (mode == Mode::input && below(4) == 0)
        for (std::uint32_t i = 0; i < 64; ++i) {
            const std::uint32_t address = static_cast<std::uint32_t>(Register::table) + 4 * i;
            const auto value = static_cast<std::uint32_t>(random_());
            single_->write_register(address, value);
            pair_->write_register(address, value);
        }
}

Burst UnitPairTest::random_burst(Mode mode)
{
    const auto lanes = static_cast<std::size_t>(GetParam());
    Burst burst;
    burst.count = below(10 * lanes);
    if (mode == Mode::output_error) {
        burst.segment = 1 + below(2 * lanes);
        burst.count = burst.segment * below(8);
    }
    const ElementType wide = below(2) == 0 ? ElementType::int32 : ElementType::int64;
    burst.operand.type = mode == Mode::input        ? ElementType::uint8
                         : mode == Mode::requantize ? ElementType::int16
                                                    : wide;
    operands_.resize(8 * burst.count + 1);
    for (std::byte& byte : operands_) byte = static_cast<std::byte>(random_());
    side_.resize(2 * burst.count + 1);
    for (std::byte& byte : side_) byte = static_cast<std::byte>(random_() & (mode == Mode::output_error ? 3U : 255U));
    burst.operand.data = operands_.data();
    const bool with_side = below(3) != 0;
    switch (mode) {
        case Mode::input: burst.result.type = ElementType::int8; break;
        case Mode::activation:
            burst.result.type = ElementType::int8;
            burst.auxiliary_result.type = ElementType::uint8;
            break;
        case Mode::error: burst.result.type = ElementType::int16; [[fallthrough]];
        case Mode::abs_max:
            if (with_side) burst.auxiliary = {side_.data(), ElementType::uint8};
            break;
        case Mode::output_error:
            burst.auxiliary = {side_.data(), ElementType::uint16};
            burst.result.type = wide;
            burst.auxiliary_result.type = ElementType::uint16;
            break;
        case Mode::gradient_abs_max: break;
        case Mode::update: burst.result.type = ElementType::int16; break;
        case Mode::requantize:
            if (with_side) burst.auxiliary = {side_.data(), ElementType::int16};
            burst.result.type = ElementType::int16;
            burst.auxiliary_result.type = ElementType::int8;
            break;
    }
    return burst;
}

void UnitPairTest::compare_burst(const Burst& burst, Mode mode)
{
    const bool has_result = mode != Mode::abs_max && mode != Mode::gradient_abs_max;
    const bool has_side = mode == Mode::activation || mode == Mode::output_error || mode == Mode::requantize;
    const auto run = [&](QuantizeUpdateUnit& unit, Streams& streams) {
        streams.result.assign(8 * burst.count + 1, std::byte{0xA5});
        streams.auxiliary_result.assign(8 * burst.count + 1, std::byte{0xA5});
        Burst own = burst;
        if (has_result) own.result.data = streams.result.data();
        if (has_side) own.auxiliary_result.data = streams.auxiliary_result.data();
        return unit.run(own);
    };
    Streams expected, got;
    const CycleCount cycles = run(*single_, expected);
    board_.compare(cycles, run(*pair_, got), [] { return "cycles of a burst"; });
    board_.compare(expected.result, got.result, [] { return "result"; });
    board_.compare(expected.auxiliary_result, got.auxiliary_result, [] { return "auxiliary result"; });
}

void UnitPairTest::compare_registers()
{
    for (const Register name : kReadable)
        board_.compare(read(*single_, name), read(*pair_, name),
                       [&] { return "register " + std::to_string(static_cast<std::uint32_t>(name)); });
}

TEST_P(UnitPairTest, AnswersAsOneUnitInEveryModeElementRegisterAndCycle)
{
    RecordProperty("seed", static_cast<int>(kSeed));
    for (int round = 0; round < kRounds; ++round) {
        for (std::uint32_t number = 0; number < 8; ++number) {
            SCOPED_TRACE("round " + std::to_string(round) + ", mode " + std::to_string(number));
            const auto mode = static_cast<Mode>(number);
            if (below(40) == 0) {
                single_->reset();
                pair_->reset();
            }
            configure(mode);
            compare_burst(random_burst(mode), mode);
            compare_registers();
            if (HasFailure()) return;
        }
    }
    EXPECT_GT(pair_->shared_bursts(), static_cast<std::uint64_t>(kRounds) * 8 / 2) << "hardly anything was shared";
}

TEST_P(UnitPairTest, SharesNothingOnOneThread)
{
    omp_set_num_threads(1);
    configure(Mode::gradient_abs_max);
    compare_burst(random_burst(Mode::gradient_abs_max), Mode::gradient_abs_max);
    EXPECT_EQ(pair_->shared_bursts(), 0U);
}

TEST_P(UnitPairTest, RefusesWhatOneUnitRefuses)
{
    write_both(Register::mode, static_cast<std::uint32_t>(Mode::update));
    std::vector<std::int64_t> operands(1000);
    Burst burst{operands.size(), 0, {operands.data(), ElementType::int64}, {}, {}, {}};  // no result
    EXPECT_THROW(pair_->run(burst), std::invalid_argument);
    EXPECT_THROW(pair_->write_register(0x3, 0), std::out_of_range);
    compare_registers();
}

INSTANTIATE_TEST_SUITE_P(Lanes, UnitPairTest, ::testing::ValuesIn(rtl::verilated_lane_counts()));

}  // namespace
}  // namespace wagesim::test
