// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Router, buffer and DRAM together: closed forms, contention of two initiators to the cycle, decoding both ways.
#include <array>

#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/buffer/buffer.hpp"
#include "tlm/common/address_map.hpp"
#include "tlm/dram/dram.hpp"
#include "tlm/interconnect/router.hpp"

namespace wagesim::chip::testing {
namespace {

constexpr BurstPurpose kForward{TrafficClass::activations, Phase::forward, 0};
constexpr BurstPurpose kBackward{TrafficClass::errors, Phase::backward, 0};
constexpr std::uint64_t kCrossing = 2;       // latency of one way through the router
constexpr std::uint64_t kDramLatency = 100;  // 32 bytes a cycle
constexpr std::uint64_t kBufferLatency = 4;  // 64 bytes a cycle, as a link

[[nodiscard]] MemoryRegion in_dram(std::uint64_t offset, std::uint64_t bytes)
{
    return {kDramBase + offset, ElementType::int8, bytes};
}
[[nodiscard]] MemoryRegion in_buffer(std::uint64_t offset, std::uint64_t bytes)
{
    return {kBufferBase + offset, ElementType::int8, bytes};
}

class RouterTest : public SimulationTest {
protected:
    RouterTest()
    {
        router_.to_targets.bind(buffer_.socket);
        router_.to_targets.bind(dram_.socket);
    }
    void add(const char* name, ScriptedInitiator::Script script)
    {
        initiator(name, std::move(script)).memory.socket.bind(router_.from_initiators);
    }

    Buffer buffer_{"buffer", {2048, 64, kBufferLatency}, clock_};
    Dram dram_{"dram", {1, 32, kDramLatency}, clock_};
    Router router_{"router",
                   {InterconnectKind::router, 64, kCrossing},
                   {{kBufferBase, buffer_.size()}, {kDramBase, dram_.size()}},
                   clock_};
};

TEST_F(RouterTest, AloneABurstTakesTwoCrossingsAndTheSlowestOfLinkAndMemory)
{
    add("unit", [this](ScriptedInitiator& unit) {
        const ReadLease dram = unit.memory.read(in_dram(0, 6400), kForward);
        EXPECT_EQ(cycles(dram.ready_at), 2 * kCrossing + kDramLatency + 200);
        wait_until(dram.ready_at);
        const std::uint64_t now = clock_.now();
        EXPECT_EQ(cycles(unit.memory.read(in_buffer(0, 6400), kForward).ready_at),
                  now + 2 * kCrossing + kBufferLatency + 100);
    });
    simulate();
    EXPECT_EQ(dram_.counters().bytes, 6400U);
    EXPECT_EQ(buffer_.counters().bytes, 6400U);
    ASSERT_EQ(router_.initiator_links().size(), 1U);
    EXPECT_EQ(router_.initiator_links()[0].bytes, 12800U);
    EXPECT_EQ(router_.initiator_links()[0].busy_cycles, 200U);
    ASSERT_EQ(router_.target_links().size(), 2U);
    EXPECT_EQ(router_.target_links()[0].bytes, 6400U);
    EXPECT_EQ(router_.target_links()[1].busy_cycles, 100U);
}

TEST_F(RouterTest, TwoInitiatorsAtOneMemoryQueueInOrderOfArrival)
{
    add("first", [this](ScriptedInitiator& unit) {
        const ReadLease lease = unit.memory.read(in_dram(0, 3200), kForward);
        EXPECT_EQ(cycles(lease.ready_at), 2 * kCrossing + kDramLatency + 100);
        EXPECT_EQ(cycles(lease.waited), 0U);
    });
    add("second", [this](ScriptedInitiator& unit) {
        wait_cycles(30);
        const WriteLease lease = unit.memory.write(in_dram(8192, 640), kBackward);
        EXPECT_EQ(cycles(lease.waited), 70U);  // the port is taken from cycle 2 to 102, arrival at 32
        EXPECT_EQ(cycles(lease.ready_at), kCrossing + 100 + kDramLatency + 20 + kCrossing);
    });
    simulate();
    ASSERT_EQ(dram_.waits().size(), 2U);
    EXPECT_EQ(dram_.waits()[0].name, "first");
    EXPECT_EQ(dram_.waits()[0].cycles, (DirectionCounts{0, 0, 0}));
    EXPECT_EQ(dram_.waits()[1].name, "second");
    EXPECT_EQ(dram_.waits()[1].cycles, (DirectionCounts{0, 70, 0}));
    EXPECT_EQ(router_.target_links()[1].waits_cycles, 20U);  // the link is taken from 2 to 52
}

TEST_F(RouterTest, TwoInitiatorsAtTwoMemoriesDoNotMeet)
{
    add("first", [this](ScriptedInitiator& unit) {
        EXPECT_EQ(cycles(unit.memory.read(in_dram(0, 3200), kForward).ready_at), 2 * kCrossing + kDramLatency + 100);
    });
    add("second", [this](ScriptedInitiator& unit) {
        EXPECT_EQ(cycles(unit.memory.read(in_buffer(0, 640), kForward).ready_at), 2 * kCrossing + kBufferLatency + 10);
    });
    simulate();
}

TEST_F(RouterTest, OneInitiatorsLinkIsSharedByItsBursts)
{
    add("unit", [this](ScriptedInitiator& unit) {
        (void)unit.memory.read(in_dram(0, 6400), kForward);  // takes the link for 100 cycles
        const ReadLease second = unit.memory.read(in_buffer(0, 640), kForward);
        EXPECT_EQ(cycles(second.ready_at), 100U + 10U + 2 * kCrossing);
        EXPECT_EQ(cycles(second.waited), 100U);
    });
    simulate();
    EXPECT_EQ(buffer_.counters().waits_cycles, 0U) << "it waited for its link, not for the buffer";
    EXPECT_EQ(router_.initiator_links()[0].waits_cycles, 100U);
}

TEST_F(RouterTest, AddressesAreDecodedBothWays)
{
    add("unit", [this](ScriptedInitiator& unit) {
        const WriteLease lease = unit.memory.write(in_dram(4096, 8), kForward);
        EXPECT_EQ(lease.data, dram_.storage(4096, 8));
        lease.data[0] = std::byte{9};
        std::array<unsigned char, 1> seen{};
        tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_address(kDramBase + 4096);
        payload.set_data_ptr(seen.data());
        payload.set_data_length(1);
        EXPECT_EQ(unit.memory.socket->transport_dbg(payload), 1U);
        EXPECT_EQ(seen[0], 9);
        EXPECT_EQ(payload.get_address(), kDramBase + 4096);
    });
    simulate();
}

TEST_F(RouterTest, UnmappedAddressesAreAnsweredAndBookNothing)
{
    add("unit", [this](ScriptedInitiator& unit) {
        for (const std::uint64_t address :
             {buffer_.size(), buffer_.size() - 1, kDramBase - 1, kDramBase + dram_.size()}) {
            EXPECT_THROW((void)unit.memory.read({address, ElementType::int8, 2}, kForward), InvariantError) << address;
        }
        tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_address(buffer_.size());
        payload.set_data_length(1);
        tlm::tlm_dmi dmi;
        EXPECT_FALSE(unit.memory.socket->get_direct_mem_ptr(payload, dmi));
        EXPECT_EQ(unit.memory.socket->transport_dbg(payload), 0U);
    });
    simulate();
    EXPECT_EQ(router_.initiator_links()[0].bursts, 0U);
}

TEST_F(RouterTest, ResetForgetsCounts)
{
    add("unit", [](ScriptedInitiator& unit) { (void)unit.memory.read(in_dram(0, 64), kForward); });
    simulate();
    EXPECT_EQ(router_.initiator_links()[0].bursts, 1U);
    router_.reset_counters();
    EXPECT_EQ(router_.initiator_links()[0].bursts, 0U);
    EXPECT_EQ(router_.target_links()[1].bursts, 0U);
}

TEST_F(SimulationTest, RouterRefusesOverlappingRanges)
{
    EXPECT_THROW(Router("router", {}, {{0, 100}, {99, 10}}, clock_), InvariantError);
}

}  // namespace
}  // namespace wagesim::chip::testing
