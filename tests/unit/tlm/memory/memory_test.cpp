// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One memory by itself: cycles in closed form, contention to the cycle, what is counted, what is refused.
#include <array>

#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/buffer/buffer.hpp"
#include "tlm/dram/dram.hpp"

namespace wagesim::chip::testing {
namespace {

constexpr BurstPurpose kForward{TrafficClass::activations, Phase::forward, 1};

class DramTest : public SimulationTest {
protected:
    /// Binds the one initiator and runs.
    void run(ScriptedInitiator::Script script)
    {
        initiator("unit", std::move(script)).memory.socket.bind(dram_.socket);
        simulate();
    }

    DramConfig config_{1, 32, 100};
    Dram dram_{"dram", config_, clock_};
};

TEST_F(DramTest, AloneABurstTakesLatencyAndTransfer)
{
    run([this](ScriptedInitiator& unit) {
        for (const std::uint64_t bytes : {1U, 31U, 32U, 33U, 4096U}) {
            const std::uint64_t now = clock_.now();
            const ReadLease lease = unit.memory.read({0, ElementType::int8, bytes}, kForward);
            EXPECT_EQ(cycles(lease.ready_at), now + 100 + (bytes + 31) / 32) << bytes;
            EXPECT_EQ(lease.waited, sc_core::SC_ZERO_TIME);
            EXPECT_EQ(clock_.now(), now) << "booking takes no time of its own";
            wait_until(lease.ready_at);
        }
    });
}

TEST_F(DramTest, LatencyOverlapsTheTransferBefore)
{
    run([this](ScriptedInitiator& unit) {
        const MemoryRegion region{0, ElementType::int8, 320};  // 10 cycles on the port
        EXPECT_EQ(cycles(unit.memory.read(region, kForward).ready_at), 110U);
        EXPECT_EQ(cycles(unit.memory.write(region, kForward).ready_at), 120U);
        const ReadLease third = unit.memory.read(region, kForward);
        EXPECT_EQ(cycles(third.ready_at), 130U);
        EXPECT_EQ(cycles(third.waited), 20U);
        wait_until(third.ready_at);
        EXPECT_EQ(cycles(unit.memory.read(region, kForward).waited), 0U) << "waits belong to one burst";
    });
    EXPECT_EQ(dram_.counters().bursts, 4U);
    EXPECT_EQ(dram_.counters().bytes, 1280U);
    EXPECT_EQ(dram_.counters().busy_cycles, 40U);
    EXPECT_EQ(dram_.counters().waits_cycles, 10U + 20U);
}

TEST_F(DramTest, CountsByPurposeAndForgetsOnReset)
{
    run([](ScriptedInitiator& unit) {
        (void)unit.memory.read({0, ElementType::int16, 50}, kForward);
        (void)unit.memory.write({0, ElementType::int64, 2}, {TrafficClass::errors, Phase::backward, 4});
    });
    EXPECT_EQ(dram_.traffic().bytes(kForward).read, 100U);
    EXPECT_EQ(dram_.traffic().bytes({TrafficClass::errors, Phase::backward, 4}).written, 16U);
    EXPECT_EQ(dram_.traffic().total().total(), 116U);
    ASSERT_EQ(dram_.waits().size(), 1U);
    EXPECT_EQ(dram_.waits()[0].name, "unit");
    dram_.reset_counters();
    EXPECT_EQ(dram_.traffic().total().total(), 0U);
    EXPECT_EQ(dram_.counters().bursts, 0U);
    EXPECT_TRUE(dram_.waits().empty());
}

TEST_F(DramTest, BytesAreTheModelledStorageItself)
{
    run([this](ScriptedInitiator& unit) {
        const WriteLease write = unit.memory.write({4096, ElementType::int32, 8}, kForward);
        EXPECT_EQ(write.data, dram_.storage(4096, 32));
        write.as<std::int32_t>()[7] = 0x01020304;
        const ReadLease read = unit.memory.read({4096 + 28, ElementType::int32, 1}, kForward);
        EXPECT_EQ(*read.as<std::int32_t>(), 0x01020304);
        EXPECT_EQ(*unit.memory.read({std::uint64_t{1} << 29U, ElementType::int64, 1}, kForward).as<std::int64_t>(), 0);
    });
    EXPECT_THROW((void)dram_.storage(std::uint64_t{1} << 30U, 1), InvariantError);
}

TEST_F(DramTest, RefusesBurstsOutsideAndWithoutLength)
{
    run([this](ScriptedInitiator& unit) {
        EXPECT_THROW((void)unit.memory.read({dram_.size(), ElementType::int8, 1}, kForward), InvariantError);
        EXPECT_THROW((void)unit.memory.read({dram_.size() - 1, ElementType::int8, 2}, kForward), InvariantError);
        EXPECT_THROW((void)unit.memory.write({0, ElementType::int8, 0}, kForward), InvariantError);
        EXPECT_THROW((void)unit.memory.write({0, ElementType::int64, std::uint64_t{1} << 29U}, kForward),
                     InvariantError);
        EXPECT_NO_THROW((void)unit.memory.read({dram_.size() - 1, ElementType::int8, 1}, kForward));
    });
    EXPECT_EQ(dram_.counters().bursts, 1U) << "what is refused books nothing";
}

TEST_F(DramTest, AnswersBadTrafficWithAStatus)
{
    run([](ScriptedInitiator& unit) {
        BurstExtension extension;
        std::array<unsigned char, 8> bytes{};
        tlm::tlm_generic_payload payload;
        const auto reset = [&] {
            payload.set_command(tlm::TLM_READ_COMMAND);
            payload.set_address(0);
            payload.set_data_ptr(bytes.data());
            payload.set_data_length(8);
            payload.set_streaming_width(8);
            payload.set_byte_enable_ptr(nullptr);
            payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        };
        const auto response = [&] {
            sc_core::sc_time delay;
            unit.memory.socket->b_transport(payload, delay);
            return payload.get_response_status();
        };
        reset();
        EXPECT_EQ(response(), tlm::TLM_GENERIC_ERROR_RESPONSE) << "no purpose";
        payload.set_extension(&extension);
        reset();
        payload.set_command(tlm::TLM_IGNORE_COMMAND);
        EXPECT_EQ(response(), tlm::TLM_COMMAND_ERROR_RESPONSE);
        reset();
        payload.set_address(std::uint64_t{1} << 30U);
        EXPECT_EQ(response(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        reset();
        payload.set_byte_enable_ptr(bytes.data());
        EXPECT_EQ(response(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        reset();
        payload.set_streaming_width(4);
        EXPECT_EQ(response(), tlm::TLM_BURST_ERROR_RESPONSE);
        reset();
        payload.set_data_length(0);
        EXPECT_EQ(response(), tlm::TLM_BURST_ERROR_RESPONSE);
        reset();
        EXPECT_EQ(response(), tlm::TLM_OK_RESPONSE);
        payload.clear_extension(&extension);
    });
}

TEST_F(DramTest, BurstsWithDataMoveIt)
{
    run([this](ScriptedInitiator& unit) {
        BurstExtension extension;
        std::array<unsigned char, 4> bytes = {1, 2, 3, 4};
        tlm::tlm_generic_payload payload;
        payload.set_extension(&extension);
        payload.set_command(tlm::TLM_WRITE_COMMAND);
        payload.set_address(100);
        payload.set_data_ptr(bytes.data());
        payload.set_data_length(4);
        payload.set_streaming_width(4);
        sc_core::sc_time delay;
        unit.memory.socket->b_transport(payload, delay);
        EXPECT_EQ(cycles(delay), 101U);
        payload.clear_extension(&extension);
        EXPECT_EQ(*dram_.storage(103, 1), std::byte{4});

        std::array<unsigned char, 4> seen{};
        payload.set_read();
        payload.set_data_ptr(seen.data());
        EXPECT_EQ(unit.memory.socket->transport_dbg(payload), 4U);
        EXPECT_EQ(seen, bytes);
        payload.set_address(dram_.size() - 3);
        EXPECT_EQ(unit.memory.socket->transport_dbg(payload), 0U);
    });
    EXPECT_EQ(dram_.counters().bursts, 1U) << "debug transport is no burst";
}

TEST_F(SimulationTest, BufferHasItsOwnSizeWidthAndLatency)
{
    Buffer buffer("buffer", {3, 16, 7}, clock_);
    initiator("unit", [&](ScriptedInitiator& unit) {
        EXPECT_EQ(cycles(unit.memory.write({0, ElementType::int8, 3 * 1024}, kForward).ready_at), 7U + 3U * 64U);
        EXPECT_THROW((void)unit.memory.read({3 * 1024, ElementType::int8, 1}, kForward), InvariantError);
    }).memory.socket.bind(buffer.socket);
    simulate();
    EXPECT_EQ(buffer.size(), 3U * 1024U);
}

}  // namespace
}  // namespace wagesim::chip::testing
