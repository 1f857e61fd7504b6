// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The lockstep unit over scripted units: each kind of disagreement is found and named, agreement is counted.
#include "platforms/verify/lockstep_unit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace wagesim::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::uint32_t kMode = static_cast<std::uint32_t>(QuantizeUpdateMode::requantize);
constexpr std::uint32_t kModeAddress = static_cast<std::uint32_t>(QuantizeUpdateRegister::mode);

/// Keeps registers, adds `offset` to int16 operands; each answer can be bent.
struct ScriptedUnit : QuantizeUpdateUnit {
    [[nodiscard]] int lanes() const noexcept override { return lane_count; }
    void reset() override { registers.clear(); }
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override
    {
        registers[address] = value;
        return write_cycles;
    }
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override { return registers[address] ^ bend_read; }
    CycleCount run(const Burst& burst) override
    {
        const auto* in = static_cast<const std::int16_t*>(burst.operand.data);
        auto* out = static_cast<std::int16_t*>(burst.result.data);
        auto* codes = static_cast<std::int8_t*>(burst.auxiliary_result.data);
        for (std::size_t i = 0; i < burst.count; ++i) {
            out[i] = static_cast<std::int16_t>(in[i] + 1 + (i == bend_result ? 1 : 0));
            codes[i] = static_cast<std::int8_t>(i == bend_code ? 1 : 0);
        }
        return burst_cycles;
    }

    int lane_count = 4;
    CycleCount write_cycles = 1;
    CycleCount burst_cycles = 10;
    std::uint32_t bend_read = 0;
    std::size_t bend_result = ~std::size_t{0};
    std::size_t bend_code = ~std::size_t{0};
    std::map<std::uint32_t, std::uint32_t> registers;
};

class Lockstep : public ::testing::Test {
protected:
    Lockstep()
    {
        auto first = std::make_unique<ScriptedUnit>();
        auto second = std::make_unique<ScriptedUnit>();
        bent = second.get();
        unit = std::make_unique<LockstepUnit>(LockstepUnit::Named{"twin", std::move(first)},
                                              LockstepUnit::Named{"rtl", std::move(second)}, record);
        unit->write_register(kModeAddress, kMode);
    }
    CycleCount run()
    {
        values = {1, 2, 3, 4, 5};
        const MutableStream result{values.data(), ElementType::int16};
        return unit->run(
            {values.size(), 0, {values.data(), ElementType::int16}, {}, result, {codes.data(), ElementType::int8}});
    }
    void expect_failure(const std::string& text)
    {
        EXPECT_THAT([&] { run(); }, ThrowsMessage<LockstepError>(::testing::StrEq(text)));
        ASSERT_TRUE(record->failure);
        EXPECT_EQ(record->failure->what(), text) << "a failure outlives the exception";
    }

    std::shared_ptr<LockstepRecord> record = std::make_shared<LockstepRecord>();
    ScriptedUnit* bent = nullptr;
    std::unique_ptr<LockstepUnit> unit;
    std::vector<std::int16_t> values;
    std::vector<std::int8_t> codes = std::vector<std::int8_t>(5);
};

TEST_F(Lockstep, AgreementIsPassedOnAndCounted)
{
    EXPECT_EQ(unit->lanes(), 4);
    EXPECT_EQ(run(), 10U);
    EXPECT_THAT(values, ::testing::ElementsAre(2, 3, 4, 5, 6)) << "in place: the operand was read once";
    EXPECT_EQ(unit->read_register(kModeAddress), kMode);
    EXPECT_EQ(record->register_writes, 1U);
    EXPECT_EQ(record->register_reads, 1U);
    EXPECT_EQ(record->bursts, 1U);
    EXPECT_EQ(record->elements, 10U);
    EXPECT_EQ(record->cycles, 11U);
    EXPECT_FALSE(record->failure);
    unit->reset();
    EXPECT_TRUE(bent->registers.empty());
    EXPECT_EQ(unit->read_register(kModeAddress), 0U);
}

TEST_F(Lockstep, DifferentResultIsNamedWithModeAndElement)
{
    bent->bend_result = 3;
    expect_failure("lockstep: requantize result element 3: twin 5, rtl 6");
}

TEST_F(Lockstep, DifferentAuxiliaryResultIsNamed)
{
    bent->bend_code = 4;
    expect_failure("lockstep: requantize auxiliary result element 4: twin 0, rtl 1");
}

TEST_F(Lockstep, DifferentCyclesOfABurstAreNamed)
{
    bent->burst_cycles = 11;
    expect_failure(
        "lockstep: requantize burst of 5: twin 10 cycles, rtl 11 cycles; results are equal, and quantizer rtl compares "
        "them alone");
}

TEST_F(Lockstep, DifferentCyclesOfARegisterAreNamed)
{
    bent->write_cycles = 23;
    EXPECT_THAT([&] { unit->write_register(0x38, 1); },
                ThrowsMessage<LockstepError>(HasSubstr("write of register 0x38: twin 1 cycles, rtl 23 cycles")));
}

TEST_F(Lockstep, DifferentRegisterIsNamed)
{
    bent->bend_read = 0x100;
    EXPECT_THAT([&] { (void)unit->read_register(0x20); },
                ThrowsMessage<LockstepError>(HasSubstr("register 0x20: twin 0x0, rtl 0x100")));
}

TEST_F(Lockstep, EmptyBurstIsNoDisagreement)
{
    EXPECT_EQ(unit->run({}), 10U);
    EXPECT_EQ(record->elements, 0U);
}

TEST(LockstepUnits, MustHaveTheSameLanes)
{
    auto wide = std::make_unique<ScriptedUnit>();
    wide->lane_count = 8;
    EXPECT_THROW(LockstepUnit({"a", std::make_unique<ScriptedUnit>()}, {"b", std::move(wide)}), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::verify
