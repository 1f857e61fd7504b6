// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Placement, memory plan and programs of known networks on chips that hold them and chips that do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/unit/tlm/mapping/hazards.hpp"
#include "tlm/mapping/mapping.hpp"

namespace wagesim::chip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Layer conv(int filters, int kernel, bool pool)
{
    Layer layer;
    layer.kind = Layer::Kind::conv;
    layer.units = filters;
    layer.kernel = kernel;
    if (pool) layer.pool = Pooling{};
    return layer;
}

Layer dense(int units)
{
    Layer layer;
    layer.units = units;
    return layer;
}

Network lenet()
{
    Network network;
    network.input = {1, 28, 28};
    network.layers = {conv(32, 5, true), conv(64, 5, true), dense(512), dense(10)};
    return network;
}

Network vgg8()
{
    Network network;
    network.input = {3, 32, 32};
    network.layers = {conv(128, 3, false), conv(128, 3, true), conv(256, 3, false), conv(256, 3, true),
                      conv(512, 3, false), conv(512, 3, true), dense(1024),         dense(10)};
    return network;
}

/// Every cell of every layer is in exactly one pass for each magnitude bit.
void expect_passes_cover(const Mapping& mapping)
{
    const ChipConfig& config = mapping.config();
    for (std::size_t i = 0; i < mapping.layers().size(); ++i) {
        const MatrixPlacement& place = mapping.placement().layers[i].shared;
        const GroupPlacement& group = mapping.placement().groups[place.group];
        const auto columns = static_cast<std::size_t>(mapping.layers()[i].geometry.out_c);
        std::vector<int> bits(static_cast<std::size_t>(mapping.layers()[i].geometry.weights()));
        std::map<std::size_t, int> open;  // first column of a block whose sums are not complete
        for (const MatrixPass& pass : place.passes) {
            const std::size_t tiles = ((pass.block.rows() + static_cast<std::size_t>(config.crossbar.rows) - 1) /
                                       static_cast<std::size_t>(config.crossbar.rows)) *
                                      ((pass.block.columns() + static_cast<std::size_t>(config.crossbar.columns) - 1) /
                                       static_cast<std::size_t>(config.crossbar.columns));
            EXPECT_LE(tiles, group.tiles);
            for (std::size_t row = pass.block.first_row.value(); row < pass.block.end_row.value(); ++row) {
                for (std::size_t column = pass.block.first_column.value(); column < pass.block.end_column.value();
                     ++column) {
                    int& seen = bits[row * columns + column];
                    EXPECT_EQ(seen & pass.magnitude_mask, 0);
                    seen |= pass.magnitude_mask;
                }
            }
            int& sums = open[pass.block.first_column.value()];
            EXPECT_EQ(pass.first_of_columns, sums == 0);
            sums = pass.last_of_columns ? -1 : sums + 1;
        }
        EXPECT_TRUE(std::all_of(bits.begin(), bits.end(), [](int seen) { return seen == 0x7F; })) << "layer " << i;
        EXPECT_TRUE(std::all_of(open.begin(), open.end(), [](const auto& of) { return of.second == -1; }));
    }
}

TEST(Placement, TheBaselineChipHoldsLenet)
{
    const Mapping mapping(ChipConfig{}, lenet(), ChipOptions{});
    const Placement& placement = mapping.placement();
    ASSERT_EQ(placement.groups.size(), 4U);
    EXPECT_EQ(placement.layers[0].shared.arrays(), 1U);
    EXPECT_EQ(placement.layers[1].shared.arrays(), 7U);
    EXPECT_EQ(placement.layers[2].shared.arrays(), 25U * 4);
    EXPECT_EQ(placement.layers[3].shared.arrays(), 4U);
    EXPECT_EQ(placement.groups[2].partitions, 7U);
    for (const LayerPlacement& layer : placement.layers) {
        EXPECT_TRUE(layer.shared.resident);
        EXPECT_EQ(layer.shared.passes.size(), 1U);
    }
    expect_passes_cover(mapping);
    EXPECT_THAT(mapping.unit_names(),
                ElementsAre("partitions0", "partitions1", "partitions2", "partitions3", "gradient", "quantize_update"));
}

TEST(Placement, TheBaselineChipHoldsVgg8)
{
    const Mapping mapping(ChipConfig{}, vgg8(), ChipOptions{});
    EXPECT_EQ(mapping.placement().groups.size(), 8U);
    EXPECT_EQ(mapping.placement().layers[6].shared.arrays(), 64U * 8);
}

TEST(Placement, WhatDoesNotFitSharesTheRemainder)
{
    ChipConfig config;
    config.partitions.count = 4;  // lenet needs 1 + 1 + 7 + 1
    const Mapping mapping(config, lenet(), ChipOptions{});
    const Placement& placement = mapping.placement();
    EXPECT_TRUE(placement.layers[0].shared.resident);
    EXPECT_TRUE(placement.layers[3].shared.resident);
    EXPECT_FALSE(placement.layers[2].shared.resident);
    const GroupPlacement& shared = placement.groups.back();
    std::size_t partitions = 0;
    for (const GroupPlacement& group : placement.groups) partitions += group.partitions;
    EXPECT_EQ(partitions, 4U);
    EXPECT_EQ(shared.first_partition + shared.partitions, 4U);
    // 25 row tiles do not stand in 16 arrays at once: row passes, one column tile at a time.
    EXPECT_TRUE(placement.layers[2].shared.several_row_passes());
    EXPECT_TRUE(placement.layers[2].shared.several_column_blocks());
    EXPECT_EQ(placement.layers[2].shared.passes.size(), 2U * 4);
    expect_passes_cover(mapping);
}

TEST(Placement, ColumnsBeforeRows)
{
    ChipConfig config;
    config.partitions.count = 4;
    config.partitions.arrays = 30;
    const Mapping mapping(config, lenet(), ChipOptions{});
    const MatrixPlacement& layer = mapping.placement().layers[2].shared;
    EXPECT_FALSE(layer.resident);
    EXPECT_FALSE(layer.several_row_passes());
    EXPECT_EQ(layer.passes.size(), 4U);  // 30 arrays hold 25 row tiles of one column tile
}

TEST(Placement, OneArrayTakesTilesAndSlicesOneAfterTheOther)
{
    Network network;
    network.input = {1, 4, 5};
    network.layers = {dense(9), dense(3)};
    ChipConfig config;
    config.crossbar.rows = config.crossbar.columns = 8;
    config.crossbar.cell_bits = 2;
    config.partitions.count = config.partitions.arrays = 1;
    ChipOptions options;
    options.widths = {8, 8, 8, 8};
    options.batch = 2;
    const Mapping mapping(config, network, options);
    EXPECT_EQ(mapping.placement().groups.size(), 1U);
    EXPECT_EQ(mapping.placement().layers[0].shared.passes.size(), 3U * 2 * 4);
    EXPECT_EQ(mapping.placement().layers[1].shared.passes.size(), 2U * 1 * 4);
    expect_passes_cover(mapping);
    EXPECT_THAT(test::find_hazards(mapping.training_program(2)).hazards, ElementsAre());
}

TEST(Placement, CopiesGoToTheSlowestLayerWhileTheyFit)
{
    ChipConfig config;
    config.mapping.replication = Replication::balanced;
    const Mapping mapping(config, lenet(), ChipOptions{});
    const auto& layers = mapping.placement().layers;
    std::size_t used = 0;
    for (const GroupPlacement& group : mapping.placement().groups) used += group.partitions;
    EXPECT_LE(used, 64U);
    // Layer 0 and 1 have 784 and 196 positions a sample; the dense ones have one.
    EXPECT_EQ(layers[2].shared.copies, 1U);
    EXPECT_EQ(layers[3].shared.copies, 1U);
    EXPECT_GT(layers[0].shared.copies, layers[1].shared.copies);
    EXPECT_GT(layers[1].shared.copies, 4U);
    EXPECT_EQ(mapping.placement().groups[layers[1].shared.group].copies, layers[1].shared.copies);
    EXPECT_THAT(to_text(mapping.placement()), HasSubstr("copies, partitions"));
}

TEST(Placement, GivenCopiesHaveToFit)
{
    ChipConfig config;
    config.mapping.replication = Replication::given;
    config.mapping.copies = {3, 2, 1, 1};
    const Mapping mapping(config, lenet(), ChipOptions{});
    EXPECT_EQ(mapping.placement().layers[0].shared.copies, 3U);
    EXPECT_EQ(mapping.placement().layers[1].shared.copies, 2U);
    EXPECT_EQ(mapping.placement().layers[1].shared.arrays(), 14U);

    config.mapping.copies = {3, 2, 1};
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}),
                ElementsAre("mapping.copies: got 3 numbers, allowed 4, one a layer"));
    config.mapping.copies = {3, 2, 0, 1};
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}), ElementsAre("mapping.copies: got 0, allowed 1 or more"));
    config.mapping.copies = {1, 1, 40, 1};
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}),
                ElementsAre(HasSubstr("mapping.copies[2]: got 40, allowed 1")));
    config.mapping = {};
    config.mapping.copies = {1};
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}), ElementsAre(HasSubstr("replication: given only")));
}

TEST(Placement, BackwardMayHaveCellsOfItsOwn)
{
    ChipConfig config;
    config.backward = BackwardCells::dedicated;
    const Mapping mapping(config, lenet(), ChipOptions{});
    const Placement& placement = mapping.placement();
    ASSERT_EQ(placement.groups.size(), 7U);
    EXPECT_FALSE(placement.layers[0].transposed) << "the first layer has no backward";
    const MatrixPlacement& second = placement.layers[1].backward();
    EXPECT_EQ(second.layout, CellLayout::transposed);
    EXPECT_NE(second.group, placement.layers[1].forward().group);
    EXPECT_EQ(second.row_tiles, 13U);  // 64 x 25 rows
    EXPECT_EQ(second.column_tiles, 1U);
    EXPECT_EQ(placement.layers[2].backward().row_tiles, 4U);  // dense: 512 rows, 3136 columns
    EXPECT_EQ(placement.layers[2].backward().column_tiles, 25U);
    EXPECT_THAT(to_text(placement), HasSubstr("layer 1, dedicated to backward: 13x1 tiles"));
}

std::vector<MemoryRegion> regions(const Mapping& mapping)
{
    const MemoryPlan& plan = mapping.memory();
    std::vector<MemoryRegion> out = {plan.images.region(), plan.labels.region(), plan.predictions.region(),
                                     plan.partial};
    for (std::size_t i = 0; i < plan.layers.size(); ++i) {
        const LayerMemory& layer = plan.layers[i];
        for (const BatchTensor* tensor :
             {&layer.sums, &layer.winners, &layer.output, &layer.flags, &layer.error_in, &layer.error_q}) {
            out.push_back(tensor->region());
        }
        if (i == 0) out.push_back(layer.input.region());
        if (i + 1 < plan.layers.size()) out.push_back(layer.operands.region());
        if (i == 0) out.push_back(layer.spilled);
        for (const MemoryRegion& region : {layer.gradients, layer.maximum, layer.steps, layer.stored, layer.codes}) {
            out.push_back(region);
        }
    }
    out.erase(std::remove_if(out.begin(), out.end(), [](const MemoryRegion& of) { return of.count == 0; }), out.end());
    return out;
}

TEST(MemoryPlan, TensorsDoNotOverlapAndStayInside)
{
    for (const int kib : {1, 64, 2048, 65536}) {
        ChipConfig config;
        config.buffer.kib = kib;
        config.partitions.count = 2;
        const Mapping mapping(config, lenet(), ChipOptions{});
        const auto all = regions(mapping);
        EXPECT_GT(all.size(), 30U);
        std::uint64_t in_buffer = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const AddressRange range{all[i].address, all[i].bytes()};
            const bool dram = range.base >= kDramBase;
            const AddressRange memory = dram ? AddressRange{kDramBase, std::uint64_t{4} << 30U}
                                             : AddressRange{kBufferBase, static_cast<std::uint64_t>(kib) << 10U};
            EXPECT_TRUE(memory.contains(range.base, range.bytes));
            EXPECT_EQ(range.base % bytes_of(all[i].type), 0U);
            in_buffer += dram ? 0 : range.bytes;
            for (std::size_t j = 0; j < i; ++j) {
                EXPECT_FALSE(range.overlaps({all[j].address, all[j].bytes()})) << i << " and " << j;
            }
        }
        EXPECT_EQ(mapping.memory().dram_bytes == 0, kib == 65536);
        EXPECT_EQ(in_buffer > 1024, kib > 1);
    }
}

TEST(Programs, CommandsOnTheSameBytesAreOrdered)
{
    for (const int partitions : {1, 4, 64}) {
        ChipConfig config;
        config.partitions.count = partitions;
        config.sequencer.chunk_samples = 5;
        ChipOptions options;
        options.batch = 17;
        const Mapping mapping(config, lenet(), options);
        const auto training = test::find_hazards(mapping.training_program(17));
        EXPECT_THAT(training.hazards, ElementsAre());
        EXPECT_GT(training.ordered_pairs, 50U);
        EXPECT_THAT(test::find_hazards(mapping.training_program(1)).hazards, ElementsAre());
        EXPECT_THAT(test::find_hazards(mapping.evaluation_program(13)).hazards, ElementsAre());
        EXPECT_THAT(test::find_hazards(mapping.load_program()).hazards, ElementsAre());
    }
}

TEST(Programs, CommandsAreOrderedWhateverTheSchedule)
{
    for (int choice = 0; choice < 32; ++choice) {
        ChipConfig config;
        config.backward = (choice & 1) != 0 ? BackwardCells::dedicated : BackwardCells::shared;
        config.error_max = (choice & 2) != 0 ? ErrorMax::recompute : ErrorMax::spill;
        config.schedule = (choice & 4) != 0 ? Schedule::pipelined : Schedule::layer;
        config.gradient.accumulate = (choice & 8) != 0 ? GradientAccumulate::image : GradientAccumulate::batch;
        config.partitions.count = (choice & 16) != 0 ? 4 : 64;
        config.sequencer.chunk_samples = 4;
        ChipOptions options;
        options.batch = 17;
        const Mapping mapping(config, lenet(), options);
        for (const std::size_t samples : {17U, 9U, 1U}) {
            const auto training = test::find_hazards(mapping.training_program(samples));
            EXPECT_THAT(training.hazards, ElementsAre()) << "choice " << choice;
            EXPECT_GT(training.ordered_pairs, 50U);
        }
        EXPECT_THAT(test::find_hazards(mapping.evaluation_program(13)).hazards, ElementsAre());
    }
}

TEST(Programs, RecomputedErrorsNeedAFewChunksOfMemory)
{
    ChipConfig config;
    ChipOptions options;
    const std::uint64_t spilled = Mapping(config, lenet(), options).memory().layers[0].error_in.region().count;
    config.error_max = ErrorMax::recompute;
    const Mapping mapping(config, lenet(), options);
    EXPECT_EQ(mapping.memory().layers[0].error_in.region().count, spilled / 128 * 2 * 16);
    std::size_t backward = 0;
    for (const Command& command : mapping.training_program(128).commands) {
        const auto* const partition = std::get_if<PartitionCommand>(&command.work);
        if (partition != nullptr && std::holds_alternative<PartitionBackward>(*partition)) ++backward;
    }
    EXPECT_EQ(backward, 2U * 3 * 8);
}

TEST(Programs, LayerByLayerMeansAllOfALayerFirst)
{
    for (const Schedule schedule : {Schedule::layer, Schedule::pipelined}) {
        ChipConfig config;
        config.schedule = schedule;
        const Mapping mapping(config, lenet(), ChipOptions{});
        const Program program = mapping.evaluation_program(128);
        // Who quantizes the last chunk of layer 0, and whether the first forward command of layer 1 waits for it.
        CommandIndex last = 0;
        CommandIndex first = 0;
        for (CommandIndex i = 0; i < program.commands.size(); ++i) {
            const Command& command = program.commands[i];
            if (command.unit == mapping.quantize_update_unit() && command.layer == 0) last = i;
            if (first == 0 && command.layer == 1 && std::holds_alternative<PartitionCommand>(command.work)) first = i;
        }
        const auto& after = program.commands[first].after;
        EXPECT_EQ(std::find(after.begin(), after.end(), last) != after.end(), schedule == Schedule::layer);
    }
}

TEST(Programs, AMissingDependencyIsAHazard)
{
    const Mapping mapping(ChipConfig{}, lenet(), ChipOptions{});
    Program program = mapping.training_program(128);
    std::size_t found = 0;
    for (Command& command : program.commands) {
        if (command.after.empty()) continue;
        std::vector<CommandIndex> kept;
        kept.swap(command.after);
        found += test::find_hazards(program).hazards.empty() ? 0U : 1U;
        kept.swap(command.after);
    }
    EXPECT_GT(found, 100U);
}

TEST(Programs, MacsAreTheClosedForm)
{
    for (int choice = 0; choice < 8; ++choice) {
        ChipConfig config;
        config.partitions.count = (choice & 1) != 0 ? 1 : 64;
        config.backward = (choice & 2) != 0 ? BackwardCells::dedicated : BackwardCells::shared;
        config.error_max = (choice & 4) != 0 ? ErrorMax::recompute : ErrorMax::spill;
        ChipOptions options;
        options.batch = 16;
        options.widths = {8, 8, 8, 8};
        const Mapping mapping(config, lenet(), options);
        std::uint64_t forward = 0;
        std::uint64_t first = 0;
        for (std::size_t i = 0; i < mapping.layers().size(); ++i) {
            forward += 16 * static_cast<std::uint64_t>(mapping.layers()[i].geometry.macs());
            if (i == 0) first = forward;
        }
        std::uint64_t counted = 0;
        for (const Command& command : mapping.training_program(16).commands) counted += command.macs;
        EXPECT_EQ(counted, 3 * forward - first);
    }
}

TEST(Programs, ArePrintable)
{
    const Mapping mapping(ChipConfig{}, lenet(), ChipOptions{});
    const std::string text = mapping.text();
    EXPECT_THAT(text, HasSubstr("layer 2: 25x4 tiles of 1 slices, partitions 2..8, resident, 1 pass\n"));
    EXPECT_THAT(text, HasSubstr("training step of 128 samples: "));
    EXPECT_THAT(text, HasSubstr("partitions1 backward layer 1: backward samples 0..16 rows 0..800 columns 0..64"));
    EXPECT_THAT(text, HasSubstr("quantize_update update layer 3: update 5120"));
}

TEST(ChipFaults, NameEveryFault)
{
    ChipConfig config;
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}), ElementsAre());
    config.crossbar.rows = 0;
    config.gradient.macs_per_cycle = -3;
    EXPECT_THAT(
        chip_faults(config, lenet(), ChipOptions{}),
        ElementsAre("crossbar.rows: got 0, allowed 1 or more", "gradient.macs_per_cycle: got -3, allowed 1 or more"));
    EXPECT_THROW(Mapping(config, lenet(), ChipOptions{}), std::invalid_argument);
}

TEST(ChipFaults, DevicesThatCannotBe)
{
    ChipConfig config;
    config.device.read_sigma = 0.5;
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}), ElementsAre(HasSubstr("device.read_sigma")));
    config.fidelity = Fidelity::bit_serial;
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}), ElementsAre());
    config.device.program_sigma = -0.1;
    config.device.levels = 1;
    config.device.set_step = 0.0;
    config.device.stuck_at_0 = config.device.stuck_at_1 = 0.6;
    EXPECT_THAT(chip_faults(config, lenet(), ChipOptions{}),
                ElementsAre(HasSubstr("device.levels"), HasSubstr("device.program_sigma"), HasSubstr("step"),
                            HasSubstr("device.stuck_at_1")));
    // Seven slices take turns in four arrays: with ideal devices only.
    ChipConfig turns;
    turns.fidelity = Fidelity::bit_serial;
    turns.partitions.count = 1;
    turns.partitions.arrays = 4;
    ChipOptions options;
    options.widths.w = 8;
    EXPECT_THAT(chip_faults(turns, lenet(), options), ElementsAre());
    turns.device.read_sigma = 0.5;
    EXPECT_THAT(chip_faults(turns, lenet(), options), ElementsAre(HasSubstr("partitions.arrays")));
}

TEST(ChipFaults, BoundsThatNoAccumulatorHolds)
{
    ChipConfig config;
    config.partitions.accumulator_bits = 19;  // layer 2 sums 3136 products of 127: 398272 is beyond 2^18
    config.gradient.accumulator_bits = 31;    // layer 0 sums 128 x 784 products of 127 x 127
    const std::vector<std::string> faults = chip_faults(config, lenet(), ChipOptions{});
    EXPECT_THAT(faults, testing::Contains(testing::AllOf(HasSubstr("layers[2]"), HasSubstr("398272"))));
    EXPECT_THAT(faults, testing::Contains(testing::AllOf(HasSubstr("layers[0]"), HasSubstr("a gradient"),
                                                         HasSubstr(std::to_string(128L * 784 * 127 * 127)))));
}

TEST(ChipFaults, NetworksThatAreNone)
{
    Network network = lenet();
    network.layers.pop_back();
    network.layers.pop_back();
    EXPECT_THAT(chip_faults(ChipConfig{}, network, ChipOptions{}), ElementsAre(HasSubstr("layers[1]")));
}

TEST(ChipFaults, TensorsThatDoNotFitTheDram)
{
    ChipConfig config;
    config.dram.gib = 1;
    ChipOptions options;
    options.batch = 4096;
    EXPECT_THAT(chip_faults(config, vgg8(), options), ElementsAre(HasSubstr("dram")));
}

}  // namespace
}  // namespace wagesim::chip
