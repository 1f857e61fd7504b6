// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The twin's registers against the table of docs/modules/quantize_update.md, bit by bit.
#include <gtest/gtest.h>
#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>

#include "ref/numerics/integer.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::chip {
namespace {

using Register = QuantizeUpdateRegister;

[[nodiscard]] constexpr std::uint32_t at(Register which)
{
    return static_cast<std::uint32_t>(which);
}

/// What a register reads after reset, after all ones and after a pattern were written.
struct Readings {
    std::uint32_t reset;
    std::uint32_t ones;
    std::uint32_t pattern;  // of 0x5A5A5A5A
};
constexpr std::uint32_t kPattern = 0x5A5A5A5AU;

struct Row {
    std::uint32_t address;
    Readings readings;
};
constexpr std::array<Row, 20> kTable = {{
    {0x00, {16, 16, 16}},
    {0x04, {0, 7, 2}},
    {0x08, {0x08080802U, 0xFFFFFFFFU, kPattern}},
    {0x0C, {0, 31, 0x1A}},
    {0x10, {0, 15, 0xA}},
    {0x14, {0, 0xFFFFFFFFU, 0x1A}},
    {0x18, {0, 1, 0}},
    {0x1C, {0xFFFFFFFFU, 0xFFFFFFFFU, 0x5A}},
    {0x20, {0, 0xFFFFFFFFU, kPattern}},
    {0x24, {0, 0xFFFF, 0x5A5A}},
    {0x2C, {0, 0xFFFFFFFEU, kPattern}},
    {0x30, {0, 1, 0}},
    {0x34, {0, 0xFFFFFFFFU, kPattern}},
    {0x38, {0, 0xFFFFFFFFU, kPattern}},
    {0x40, {0, 0xFFFFFFFFU, kPattern}},
    {0x44, {0, 0xFFFFFFFFU, kPattern}},
    {0x48, {0, 0xFFFFFFFFU, kPattern}},
    {0x4C, {0, 0xFFFFFFFFU, kPattern}},
    {0x400, {0, 0xFFFFFFFFU, kPattern}},
    {0x4FC, {0, 0xFFFFFFFFU, kPattern}},
}};

TEST(QuantizeUpdateRegisters, StoreTheBitsOfTheTableAndNoOthers)
{
    QuantizeUpdateTwin unit(16);
    for (const auto& [address, readings] : kTable) EXPECT_EQ(unit.read_register(address), readings.reset) << address;
    for (const auto& [address, readings] : kTable) {
        unit.write_register(address, 0xFFFFFFFFU);
        EXPECT_EQ(unit.read_register(address), readings.ones) << address;
        unit.write_register(address, kPattern);
        EXPECT_EQ(unit.read_register(address), readings.pattern) << address;
    }
    for (const auto& [address, readings] : kTable) {
        EXPECT_EQ(unit.read_register(address), readings.pattern) << address << ": another write changed it";
    }
    unit.reset();
    for (const auto& [address, readings] : kTable) EXPECT_EQ(unit.read_register(address), readings.reset) << address;
}

TEST(QuantizeUpdateRegisters, SignedFieldsReadBackSignExtended)
{
    QuantizeUpdateTwin unit(4);
    unit.write_register(at(Register::eta), 0x20);
    EXPECT_EQ(unit.read_register(at(Register::eta)), static_cast<std::uint32_t>(-32));
    unit.write_register(at(Register::eta), static_cast<std::uint32_t>(-16));
    EXPECT_EQ(unit.read_register(at(Register::eta)), static_cast<std::uint32_t>(-16));
    unit.write_register(at(Register::exponent), 0x80);
    EXPECT_EQ(unit.read_register(at(Register::exponent)), static_cast<std::uint32_t>(-128));
    unit.write_register(at(Register::exponent), 0x7F);
    EXPECT_EQ(unit.read_register(at(Register::exponent)), 127U);
}

TEST(QuantizeUpdateRegisters, AddressesWithoutRegisterAreRefused)
{
    QuantizeUpdateTwin unit(16);
    for (const std::uint32_t address : {0x01U, 0x02U, 0x3CU, 0x50U, 0x3FCU, 0x401U, 0x500U, 0xFFFFFFFCU}) {
        EXPECT_THROW((void)unit.read_register(address), std::out_of_range) << address;
        EXPECT_THROW(unit.write_register(address, 0), std::out_of_range) << address;
    }
    EXPECT_EQ(unit.read_register(at(Register::control)), 0U);
}

TEST(QuantizeUpdateRegisters, ControlTakesTheExponentBeforeItClears)
{
    QuantizeUpdateTwin unit(16);
    for (unsigned bit = 0; bit < 48; ++bit) {
        for (const std::uint64_t maximum : {std::uint64_t{1} << bit, (std::uint64_t{3} << bit) >> 1U}) {
            if (maximum >> 48U != 0 || maximum == 0) continue;
            unit.write_register(at(Register::max_low), static_cast<std::uint32_t>(maximum));
            unit.write_register(at(Register::max_high), static_cast<std::uint32_t>(maximum >> 32U));
            unit.write_register(at(Register::control), kControlSetExponent | kControlClearMax);
            EXPECT_EQ(static_cast<int>(unit.read_register(at(Register::exponent))), numerics::exponent(maximum));
            EXPECT_EQ(unit.read_register(at(Register::max_low)), 0U);
            EXPECT_EQ(unit.read_register(at(Register::max_high)), 0U);
        }
    }
    unit.write_register(at(Register::control), kControlSetExponent);
    EXPECT_EQ(unit.read_register(at(Register::exponent)), 0xFFFFFFFFU) << "of a maximum of 0";
}

TEST(QuantizeUpdateRegisters, ControlClearsOnlyWhatItIsTold)
{
    QuantizeUpdateTwin unit(16);
    unit.write_register(at(Register::max_low), 5);
    unit.write_register(at(Register::loss_3), 6);
    unit.write_register(at(Register::control), kControlClearLoss);
    EXPECT_EQ(unit.read_register(at(Register::loss_3)), 0U);
    EXPECT_EQ(unit.read_register(at(Register::max_low)), 5U);
    EXPECT_EQ(unit.read_register(at(Register::exponent)), 0xFFFFFFFFU);
    unit.write_register(at(Register::loss_0), 7);
    unit.write_register(at(Register::control), kControlClearMax);
    EXPECT_EQ(unit.read_register(at(Register::loss_0)), 7U);
    EXPECT_EQ(unit.read_register(at(Register::max_low)), 0U);
}

TEST(QuantizeUpdateTiming, RegisterWrites)
{
    QuantizeUpdateTwin unit(16);
    for (const auto& [address, readings] : kTable) {
        EXPECT_EQ(unit.write_register(address, 0), address == at(Register::key_1) ? 23U : 1U) << address;
    }
    for (std::uint32_t value = 0; value < 8; ++value) {
        EXPECT_EQ(unit.write_register(at(Register::control), value), (value & 2U) != 0 ? 2U : 1U) << value;
    }
}

TEST(QuantizeUpdateTiming, BurstsOfTheModulesPage)
{
    const std::map<int, CycleCount> tree = {{4, 1}, {8, 2}, {16, 2}, {32, 3}, {64, 3}};  // ceil(log2(lanes) / 2)
    for (const auto& [lanes, maximum_tree] : tree) {
        const QuantizeUpdateTiming timing{lanes};
        const auto width = static_cast<std::size_t>(lanes);
        for (const std::size_t count : {std::size_t{1}, width, width + 1, 1000 * width}) {
            const CycleCount beats = (count - 1) / width + 1;
            EXPECT_EQ(timing.run(QuantizeUpdateMode::input, count), beats + 2);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::activation, count), beats + 4);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::error, count), beats + 4);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::requantize, count), beats + 4);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::abs_max, count), beats + 2 + maximum_tree);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::gradient_abs_max, count), beats + 2 + maximum_tree);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::update, count), beats + 13);
            EXPECT_EQ(timing.run(QuantizeUpdateMode::output_error, count), count + 6);
        }
        EXPECT_EQ(timing.run(QuantizeUpdateMode::update, 0), 0U);
    }
}

TEST(QuantizeUpdateTimingUnit, HasTheTwinsRegistersAndCycles)
{
    QuantizeUpdateTimingUnit unit(8);
    QuantizeUpdateTwin twin(8);
    EXPECT_EQ(unit.lanes(), 8);
    for (std::uint32_t mode = 0; mode < 8; ++mode) {
        EXPECT_EQ(unit.write_register(at(Register::mode), mode), twin.write_register(at(Register::mode), mode));
        Burst burst;
        burst.count = 1001;
        EXPECT_EQ(unit.run(burst), QuantizeUpdateTiming{8}.run(static_cast<QuantizeUpdateMode>(mode), 1001));
    }
    EXPECT_EQ(unit.read_register(at(Register::mode)), 7U);
    unit.reset();
    EXPECT_EQ(unit.read_register(at(Register::mode)), 0U);
}

TEST(QuantizeUpdateTwin, LanesAreOfTheRtlsKinds)
{
    for (const int lanes : {4, 8, 16, 32, 64}) EXPECT_EQ(QuantizeUpdateTwin(lanes).lanes(), lanes);
    for (const int lanes : {0, 1, 2, 12, 128, -4}) EXPECT_THROW(QuantizeUpdateTwin{lanes}, std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::chip
