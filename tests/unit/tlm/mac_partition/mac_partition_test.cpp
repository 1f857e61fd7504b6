// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The partition group on the chip: which weight codes programming a block fetches, and when, by hand from
// docs/modules/mac_partition.md.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "tests/unit/tlm/support/noting_memory.hpp"
#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/mac_partition/mac_partition.hpp"

namespace wagesim::chip::testing {
namespace {

constexpr std::uint64_t kCodes = 0x40;

class MacPartitionTest : public SimulationTest {
protected:
    /// 4 channels, 3 filters.
    MacPartitionTest()
        : partition_("partition", MacEngine(cells(), {{layer(3), 8, true, 8, 127}, {layer(1), 8, true, 8, 127}}),
                     PartitionTiming{{}, {}, 1}, PartitionEvents{}, 0, clock_)
    {
        partition_.memory.socket.bind(memory_.socket);
        memory_.read_cycles = 5;
    }
    static std::vector<CrossbarGrid> cells()
    {
        std::vector<CrossbarGrid> out;
        out.emplace_back(CrossbarConfig{}, 1, 2, make_exact_reader());
        return out;
    }
    static LayerGeometry layer(int kernel)
    {
        LayerGeometry g;
        g.in_c = 4;
        g.out_c = 3;
        g.kernel_h = g.kernel_w = kernel;
        g.in_h = g.in_w = kernel;
        g.stride = g.acc_h = g.acc_w = 1;
        return g;
    }
    static PartitionCommand program(std::uint32_t layer, const CellBlock& block)
    {
        PartitionProgram out;
        out.layer = layer;
        out.block = block;
        out.codes = {kCodes, ElementType::int8, layer == 0 ? 108U : 12U};
        return out;
    }
    void run(std::function<void(CommandPort<PartitionCommand>&)> script)
    {
        ScriptedIssuer<PartitionCommand> issuer("issuer", std::move(script));
        issuer.commands.socket.bind(partition_.commands);
        simulate();
        EXPECT_TRUE(issuer.finished);
    }

    NotingMemory memory_{"memory", 0x100, clock_};
    MacPartition partition_;
};

using Bursts = std::vector<NotingMemory::Burst>;

TEST_F(MacPartitionTest, ProgrammingSomeRowsOfAConvolutionReadsWholeFilters)
{
    // Rows 0 .. 3 are the four channels of the first tap: codes 0, 9, 18 and 27 of each filter.
    for (const std::size_t at : {36U, 45U, 54U, 63U, 72U, 81U, 90U, 99U}) memory_.data[kCodes + at] = std::byte{1};
    run([&](auto& port) {
        port.issue(program(0, {RowIndex(0), RowIndex(4), ColumnIndex(1), ColumnIndex(3)}));
        EXPECT_EQ(clock_.now(), 4U * 10) << "ten cycles a row, reading meanwhile";
    });
    EXPECT_EQ(memory_.bursts, (Bursts{{true, kCodes + 36, 2 * 36, 0}}));
    EXPECT_EQ(partition_.cell_writes(), 8U) << "all that was put where these rows are";
}

TEST_F(MacPartitionTest, ProgrammingAllRowsIsOneBurst)
{
    memory_.read_cycles = 400;
    run([&](auto& port) {
        port.issue(program(0, {RowIndex(0), RowIndex(36), ColumnIndex(0), ColumnIndex(3)}));
        EXPECT_EQ(clock_.now(), 400U) << "reading outlasts 36 rows";
    });
    EXPECT_EQ(memory_.bursts, (Bursts{{true, kCodes, 3 * 36, 0}}));
}

TEST_F(MacPartitionTest, RowsOfOneTapAreReadAlone)
{
    run([&](auto& port) { port.issue(program(1, {RowIndex(1), RowIndex(3), ColumnIndex(0), ColumnIndex(3)})); });
    EXPECT_EQ(memory_.bursts, (Bursts{{true, kCodes + 1, 2, 0}, {true, kCodes + 5, 2, 0}, {true, kCodes + 9, 2, 0}}));
}

TEST_F(MacPartitionTest, TakesCommandsAfterOneThatFailed)
{
    const CellBlock block{RowIndex(0), RowIndex(36), ColumnIndex(0), ColumnIndex(3)};
    run([&](auto& port) {
        auto outside = std::get<PartitionProgram>(program(0, block));
        outside.codes.address = 0x100;
        EXPECT_THROW(port.issue(outside), InvariantError);
        port.issue(program(0, block));
    });
    EXPECT_EQ(partition_.counters().commands, 1U);
}

}  // namespace
}  // namespace wagesim::chip::testing
