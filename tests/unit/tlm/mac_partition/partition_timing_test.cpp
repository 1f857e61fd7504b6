// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A partition group's cycles against figures worked out by hand from docs/modules/mac_partition.md.
#include <gtest/gtest.h>

#include "tlm/mac_partition/partition_timing.hpp"

namespace wagesim::chip {
namespace {

PartitionLayer lenet_second()
{
    PartitionLayer layer;
    layer.geometry.in_c = 32;
    layer.geometry.in_h = layer.geometry.in_w = 14;
    layer.geometry.out_c = 64;
    layer.geometry.kernel_h = layer.geometry.kernel_w = 5;
    layer.geometry.pad = 2;
    layer.geometry.acc_h = layer.geometry.acc_w = 14;
    layer.input_bits = 8;
    layer.operand_bits = 8;
    return layer;
}

const CellBlock kAll{RowIndex(0), RowIndex(800), ColumnIndex(0), ColumnIndex(64)};

TEST(PartitionTiming, ForwardIsPositionsTimesPulsesTimesConversions)
{
    const PartitionTiming timing{{}, {}, 1};
    PartitionForward command;
    command.samples = {0, 16};
    command.block = kAll;
    // 7 row tiles: an adder tree of 3 levels. 8 pulses, one driven group, 8 lines an ADC.
    EXPECT_EQ(timing.steps(command, lenet_second()).total(0), 3U + 16 * 196 * (8 * 1 * 8));
}

TEST(PartitionTiming, TheOutputBoundsThroughputWhereArraysAreFast)
{
    CrossbarConfig crossbar;
    crossbar.dac_bits = 8;
    crossbar.lines_per_adc = 1;
    MacPartitionConfig config;
    config.pooling_lanes = 4;
    config.adder_cycles = 2;
    PartitionForward command;
    command.samples = {3, 2};
    command.block = kAll;
    EXPECT_EQ((PartitionTiming{crossbar, config, 2}).steps(command, lenet_second()).total(0),
              2U * 3 + 2 * 196 * (64 / 8));
}

TEST(PartitionTiming, BackwardDrivesColumnsAndReadsRowsTwice)
{
    const PartitionTiming timing{{}, {}, 1};
    PartitionBackward command;
    command.samples = {0, 16};
    command.block = kAll;
    EXPECT_EQ(timing.steps(command, lenet_second()).total(0), 0U + 16 * 196 * (8 * 1 * 8 * 2));
    command.block.end_column = ColumnIndex(300);  // three column tiles: two levels
    EXPECT_EQ(timing.steps(command, lenet_second()).total(0), 2U + 16 * 196 * (8 * 1 * 8 * 2));
}

TEST(PartitionTiming, CopiesShareTheRowsOfWindows)
{
    PartitionTiming timing{{}, {}, 1, 3};
    PartitionForward forward;
    forward.samples = {0, 16};
    forward.block = kAll;
    // 16 x 14 rows of windows, 75 of them for one copy. What three copies give, 192 sums, takes three cycles of 64
    // lanes.
    EXPECT_EQ(timing.steps(forward, lenet_second()).total(0), 3U + 75 * 14 * 64);
    PartitionBackward backward;
    backward.samples = {0, 16};
    backward.block = kAll;
    EXPECT_EQ(timing.steps(backward, lenet_second()).total(0), 75U * 14 * 128);
    timing.config.pooling_lanes = 1;
    EXPECT_EQ(timing.steps(forward, lenet_second()).total(0), 3U + 75 * 14 * (3 * 64));
    PartitionProgram program;
    program.block = kAll;
    EXPECT_EQ(timing.cycles(program), 128U * 10) << "copies are programmed at the same time";
}

TEST(PartitionTiming, CellsOfItsOwnMakeBackwardAForward)
{
    const PartitionTiming timing{{}, {}, 1};
    PartitionBackward command;
    command.samples = {0, 16};
    command.layout = CellLayout::transposed;
    command.block = {RowIndex(0), RowIndex(64 * 25), ColumnIndex(0), ColumnIndex(32)};
    // 13 row tiles: 4 levels. 14 x 14 inputs, 8 pulses, 8 lines an ADC, one conversion each.
    EXPECT_EQ(timing.steps(command, lenet_second()).total(0), 4U + 16 * 196 * (8 * 8));
}

TEST(VectorSteps, TheFirstWaitsForItsInputsAndTheLastComesAfterAllReads)
{
    const VectorSteps steps{10, 7, 3};
    EXPECT_EQ(steps.total(0), 73U);
    EXPECT_EQ(steps.total(25), 3U + 3 + 70) << "a tenth of the reads, then computing never waits";
    EXPECT_EQ(steps.total(700), 3U + 700 + 7) << "computing waits for each vector";
    for (std::uint64_t reads = 0; reads < 150; ++reads) {
        std::uint64_t at = 0;
        for (std::uint64_t vector = 0; vector < 10; ++vector) at = std::max(at, steps.arrival(vector, reads)) + 7;
        EXPECT_EQ(steps.total(reads), at + 3) << "one vector after the other, reads " << reads;
    }
}

TEST(PartitionTiming, UnpoolingAndProgramming)
{
    const PartitionTiming timing{{}, {}, 3};
    PartitionUnpool unpool;
    unpool.samples = {0, 5};
    EXPECT_EQ(timing.cycles(unpool, lenet_second()), (5U * 196 * 64 + 191) / 192);
    PartitionProgram program;
    program.block = kAll;
    EXPECT_EQ(timing.cycles(program), 128U * 10);
    program.block.end_row = RowIndex(40);
    EXPECT_EQ(timing.cycles(program), 40U * 10);
    PartitionTiming verified;
    verified.write_pulses = 3;
    EXPECT_EQ(verified.cycles(program), 3U * 40 * 10) << "time for every pulse, whether cells need it or not";
}

}  // namespace
}  // namespace wagesim::chip
