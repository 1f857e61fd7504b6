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
    EXPECT_EQ(timing.cycles(command, lenet_second()), 3U + 16 * 196 * (8 * 1 * 8));
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
    EXPECT_EQ((PartitionTiming{crossbar, config, 2}).cycles(command, lenet_second()), 2U * 3 + 2 * 196 * (64 / 8));
}

TEST(PartitionTiming, BackwardDrivesColumnsAndReadsRowsTwice)
{
    const PartitionTiming timing{{}, {}, 1};
    PartitionBackward command;
    command.samples = {0, 16};
    command.block = kAll;
    EXPECT_EQ(timing.cycles(command, lenet_second()), 0U + 16 * 196 * (8 * 1 * 8 * 2));
    command.block.end_column = ColumnIndex(300);  // three column tiles: two levels
    EXPECT_EQ(timing.cycles(command, lenet_second()), 2U + 16 * 196 * (8 * 1 * 8 * 2));
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
