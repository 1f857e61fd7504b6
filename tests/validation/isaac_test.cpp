// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// ISAAC (Shafiee 2016, 32 nm): area and peak power of a tile and of the chip, from its parts. Sums of published parts
// by our inventory and our events; how ISAAC's parts map is in configs/technologies/isaac-32nm.yaml.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/validation/array_model.hpp"
#include "tests/validation/comparison.hpp"
#include "tlm/chip/inventory.hpp"

namespace wagesim::test {
namespace {

using chip::Event;
using chip::Part;

constexpr double kTileMw = 330.0, kTileMm2 = 0.372, kChipW = 65.8, kChipMm2 = 85.4;
constexpr double kTiles = 168.0;

double area_mm2(const ArrayModel& model, Part part, double count)
{
    return count * model.part_um2(part) * 1e-6;
}

/// Of the parts that make an ISAAC tile.
double tile_mm2(const ArrayModel& model)
{
    const chip::Inventory inventory = chip::inventory_of(model.chip());
    double sum = 0.0;
    for (const Part part : {Part::cell_pair, Part::array, Part::line_driver, Part::adc, Part::shift_adder, Part::adder,
                            Part::line_buffer_byte, Part::ring_byte, Part::pooling_lane, Part::partition}) {
        sum += area_mm2(model, part, static_cast<double>(inventory[chip::index_of(part)]) / kTiles);
    }
    return sum + area_mm2(model, Part::router_port, 1.0);
}

/// One event of a tile that is busy all the time.
struct Activity {
    const char* what;
    Event event;
    double per_ns;
};

double tile_mw(const ArrayModel& model)
{
    constexpr double kArrays = 96.0;
    constexpr double kLines = kArrays * 128.0;
    constexpr double kPulseNs = 100.0;     // ISAAC's cycle
    constexpr double kConversions = 1.28;  // of one converter a ns
    // An access of 256 bits a ns, 20.7 mW in the paper.
    constexpr double kEdramBytes = 32.0;
    // 7 mW of a tile's bus and 42 mW of a router for 4 tiles both come to 128 bits a ns and tile: fitted.
    constexpr double kLinkBits = 128.0;
    constexpr double kPoolingLanes = 64.0;
    const std::array<Activity, 8> activities = {{{"converters", Event::conversion, kArrays * kConversions},
                                                 {"shift and add", Event::shift_add, kArrays * kConversions},
                                                 {"drivers", Event::line_pulse, kLines / kPulseNs},
                                                 {"arrays", Event::array_read, kArrays / kPulseNs},
                                                 {"eDRAM", Event::line_buffer_byte, kEdramBytes},
                                                 {"bus", Event::link_bit, kLinkBits},
                                                 {"router", Event::router_bit, kLinkBits},
                                                 {"sigmoid, pooling", Event::pool_step, kPoolingLanes * kConversions}}};
    double sum = 0.0;
    for (const Activity& each : activities) {
        const double mw = each.per_ns * model.event_pj(each.event);
        fmt::print("  {:<18}{:10.3f} a ns {:10.5f} pJ {:9.2f} mW\n", each.what, each.per_ns, model.event_pj(each.event),
                   mw);
        sum += mw;
    }
    const double fixed = model.leakage_mw(Part::partition);
    fmt::print("  {:<41}{:9.2f} mW\n", "registers, fixed", fixed);
    return sum + fixed;
}

class ValidationIsaac : public testing::Test {
protected:
    ArrayModel model_{"isaac-like", 3, 8};
};

TEST_F(ValidationIsaac, TheChipHasItsTilesAndArrays)
{
    const chip::Inventory inventory = chip::inventory_of(model_.chip());
    EXPECT_EQ(inventory[chip::index_of(Part::partition)], 168u);
    EXPECT_EQ(inventory[chip::index_of(Part::array)], 168u * 12u * 8u);
    EXPECT_EQ(inventory[chip::index_of(Part::adc)], 168u * 12u * 8u);
    EXPECT_EQ(inventory[chip::index_of(Part::cell_pair)], 168u * 12u * 8u * 128u * 128u);
}

// Twice the cells, three times the drivers and twice the shift-adders of ISAAC: a few per cent more.
TEST_F(ValidationIsaac, Area)
{
    const double tile = tile_mm2(model_);
    compare({"isaac-like: tile, mm2", tile, kTileMm2, Kind::parts, 0.9, 1.1});
    compare({"isaac-like: chip, ISAAC's parts, mm2", kTiles * tile + area_mm2(model_, Part::dram_port, 1.0), kChipMm2,
             Kind::parts, 0.9, 1.1});
}

// Converters at 1.28 GS/s with the energy published for 1.2 GS/s, drivers all driven: a few per cent more.
TEST_F(ValidationIsaac, PeakPower)
{
    const double tile = tile_mw(model_);
    compare({"isaac-like: tile, mW", tile, kTileMw, Kind::parts, 0.9, 1.1});
    compare({"isaac-like: chip, ISAAC's parts, W", kTiles * tile * 1e-3 + model_.leakage_mw(Part::dram_port) * 1e-3,
             kChipW, Kind::parts, 0.9, 1.1});
}

// What training adds to ISAAC: gradient array, quantize/update unit, buffer, sequencer. By design, and little.
TEST_F(ValidationIsaac, WhatIsaacHasNotIsSmall)
{
    const chip::Inventory inventory = chip::inventory_of(model_.chip());
    double sum = 0.0;
    for (std::size_t i = 0; i < chip::kPartCount; ++i) {
        sum += area_mm2(model_, static_cast<Part>(i), static_cast<double>(inventory[i]));
    }
    compare({"isaac-like: chip with what trains, mm2", sum, kChipMm2, Kind::parts, 1.0, 1.15});
}

// The tile's time: 128 conversions of one converter in ISAAC's cycle of 100 ns.
TEST_F(ValidationIsaac, APulseTakesItsCycle)
{
    compare({"isaac-like: a pulse, ns", model_.forward_ns() / 8.0, 100.0, Kind::calibrated, 0.999, 1.001});
}

}  // namespace
}  // namespace wagesim::test
