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

constexpr BurstPurpose kForwardTraffic{TrafficClass::activations, Phase::forward, 0};
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
        const ReadLease dram = unit.memory.read(in_dram(0, 6400), kForwardTraffic);
        EXPECT_EQ(cycles(dram.ready_at), 2 * kCrossing + kDramLatency + 200);
        wait_until(dram.ready_at);
        const std::uint64_t now = clock_.now();
        EXPECT_EQ(cycles(unit.memory.read(in_buffer(0, 6400), kForwardTraffic).ready_at),
                  now + 2 * kCrossing + kBufferLatency + 100);
    });
    simulate();
    EXPECT_EQ(dram_.counters().bytes, 6400U);
    EXPECT_EQ(buffer_.counters().bytes, 6400U);
    ASSERT_EQ(router_.links().size(), 3U);
    EXPECT_EQ(router_.links()[0].counters.bytes, 12800U);
    EXPECT_EQ(router_.links()[0].counters.busy_cycles, 200U);
    EXPECT_EQ(router_.links()[1].counters.bytes, 6400U);
    EXPECT_EQ(router_.links()[2].counters.busy_cycles, 100U);
}

TEST_F(RouterTest, TwoInitiatorsAtOneMemoryQueueInOrderOfArrival)
{
    add("first", [this](ScriptedInitiator& unit) {
        const ReadLease lease = unit.memory.read(in_dram(0, 3200), kForwardTraffic);
        EXPECT_EQ(cycles(lease.ready_at), 2 * kCrossing + kDramLatency + 100);
        EXPECT_EQ(cycles(lease.waited), 0U);
    });
    add("second", [this](ScriptedInitiator& unit) {
        wait_cycles(30);
        const WriteLease lease = unit.memory.write(in_dram(8192, 640), kBackward);
        EXPECT_EQ(cycles(lease.waited), 70U);  // the port is taken for 100 cycles
        EXPECT_EQ(cycles(lease.ready_at), 100 + kDramLatency + 20 + 2 * kCrossing);
    });
    simulate();
    ASSERT_EQ(dram_.waits().size(), 2U);
    EXPECT_EQ(dram_.waits()[0].name, "first");
    EXPECT_EQ(dram_.waits()[0].cycles, (DirectionCounts{0, 0, 0}));
    EXPECT_EQ(dram_.waits()[1].name, "second");
    EXPECT_EQ(dram_.waits()[1].cycles, (DirectionCounts{0, 70, 0}));
    EXPECT_EQ(router_.links()[3].counters.waits_cycles, 20U);  // the link is taken for 50 cycles
}

TEST_F(RouterTest, TwoInitiatorsAtTwoMemoriesDoNotMeet)
{
    add("first", [this](ScriptedInitiator& unit) {
        EXPECT_EQ(cycles(unit.memory.read(in_dram(0, 3200), kForwardTraffic).ready_at),
                  2 * kCrossing + kDramLatency + 100);
    });
    add("second", [this](ScriptedInitiator& unit) {
        EXPECT_EQ(cycles(unit.memory.read(in_buffer(0, 640), kForwardTraffic).ready_at),
                  2 * kCrossing + kBufferLatency + 10);
    });
    simulate();
}

TEST_F(RouterTest, OneInitiatorsLinkIsSharedByItsBursts)
{
    add("unit", [this](ScriptedInitiator& unit) {
        (void)unit.memory.read(in_dram(0, 6400), kForwardTraffic);  // takes the link for 100 cycles
        const ReadLease second = unit.memory.read(in_buffer(0, 640), kForwardTraffic);
        EXPECT_EQ(cycles(second.ready_at), 100U + 10U + 2 * kCrossing);
        EXPECT_EQ(cycles(second.waited), 100U);
    });
    simulate();
    EXPECT_EQ(buffer_.counters().waits_cycles, 0U) << "it waited for its link, not for the buffer";
    EXPECT_EQ(router_.links()[0].counters.waits_cycles, 100U);
}

TEST_F(RouterTest, AddressesAreDecodedBothWays)
{
    add("unit", [this](ScriptedInitiator& unit) {
        const WriteLease lease = unit.memory.write(in_dram(4096, 8), kForwardTraffic);
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
            EXPECT_THROW((void)unit.memory.read({address, ElementType::int8, 2}, kForwardTraffic), InvariantError)
                << address;
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
    EXPECT_EQ(router_.links()[0].counters.bursts, 0U);
}

TEST_F(RouterTest, ResetForgetsCounts)
{
    add("unit", [](ScriptedInitiator& unit) { (void)unit.memory.read(in_dram(0, 64), kForwardTraffic); });
    simulate();
    EXPECT_EQ(router_.links()[0].counters.bursts, 1U);
    router_.reset_counters();
    EXPECT_EQ(router_.links()[0].counters.bursts, 0U);
    EXPECT_EQ(router_.links()[2].counters.bursts, 0U);
}

/// Four units and two memories: a grid of 3 x 2, the buffer at (1,1), the DRAM at (2,1).
class MeshTest : public SimulationTest {
protected:
    MeshTest()
    {
        router_.to_targets.bind(buffer_.socket);
        router_.to_targets.bind(dram_.socket);
    }
    void add(const char* name, ScriptedInitiator::Script script)
    {
        initiator(name, std::move(script)).memory.socket.bind(router_.from_initiators);
    }
    void add_idle(const char* name)
    {
        add(name, [](ScriptedInitiator&) {});
    }

    Buffer buffer_{"buffer", {2048, 64, kBufferLatency}, clock_};
    Dram dram_{"dram", {1, 64, kDramLatency}, clock_};
    Router router_{"mesh",
                   {InterconnectKind::mesh, 32, kCrossing},
                   {{kBufferBase, buffer_.size()}, {kDramBase, dram_.size()}},
                   clock_};
};

TEST_F(MeshTest, LatencyCountsTheRoutersPassed)
{
    add("corner", [this](ScriptedInitiator& unit) {
        // (0,0) to (2,1): four routers; the links of 32 bytes a cycle are slower than the memory's 100 + 200.
        const ReadLease far = unit.memory.read(in_dram(0, 12800), kForwardTraffic);
        EXPECT_EQ(cycles(far.ready_at), 400 + 2 * 4 * kCrossing);
        wait_until(far.ready_at);
        const std::uint64_t now = clock_.now();
        const ReadLease nearer = unit.memory.read(in_buffer(0, 64), kForwardTraffic);  // (1,1): three routers
        EXPECT_EQ(cycles(nearer.ready_at), now + kBufferLatency + 1 + 2 * 3 * kCrossing);
    });
    add_idle("second");
    add_idle("third");
    add_idle("fourth");
    simulate();
}

TEST_F(MeshTest, RoutesThatShareALinkQueueForIt)
{
    add_idle("first");
    add_idle("second");
    add("third", [this](ScriptedInitiator& unit) {  // (2,0) down to the DRAM at (2,1)
        EXPECT_EQ(cycles(unit.memory.read(in_dram(0, 3200), kForwardTraffic).waited), 0U);
    });
    add("fourth", [this](ScriptedInitiator& unit) {  // (0,1) along the row to both memories
        wait_cycles(10);
        EXPECT_EQ(cycles(unit.memory.read(in_buffer(0, 320), kBackward).waited), 0U);
        wait_cycles(10);
        // The DRAM's own link is taken until 100 by the third unit.
        const ReadLease lease = unit.memory.read(in_dram(0, 320), kBackward);
        EXPECT_EQ(cycles(lease.waited), 80U);
        // Memory: port free at 50, latency 100, 5 cycles. Link: 100 to 110. Three routers.
        EXPECT_EQ(cycles(lease.ready_at), 50 + kDramLatency + 5 + 2 * 3 * kCrossing);
    });
    simulate();
    ASSERT_EQ(router_.links().size(), 4U + 2U + 4U + 3U);
    EXPECT_EQ(router_.links()[4 + 2 + 2].counters.bursts, 2U) << "(0,1)-(1,1)";
    EXPECT_EQ(router_.links()[4 + 2 + 3].counters.bursts, 1U) << "(1,1)-(2,1)";
    EXPECT_EQ(router_.links()[4 + 2 + 4 + 2].counters.bursts, 1U) << "(2,0)-(2,1)";
    EXPECT_EQ(router_.links()[4 + 1].counters.waits_cycles, 80U);
}

TEST(Topology, AMeshRoutesAlongTheRowThenTheColumn)
{
    const Topology mesh = make_topology(InterconnectKind::mesh, 5, 2);  // 3 x 3, targets at (2,1) and (0,2)
    const auto path = [&mesh](std::size_t initiator, std::size_t target) {
        std::string text;
        for (const std::size_t link : mesh.routes.at(initiator).at(target).links) text += mesh.links.at(link) + " ";
        return text;
    };
    EXPECT_EQ(path(0, 0), "from_initiators[0] (0,0)-(1,0) (1,0)-(2,0) (2,0)-(2,1) to_targets[0] ");
    EXPECT_EQ(mesh.routes[0][0].routers, 4U);
    EXPECT_EQ(path(4, 1), "from_initiators[4] (0,1)-(1,1) (0,1)-(0,2) to_targets[1] ");
    EXPECT_EQ(path(4, 0), "from_initiators[4] (1,1)-(2,1) to_targets[0] ");
    EXPECT_EQ(mesh.routes[4][0].routers, 2U);
}

TEST(Topology, OneRouterIsPassedOnce)
{
    const Topology router = make_topology(InterconnectKind::router, 3, 2);
    EXPECT_EQ(router.links.size(), 5U);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t t = 0; t < 2; ++t) {
            EXPECT_EQ(router.routes[i][t].links, (std::vector<std::size_t>{i, 3 + t}));
            EXPECT_EQ(router.routes[i][t].routers, 1U);
        }
    }
}

TEST_F(SimulationTest, RouterRefusesOverlappingRanges)
{
    EXPECT_THROW(Router("router", {}, {{0, 100}, {99, 10}}, clock_), InvariantError);
}

}  // namespace
}  // namespace wagesim::chip::testing
