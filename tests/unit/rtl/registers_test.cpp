// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The register file of the Verilated unit as docs/modules/quantize_update.md has it: stored bits, reset values, cycles
// of writes, the exponent, and what the bridge refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

struct RegisterRow {
    Register address;
    std::uint32_t reset;
    std::uint32_t all_ones;  ///< what is read after 0xFFFFFFFF was written
    std::uint32_t pattern;   ///< and after 0x5A5A5A5A
};

const std::vector<RegisterRow>& register_rows()
{
    static const std::vector<RegisterRow> rows{
        {Register::mode, 0, 7, 2},
        {Register::widths, 0x0808'0802, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::attenuation, 0, 0x1F, 0x1A},
        {Register::gamma, 0, 0xF, 0xA},
        {Register::eta, 0, 0xFFFF'FFFF, 0x1A},
        {Register::weight_clip, 0, 1, 0},
        {Register::exponent, 0xFFFF'FFFF, 0xFFFF'FFFF, 0x5A},
        {Register::max_low, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::max_high, 0, 0xFFFF, 0x5A5A},
        {Register::control, 0, 0, 0},
        {Register::index_low, 0, 0xFFFF'FFFE, 0x5A5A'5A5A},
        {Register::index_high, 0, 1, 0},
        {Register::key_0, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::key_1, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::loss_0, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::loss_1, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::loss_2, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
        {Register::loss_3, 0, 0xFFFF'FFFF, 0x5A5A'5A5A},
    };
    return rows;
}

class Registers : public testing::TestWithParam<int> {
protected:
    std::unique_ptr<QuantizeUpdateUnit> unit_ = rtl::make_verilated_unit(GetParam());
};

TEST_P(Registers, ReadBackTheirStoredBitsAndResetValues)
{
    EXPECT_EQ(read(*unit_, Register::lanes), static_cast<std::uint32_t>(GetParam()));
    for (const RegisterRow& row : register_rows()) EXPECT_EQ(read(*unit_, row.address), row.reset);
    for (const RegisterRow& row : register_rows()) {
        SCOPED_TRACE(static_cast<int>(row.address));
        write(*unit_, row.address, 0xFFFF'FFFFU);
        EXPECT_EQ(read(*unit_, row.address), row.all_ones);
        write(*unit_, row.address, 0x5A5A'5A5AU);
        EXPECT_EQ(read(*unit_, row.address), row.pattern);
    }
    write(*unit_, Register::lanes, 1234);
    EXPECT_EQ(read(*unit_, Register::lanes), static_cast<std::uint32_t>(GetParam()));
    unit_->reset();
    for (const RegisterRow& row : register_rows()) EXPECT_EQ(read(*unit_, row.address), row.reset);
}

TEST_P(Registers, AreIndependent)
{
    // Distinct values everywhere, then read back: no write may touch another register.
    std::mt19937_64 random{7};
    std::vector<std::uint32_t> written;
    for (const RegisterRow& row : register_rows()) {
        if (row.address == Register::control) continue;
        written.push_back(static_cast<std::uint32_t>(random()));
        write(*unit_, row.address, written.back());
    }
    for (std::uint32_t word = 0; word < 64; ++word) unit_->write_register(0x400 + 4 * word, ~word);
    std::size_t next = 0;
    for (const RegisterRow& row : register_rows()) {
        if (row.address == Register::control) continue;
        const std::uint32_t value = written[next++];
        if (row.all_ones == 0xFFFF'FFFFU && row.pattern == 0x5A5A'5A5AU && row.address != Register::index_low) {
            EXPECT_EQ(read(*unit_, row.address), value) << static_cast<int>(row.address);
        }
    }
    for (std::uint32_t word = 0; word < 64; ++word) EXPECT_EQ(unit_->read_register(0x400 + 4 * word), ~word);
}

TEST_P(Registers, WritesTakeTheCyclesOfThePage)
{
    for (const RegisterRow& row : register_rows()) {
        SCOPED_TRACE(static_cast<int>(row.address));
        EXPECT_EQ(write(*unit_, row.address, 0), row.address == Register::key_1 ? 23U : 1U);
    }
    for (std::uint32_t bits = 0; bits < 8; ++bits)
        EXPECT_EQ(write(*unit_, Register::control, bits), (bits & kControlSetExponent) != 0 ? 2U : 1U) << bits;
}

TEST_P(Registers, ExponentRoundsTheLogarithmOfAllMaxima)
{
    Scoreboard scoreboard;
    const auto check = [&](std::uint64_t maximum) {
        set_maximum(*unit_, maximum);
        write(*unit_, Register::control, kControlSetExponent);
        scoreboard.compare(rounded_log2(maximum), static_cast<int>(read(*unit_, Register::exponent)),
                           [&] { return "maximum " + std::to_string(maximum); });
        scoreboard.compare(maximum, maximum_of(*unit_), [] { return "MAX stays"; });
    };
    for (std::uint64_t maximum = 0; maximum < 3000; ++maximum) check(maximum);
    const double root = std::sqrt(2.0);
    for (int f = 1; f < 48; ++f) {
        const auto threshold = static_cast<std::uint64_t>(std::ldexp(root, f));
        for (std::uint64_t maximum = threshold - std::min<std::uint64_t>(threshold, 3); maximum < threshold + 4;
             ++maximum)
            if (maximum < std::uint64_t{1} << 48U) check(maximum);
        check(std::uint64_t{1} << static_cast<unsigned>(f));
        check((std::uint64_t{1} << static_cast<unsigned>(f)) - 1);
        check((std::uint64_t{1} << static_cast<unsigned>(f)) + 1);
    }
    check((std::uint64_t{1} << 48U) - 1);
}

TEST_P(Registers, ControlBitsActTogether)
{
    set_maximum(*unit_, 1000);
    write(*unit_, Register::loss_2, 5);
    write(*unit_, Register::control, kControlClearMax | kControlSetExponent);
    EXPECT_EQ(read(*unit_, Register::exponent), 10U);
    EXPECT_EQ(maximum_of(*unit_), 0U);
    EXPECT_EQ(read(*unit_, Register::loss_2), 5U);
    write(*unit_, Register::control, kControlSetExponent | kControlClearLoss);
    EXPECT_EQ(read(*unit_, Register::exponent), 0xFFFF'FFFFU);
    EXPECT_EQ(read(*unit_, Register::loss_2), 0U);
}

TEST_P(Registers, ResetForgetsTheKeySchedule)
{
    Settings settings;
    settings.exponent = 1;
    settings.key = 0x1918'1110'0908'0100;
    const std::vector<std::int32_t> gradients(256, 1);
    std::vector<std::int16_t> with_key(256);
    std::vector<std::int16_t> without(256);
    std::vector<std::int16_t> again(256);
    const auto run = [&](std::vector<std::int16_t>& steps) {
        (void)unit_->run({256, 0, {gradients.data(), ElementType::int32}, {}, {steps.data(), ElementType::int16}, {}});
    };
    apply(*unit_, Mode::update, settings);
    run(with_key);
    unit_->reset();
    write(*unit_, Register::mode, static_cast<std::uint32_t>(Mode::update));
    write(*unit_, Register::exponent, 1);
    run(without);
    EXPECT_NE(with_key, without);
    apply(*unit_, Mode::update, settings);
    run(again);
    EXPECT_EQ(with_key, again);
}

TEST_P(Registers, RefusesAddressesAndStreamsThatAreNotThere)
{
    for (const std::uint32_t address : {0x3CU, 0x50U, 0x3FCU, 0x500U, 0x5U, 0x402U, 0x1004U, 0xFFFF'FFFCU}) {
        EXPECT_THROW((void)unit_->write_register(address, 0), std::out_of_range) << address;
        EXPECT_THROW((void)unit_->read_register(address), std::out_of_range) << address;
    }
    std::vector<std::int64_t> wide(4);
    std::vector<std::int8_t> narrow(4);
    write(*unit_, Register::mode, static_cast<std::uint32_t>(Mode::error));
    const ConstStream operand{wide.data(), ElementType::int64};
    const MutableStream result{narrow.data(), ElementType::int8};
    EXPECT_THROW((void)unit_->run({4, 0, {}, {}, result, {}}), std::invalid_argument);
    EXPECT_THROW((void)unit_->run({4, 0, operand, {}, {}, {}}), std::invalid_argument);
    EXPECT_THROW((void)unit_->run({4, 0, operand, {}, result, result}), std::invalid_argument);
    EXPECT_THROW((void)unit_->run({4, 0, {wide.data(), ElementType::int16}, {}, result, {}}), std::invalid_argument);
    EXPECT_THROW((void)unit_->run({4, 0, operand, {wide.data(), ElementType::int16}, result, {}}),
                 std::invalid_argument);
    EXPECT_EQ(unit_->run({4, 0, operand, {}, result, {}}), expected_cycles(3, 4, GetParam()));
    write(*unit_, Register::widths, 0x0908'0802);
    EXPECT_THROW((void)unit_->run({4, 0, operand, {}, result, {}}), std::invalid_argument) << "9-bit codes as int8";
    write(*unit_, Register::mode, static_cast<std::uint32_t>(Mode::output_error));
    std::vector<std::uint16_t> labels(4);
    Burst burst{4,
                3,
                operand,
                {labels.data(), ElementType::uint16},
                {wide.data(), ElementType::int64},
                {labels.data(), ElementType::uint16}};
    EXPECT_THROW((void)unit_->run(burst), std::invalid_argument);
    burst.segment = 0;
    EXPECT_THROW((void)unit_->run(burst), std::invalid_argument);
}

TEST_P(Registers, OfSeveralUnitsAreApartWhateverTheirLivesAndThreads)
{
    auto first = rtl::make_verilated_unit(GetParam());
    auto second = rtl::make_verilated_unit(GetParam());
    write(*first, Register::mode, 3);
    write(*second, Register::mode, 5);
    std::uint32_t seen = 0;
    std::thread([&] {
        write(*second, Register::gamma, 7);
        seen = read(*second, Register::mode);
        second.reset();
    }).join();
    EXPECT_EQ(seen, 5U);
    EXPECT_EQ(read(*first, Register::mode), 3U);
    EXPECT_EQ(read(*first, Register::gamma), 0U);
    EXPECT_EQ(read(*unit_, Register::mode), 0U);
    first.reset();  // older than unit_'s last use, younger than its making
    EXPECT_EQ(read(*unit_, Register::gamma), 0U);
}

TEST(LaneCounts, ThatAreNotBuiltAreRefusedByNamingThoseThatAre)
{
    ASSERT_FALSE(rtl::verilated_lane_counts().empty());
    try {
        (void)rtl::make_verilated_unit(7);
        FAIL() << "7 lanes were made";
    } catch (const std::invalid_argument& error) {
        const std::string there = std::to_string(rtl::verilated_lane_counts().front());
        EXPECT_NE(std::string(error.what()).find(there), std::string::npos) << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, Registers, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
