// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts times costs: sums that agree exactly whichever way they are taken, also where doubles would not.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "tlm/energy/energy.hpp"
#include "tlm/energy/event_recorder.hpp"

namespace wagesim::chip {
namespace {

TEST(Vocabulary, NamesAreDistinctAndInTheEnumerationsOrder)
{
    std::set<std::string_view> names;
    for (const EventDescription& each : kEvents) EXPECT_TRUE(names.insert(each.name).second) << each.name;
    names.clear();
    for (const PartDescription& each : kParts) EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_EQ(describe(Event::cell_read).name, "cell_read");
    EXPECT_EQ(describe(Event::conversion).component, Component::adc);
    EXPECT_EQ(describe(Event::dram_bit_written).name, "dram_bit_written");
    EXPECT_EQ(describe(Event::command).name, "command");
    EXPECT_EQ(describe(Part::buffer_kib).name, "buffer_kib");
    EXPECT_EQ(describe(Part::dram_port).name, "dram_port");
}

TEST(Energy, IsTheSameByComponentByLayerAndInAll)
{
    std::mt19937_64 random(5);
    Technology technology;
    for (auto& each : technology.event_aj) each = static_cast<std::int64_t>(random() % 1'000'000'007);
    Ledger ledger(3);
    Attojoules expected = 0;
    for (std::uint32_t layer = 0; layer < 3; ++layer) {
        for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase) {
            for (std::size_t event = 0; event < kEventCount; ++event) {
                // Large enough that binary64 would round the sums.
                const std::uint64_t count = random() % (std::uint64_t{1} << 40U);
                ledger.add(static_cast<Event>(event), static_cast<Phase>(phase), layer, count);
                expected += Attojoules{technology.event_aj[event]} * static_cast<Attojoules>(count);
            }
        }
    }
    const EnergyTable table = energy_of(ledger, technology);
    EXPECT_TRUE(table.total == expected);
    Attojoules by_component = 0;
    for (const auto& phases : table.by_component) {
        for (const Attojoules each : phases) by_component += each;
    }
    EXPECT_TRUE(by_component == expected);
    Attojoules by_layer = 0;
    for (std::size_t layer = 0; layer < 3; ++layer) by_layer += energy_of_layer(ledger, technology, layer);
    EXPECT_TRUE(by_layer == expected);
}

TEST(Ledger, AddsUpAndForgets)
{
    Ledger one(2), other(2);
    one.add(Event::conversion, Phase::forward, 1, 5);
    other.add(Event::conversion, Phase::forward, 1, 7);
    other.add(Event::conversion, Phase::backward, 0, 1);
    one.add(other);
    EXPECT_EQ(one.count(Event::conversion, Phase::forward, 1), 12U);
    EXPECT_EQ(one.count(Event::conversion), 13U);
    one.clear();
    EXPECT_EQ(one.count(Event::conversion), 0U);
    EXPECT_EQ(one.layers(), 2U);
}

TEST(Leakage, IsPowerOverFrequency)
{
    Technology technology;
    technology.leakage_nw[index_of(Part::adc)] = 250;
    technology.leakage_nw[index_of(Part::buffer_kib)] = 3;
    Inventory inventory{};
    inventory[index_of(Part::adc)] = 8;
    inventory[index_of(Part::buffer_kib)] = 7;
    // 2000 nW for 2 ns are 4000 aJ.
    EXPECT_TRUE(leakage_per_cycle(inventory, technology, Component::adc, 0.5) == 4000);
    EXPECT_TRUE(leakage_per_cycle(inventory, technology, Component::buffer, 1.0) == 21);
    EXPECT_TRUE(leakage_per_cycle(inventory, technology, Component::dram, 1.0) == 0);
}

TEST(Area, AddsUpAComponentsParts)
{
    Technology technology;
    technology.part_nm2[index_of(Part::cell_pair)] = 1'400'000;  // 1.4 um2
    technology.part_nm2[index_of(Part::array)] = 1'000'000'000;
    Inventory inventory{};
    inventory[index_of(Part::cell_pair)] = 1'000'000;
    inventory[index_of(Part::array)] = 100;
    EXPECT_DOUBLE_EQ(area_mm2(inventory, technology, Component::crossbar), 1.5);
}

TEST(EventRecorder, CountsAndSpreads)
{
    Technology technology;
    technology.event_aj[index_of(Event::conversion)] = 10;
    EventRecorder recorder(1, technology.event_aj);
    recorder.restart(5000);
    recorder.record({{Event::conversion, 100}, {Event::command, 1}}, Phase::forward, 0, 5000, 5000 + 2048);
    EXPECT_EQ(recorder.ledger().count(Event::conversion, Phase::forward, 0), 100U);
    EXPECT_EQ(recorder.ledger().count(Event::command, Phase::forward, 0), 1U);
    ASSERT_EQ(recorder.profile().windows().size(), 2U);
    EXPECT_TRUE(recorder.profile().windows()[0] == 500 && recorder.profile().windows()[1] == 500);
    recorder.restart(9000);
    EXPECT_EQ(recorder.ledger().count(Event::conversion), 0U);
    EXPECT_TRUE(recorder.profile().windows().empty());
}

}  // namespace
}  // namespace wagesim::chip
