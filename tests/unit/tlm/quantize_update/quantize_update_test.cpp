// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit on the chip: a command's cycles in closed form, bytes through memory, what it answers to bad traffic, its
// registers by debug transport. What it computes is the twin's affair, and tested there.
#define SC_INCLUDE_DYNAMIC_PROCESSES  // for sc_spawn

#include <gmock/gmock.h>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/common/address_map.hpp"
#include "tlm/common/command_extension.hpp"
#include "tlm/common/protocol_checker.hpp"
#include "tlm/dram/dram.hpp"
#include "tlm/quantize_update/quantize_update.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::chip::testing {
namespace {

using ::testing::HasSubstr;
using Mode = QuantizeUpdateMode;
using Register = QuantizeUpdateRegister;

[[nodiscard]] constexpr std::uint32_t at(Register which)
{
    return static_cast<std::uint32_t>(which);
}

/// Issues commands from a process of its own.
class Issuer : public sc_core::sc_module {
public:
    Issuer(const sc_core::sc_module_name& name, std::function<void(Issuer&)> script)
        : sc_module(name), commands("commands"), script_(std::move(script))
    {
        SC_HAS_PROCESS(Issuer);
        SC_THREAD(run);
    }
    CommandPort<QuantizeUpdateCommand> commands;
    bool finished = false;

private:
    void run()
    {
        script_(*this);
        finished = true;
    }
    std::function<void(Issuer&)> script_;
};

constexpr std::uint64_t kLatency = 10;  // of the memory: 8 bytes a cycle
constexpr std::uint64_t kWidth = 8;
constexpr std::uint64_t kOperand = 0, kFlags = 0x10000, kResult = 0x20000, kMarks = 0x30000;

class QuantizeUpdateModuleTest : public SimulationTest {
protected:
    void run(std::function<void(Issuer&)> script, BurstData data = BurstData::carried)
    {
        std::unique_ptr<QuantizeUpdateUnit> twin = std::make_unique<QuantizeUpdateTwin>(4);
        unit_ = std::make_unique<QuantizeUpdate>("quantize_update", std::move(twin), 0, clock_,
                                                 UnitMode{data, ResultDelivery::awaited, Granularity::burst});
        Issuer issuer("issuer", std::move(script));
        issuer.commands.socket.bind(unit_->commands);
        unit_->memory.socket.bind(checker_.target);
        checker_.initiator.bind(memory_.socket);
        simulate();
        EXPECT_TRUE(issuer.finished);
    }

    template <class T>
    [[nodiscard]] T* stored(std::uint64_t address, std::size_t count)
    {
        return reinterpret_cast<T*>(memory_.storage(address, count * sizeof(T)));
    }

    /// Cycles that a command takes.
    [[nodiscard]] std::uint64_t cycles_of(Issuer& issuer, const QuantizeUpdateCommand& command) const
    {
        const std::uint64_t begin = clock_.now();
        issuer.commands.issue(command);
        return clock_.now() - begin;
    }

    Dram memory_{"memory", {1, static_cast<int>(kWidth), static_cast<int>(kLatency)}, clock_};
    ProtocolChecker checker_{"checker"};
    std::unique_ptr<QuantizeUpdate> unit_;
};

[[nodiscard]] QuantizeUpdateBurst activation_burst(std::uint64_t count, ElementType operand)
{
    QuantizeUpdateBurst burst;
    burst.mode = Mode::activation;
    burst.count = count;
    burst.operand = {kOperand, operand, TrafficClass::activations};
    burst.result = {kResult, ElementType::int8, TrafficClass::activations};
    burst.auxiliary_result = {kMarks, ElementType::uint8, TrafficClass::errors};
    return burst;
}

TEST_F(QuantizeUpdateModuleTest, RegisterWritesTakeTheUnitsCycles)
{
    run([this](Issuer& issuer) {
        QuantizeUpdateCommand command;
        EXPECT_EQ(cycles_of(issuer, command), 0U);
        command.registers = {{at(Register::gamma), 3}, {at(Register::control), kControlSetExponent}};
        EXPECT_EQ(cycles_of(issuer, command), 1U + 2U);
        command.registers = {{at(Register::key_0), 5}, {at(Register::key_1), 6}};
        command.phase = Phase::update;
        EXPECT_EQ(cycles_of(issuer, command), 1U + 23U);
    });
    EXPECT_EQ(unit_->counters().commands, 3U);
    EXPECT_EQ(unit_->counters().busy_cycles, (DirectionCounts{3, 0, 24}));
    EXPECT_EQ(checker_.bursts_checked(), 0U);
}

TEST_F(QuantizeUpdateModuleTest, AMemoryBoundBurstTakesItsReadsThenItsWrites)
{
    constexpr std::uint64_t kCount = 64;  // int64: 64 cycles to read, 16 beats in the unit
    run([this](Issuer& issuer) {
        auto* const operands = stored<std::int64_t>(kOperand, kCount);
        for (std::uint64_t i = 0; i < kCount; ++i) operands[i] = static_cast<std::int64_t>(i) - 32;
        QuantizeUpdateCommand command;
        command.layer = 2;
        command.burst = activation_burst(kCount, ElementType::int64);
        const std::uint64_t read = kLatency + kCount * 8 / kWidth;
        const std::uint64_t write = kLatency + 2 * (kCount / kWidth);  // codes, then flags, on one port
        EXPECT_EQ(cycles_of(issuer, command), 1 + read + write);
        EXPECT_EQ(stored<std::int8_t>(kResult, kCount)[63], 16) << "31 / 2, to even";
        EXPECT_EQ(stored<std::uint8_t>(kMarks, kCount)[63], kFlagActive | kFlagUnclipped);
        EXPECT_EQ(stored<std::uint8_t>(kMarks, kCount)[0], kFlagUnclipped);
    });
    EXPECT_EQ(memory_.traffic().bytes({TrafficClass::activations, Phase::forward, 2}).read, 512U);
    EXPECT_EQ(memory_.traffic().bytes({TrafficClass::activations, Phase::forward, 2}).written, 64U);
    EXPECT_EQ(memory_.traffic().bytes({TrafficClass::errors, Phase::forward, 2}).written, 64U);
    EXPECT_EQ(unit_->counters().queued_cycles, (DirectionCounts{8, 0, 0})) << "flags behind codes";
    EXPECT_EQ(checker_.grants_checked(), 3U);
}

TEST_F(QuantizeUpdateModuleTest, AUnitBoundBurstTakesTheUnitsCyclesThenItsWrites)
{
    constexpr std::uint64_t kCount = 80;  // bytes: 10 + 10 cycles to read, 20 beats + 2 in the unit
    run([this](Issuer& issuer) {
        QuantizeUpdateCommand command;
        for (std::uint32_t word = 0; word < 64; ++word) command.registers.push_back({0x400 + 4 * word, word});
        stored<std::uint8_t>(kOperand, kCount)[79] = 4 * 63;
        command.burst.emplace();
        command.burst->mode = Mode::input;
        command.burst->count = kCount;
        command.burst->operand = {kOperand, ElementType::uint8, TrafficClass::activations};
        command.burst->result = {kResult, ElementType::int8, TrafficClass::activations};
        EXPECT_EQ(cycles_of(issuer, command), (64 + 1) + (kCount / 4 + 2) + (kLatency + kCount / kWidth));
        EXPECT_EQ(stored<std::int8_t>(kResult, kCount)[79], 63);
    });
}

TEST_F(QuantizeUpdateModuleTest, ReadsOfOneBurstShareTheMemory)
{
    constexpr std::uint64_t kCount = 64;
    run([this](Issuer& issuer) {
        auto* const operands = stored<std::int32_t>(kOperand, kCount);
        auto* const flags = stored<std::uint8_t>(kFlags, kCount);
        operands[5] = -77;
        flags[5] = kFlagUnclipped;
        operands[6] = 1000;
        QuantizeUpdateCommand command;
        command.phase = Phase::backward;
        command.burst.emplace();
        command.burst->mode = Mode::abs_max;
        command.burst->count = kCount;
        command.burst->operand = {kOperand, ElementType::int32, TrafficClass::errors};
        command.burst->auxiliary = {kFlags, ElementType::uint8, TrafficClass::activations};
        EXPECT_EQ(cycles_of(issuer, command), 1 + kLatency + kCount * 4 / kWidth + kCount / kWidth);

        std::uint32_t maximum = 0;
        tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_address(at(Register::max_low));
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&maximum));
        payload.set_data_length(4);
        const std::uint64_t now = clock_.now();
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 4U);
        EXPECT_EQ(clock_.now(), now);
        EXPECT_EQ(maximum, 77U);
    });
    EXPECT_EQ(unit_->counters().queued_cycles, (DirectionCounts{0, 32, 0}));
}

TEST_F(QuantizeUpdateModuleTest, SegmentsHaveOneLabelAndOneClassEach)
{
    run([this](Issuer& issuer) {
        auto* const acc = stored<std::int32_t>(kOperand, 30);
        auto* const labels = stored<std::uint16_t>(kFlags, 3);
        acc[4] = acc[19] = acc[20] = 9;
        labels[1] = 9;
        QuantizeUpdateCommand command;
        command.burst.emplace();
        command.burst->mode = Mode::output_error;
        command.burst->count = 30;
        command.burst->segment = 10;
        command.burst->operand = {kOperand, ElementType::int32, TrafficClass::activations};
        command.burst->auxiliary = {kFlags, ElementType::uint16, TrafficClass::activations};
        command.burst->result = {kResult, ElementType::int32, TrafficClass::errors};
        command.burst->auxiliary_result = {kMarks, ElementType::uint16, TrafficClass::activations};
        // Unit: 30 + 6; reads 10 + 15 + 1; writes 10 + 15 + 1.
        EXPECT_EQ(cycles_of(issuer, command), 1U + 36U + 26U);
        EXPECT_THAT(std::vector<std::uint16_t>(stored<std::uint16_t>(kMarks, 3), stored<std::uint16_t>(kMarks, 3) + 3),
                    ::testing::ElementsAre(4, 9, 0));
        EXPECT_EQ(stored<std::int32_t>(kResult, 30)[19], 9 - 256);
        EXPECT_EQ(stored<std::uint16_t>(kMarks, 4)[3], 0);
    });
    EXPECT_EQ(memory_.traffic().total().read, 30U * 4 + 3 * 2);
}

TEST_F(QuantizeUpdateModuleTest, ResultsMayReplaceTheirOperands)
{
    run([this](Issuer& issuer) {
        auto* const weights = stored<std::int16_t>(kOperand, 8);
        for (std::int16_t i = 0; i < 8; ++i) weights[i] = static_cast<std::int16_t>(10 * i);
        stored<std::int16_t>(kFlags, 8)[7] = 30;
        QuantizeUpdateCommand command;
        command.burst.emplace();
        command.burst->mode = Mode::requantize;
        command.burst->count = 8;
        command.burst->operand = {kOperand, ElementType::int16, TrafficClass::weights};
        command.burst->auxiliary = {kFlags, ElementType::int16, TrafficClass::weights};
        command.burst->result = {kOperand, ElementType::int16, TrafficClass::weights};
        command.burst->auxiliary_result = {kMarks, ElementType::int8, TrafficClass::weights};
        issuer.commands.issue(command);
        EXPECT_EQ(weights[6], 60);
        EXPECT_EQ(weights[7], 40);
        EXPECT_EQ(stored<std::int8_t>(kMarks, 8)[6], 1) << "60 / 64 to the nearest";
    });
}

TEST_F(QuantizeUpdateModuleTest, TheTwinRefusesToWorkWithoutData)
{
    run(
        [](Issuer& issuer) {
            QuantizeUpdateCommand command;
            command.burst = activation_burst(64, ElementType::int64);
            EXPECT_THROW(issuer.commands.issue(command), InvariantError);
        },
        BurstData::none);
}

TEST_F(SimulationTest, TheTimingUnitTakesTheTwinsTimeAndTouchesNoMemory)
{
    Dram memory("memory", {1, static_cast<int>(kWidth), static_cast<int>(kLatency)}, clock_);
    QuantizeUpdate unit("quantize_update", std::make_unique<QuantizeUpdateTimingUnit>(4), 0, clock_,
                        {BurstData::none, ResultDelivery::awaited, Granularity::burst});
    Issuer issuer("issuer", [&](Issuer& self) {
        QuantizeUpdateCommand command;
        command.burst = activation_burst(64, ElementType::int64);
        *memory.storage(kResult, 1) = std::byte{99};
        self.commands.issue(command);
        EXPECT_EQ(clock_.now(), 1 + (kLatency + 64) + (kLatency + 2 * 8));
        EXPECT_EQ(*memory.storage(kResult, 1), std::byte{99});
    });
    issuer.commands.socket.bind(unit.commands);
    unit.memory.socket.bind(memory.socket);
    simulate();
    EXPECT_TRUE(issuer.finished);
    EXPECT_EQ(memory.traffic().total().total(), 64U * 8 + 64 + 64);
}

TEST_F(QuantizeUpdateModuleTest, RefusalsSayWhyAndLeaveTheUnitUsable)
{
    run([this](Issuer& issuer) {
        const auto refusal = [&issuer](const QuantizeUpdateCommand& command) -> std::string {
            try {
                issuer.commands.issue(command);
            } catch (const InvariantError& error) {
                return error.what();
            }
            return "";
        };
        QuantizeUpdateCommand command;
        command.registers = {{0x3C, 0}};
        EXPECT_THAT(refusal(command), HasSubstr("no register at address 60"));
        command.registers.clear();
        command.burst = activation_burst(16, ElementType::int16);
        EXPECT_THAT(refusal(command), HasSubstr("does not take this operand"));
        command.burst->mode = Mode::output_error;
        EXPECT_THAT(refusal(command), HasSubstr("segment"));
        command.burst = activation_burst(16, ElementType::int32);
        command.burst->operand->address = memory_.size();
        EXPECT_THAT(refusal(command), HasSubstr("TLM_ADDRESS_ERROR_RESPONSE"));
        command.burst = activation_burst(16, ElementType::int32);
        EXPECT_EQ(refusal(command), "");
    });
}

TEST_F(QuantizeUpdateModuleTest, ASecondCommandWhileBusyIsRefused)
{
    std::string second;
    bool done = false;
    run([&](Issuer& issuer) {
        QuantizeUpdateCommand command;
        command.burst = activation_burst(16, ElementType::int32);
        sc_core::sc_spawn([&] {
            wait_cycles(3);
            try {
                issuer.commands.issue(command);
            } catch (const InvariantError& error) {
                second = error.what();
            }
            done = true;
        });
        issuer.commands.issue(command);
        EXPECT_TRUE(done);
    });
    EXPECT_THAT(second, HasSubstr("a command while another is served"));
    EXPECT_EQ(unit_->counters().commands, 1U);
}

TEST_F(QuantizeUpdateModuleTest, DebugTransportReachesRegistersOnly)
{
    run([](Issuer& issuer) {
        std::array<std::uint32_t, 4> words = {1, 2, 3, 4};
        tlm::tlm_generic_payload payload;
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(words.data()));
        payload.set_data_length(16);
        payload.set_address(at(Register::loss_0));
        payload.set_write();
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 16U);
        words = {};
        payload.set_read();
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 16U);
        EXPECT_EQ(words, (std::array<std::uint32_t, 4>{1, 2, 3, 4}));
        EXPECT_TRUE(payload.is_response_ok());

        payload.set_address(0x3C);
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 0U);
        EXPECT_EQ(payload.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        payload.set_address(at(Register::loss_0));
        payload.set_data_length(3);
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 0U);
        payload.set_address(std::uint64_t{1} << 32U);
        payload.set_data_length(4);
        EXPECT_EQ(issuer.commands.socket->transport_dbg(payload), 0U);
    });
}

}  // namespace
}  // namespace wagesim::chip::testing
