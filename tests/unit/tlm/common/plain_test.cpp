// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The parts of tlm/common that need no simulation: clock arithmetic, address ranges, counters, storage, bookings.
#include <gtest/gtest.h>
#include <array>
#include <fstream>
#include <set>
#include <string>

#include <unistd.h>

#include "tlm/common/address_map.hpp"
#include "tlm/common/booked_resource.hpp"
#include "tlm/common/byte_store.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/statistics.hpp"

namespace wagesim::chip {
namespace {

using sc_core::sc_time;

TEST(Clock, CyclesAndTimeAreInverse)
{
    const Clock clock(0.8);
    EXPECT_EQ(clock.period(), sc_time(1.25, sc_core::SC_NS));
    for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 53U}) {
        EXPECT_EQ(clock.cycles_in(clock.time_of(n)), n);
    }
    EXPECT_EQ(clock.time_of((std::uint64_t{1} << 53U) + 1) - clock.time_of(std::uint64_t{1} << 53U), clock.period());
}

TEST(Clock, RefusesFractionsAndImpossiblePeriods)
{
    EXPECT_THROW((void)Clock(1.0).cycles_in(sc_time(1.5, sc_core::SC_NS)), InvariantError);
    EXPECT_THROW(Clock(1e6), InvariantError);
    EXPECT_THROW(Clock(-1.0), InvariantError);
}

TEST(Clock, CeilDivide)
{
    static_assert(ceil_divide(0, 4) == 0 && ceil_divide(1, 4) == 1 && ceil_divide(4, 4) == 1 && ceil_divide(5, 4) == 2);
    EXPECT_EQ(ceil_divide(UINT64_MAX, 2), std::uint64_t{1} << 63U);
}

TEST(AddressRange, EndsAreInsideAndNothingWraps)
{
    constexpr AddressRange range{0x1000, 0x100};
    EXPECT_TRUE(range.contains(0x1000, 0x100));
    EXPECT_TRUE(range.contains(0x10FF, 1));
    EXPECT_FALSE(range.contains(0x0FFF, 1));
    EXPECT_FALSE(range.contains(0x10FF, 2));
    EXPECT_FALSE(range.contains(0x1001, UINT64_MAX));
    EXPECT_TRUE(range.overlaps({0x10FF, 1}));
    EXPECT_FALSE(range.overlaps({0x1100, 1}));
    EXPECT_FALSE(range.overlaps({0xF00, 0x100}));
}

TEST(MemoryRegion, BytesFollowFromTheElement)
{
    EXPECT_EQ((MemoryRegion{0, ElementType::int64, 3}).bytes(), 24U);
    EXPECT_EQ((MemoryRegion{0, ElementType::uint16, 3}).bytes(), 6U);
}

TEST(TrafficCounters, SumOverWhatIsNotAskedFor)
{
    TrafficCounters traffic;
    traffic.add_read({TrafficClass::errors, Phase::backward, 2}, 100);
    traffic.add_write({TrafficClass::errors, Phase::gradient, 0}, 20);
    traffic.add_write({TrafficClass::weights, Phase::update, 2}, 3);
    EXPECT_EQ(traffic.layers(), 3U);
    EXPECT_EQ(traffic.bytes({TrafficClass::errors, Phase::backward, 2}).read, 100U);
    EXPECT_EQ(traffic.bytes({TrafficClass::errors, Phase::backward, 2}).written, 0U);
    EXPECT_EQ(traffic.bytes({TrafficClass::errors, Phase::backward, 9}).total(), 0U);
    EXPECT_EQ(traffic.bytes(TrafficClass::errors).total(), 120U);
    EXPECT_EQ(traffic.bytes(TrafficClass::activations).total(), 0U);
    EXPECT_EQ(traffic.total().read, 100U);
    EXPECT_EQ(traffic.total().written, 23U);
}

template <class Counters>
void expect_distinct_names()
{
    std::set<std::string_view> names;
    for (const StatisticDescription& each : Counters::kDescriptions) {
        names.insert(each.name);
        EXPECT_FALSE(each.description.empty());
        EXPECT_FALSE(each.unit.empty());
    }
    EXPECT_EQ(names.size(), Counters::kDescriptions.size());
}

TEST(Counters, EveryValueIsDescribed)
{
    expect_distinct_names<UnitCounters>();
    expect_distinct_names<ResourceCounters>();
    expect_distinct_names<TrafficBytes>();
}

TEST(UnitCounters, DirectionsFollowThePhase)
{
    UnitCounters counters;
    counters.commands = 1;
    counters.add_busy(Phase::forward, 10);
    counters.add_busy(Phase::evaluation, 1);
    counters.add_busy(Phase::backward, 200);
    counters.add_busy(Phase::gradient, 3000);
    counters.add_busy(Phase::programming, 4000);
    counters.add_queued(Phase::update, 5);
    const std::array<std::uint64_t, 7> expected = {1, 11, 200, 7000, 0, 0, 5};
    EXPECT_EQ(counters.values(), expected);
}

[[nodiscard]] std::size_t resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(ByteStore, GigabytesAreZeroAndCostNothingUntilTouched)
{
    constexpr std::uint64_t kBytes = std::uint64_t{64} << 30U;
    const std::size_t before = resident_bytes();
    ByteStore store(kBytes);
    EXPECT_EQ(store.size(), kBytes);
    EXPECT_EQ(store.data()[kBytes - 1], std::byte{0});
    store.data()[kBytes - 1] = std::byte{7};
    EXPECT_EQ(store.data()[kBytes - 1], std::byte{7});
    EXPECT_LT(resident_bytes(), before + (std::size_t{16} << 20U));
}

TEST(BookedResource, FirstComeFirstServed)
{
    const Clock clock(1.0);
    BookedResource port("port");
    const auto first = port.book(clock.time_of(5), clock.time_of(10));
    EXPECT_EQ(first.start, clock.time_of(5));
    EXPECT_EQ(first.end, clock.time_of(15));
    EXPECT_EQ(first.waited, sc_core::SC_ZERO_TIME);
    const auto second = port.book(clock.time_of(5), clock.time_of(1));
    EXPECT_EQ(second.start, clock.time_of(15));
    EXPECT_EQ(second.waited, clock.time_of(10));
    const auto later = port.book(clock.time_of(100), clock.time_of(1));
    EXPECT_EQ(later.start, clock.time_of(100));
}

TEST(BookedResource, RefusesABookingOutOfTimeOrder)
{
    const Clock clock(1.0);
    BookedResource port("chip.dram");
    port.book(clock.time_of(5), clock.time_of(1));
    try {
        port.book(clock.time_of(4), clock.time_of(1));
        FAIL() << "booked into the past";
    } catch (const InvariantError& error) {
        EXPECT_NE(std::string(error.what()).find("chip.dram"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace wagesim::chip
