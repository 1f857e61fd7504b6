// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The gradient array on the chip: a command's cycles worked out by hand from docs/modules/gradient_array.md, and what
// it refuses. Its sums are tested without time.
#include <gtest/gtest.h>

#include <algorithm>

#include <vector>

#include "tests/unit/tlm/support/noting_memory.hpp"
#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/gradient_array/gradient_array.hpp"

namespace wagesim::chip::testing {
namespace {

/// 8 inputs, 8 outputs.
LayerGeometry dense()
{
    LayerGeometry g;
    g.kind = Layer::Kind::dense;
    g.in_c = g.out_c = 8;
    g.in_h = g.in_w = g.kernel_h = g.kernel_w = g.stride = g.acc_h = g.acc_w = 1;
    return g;
}

class GradientArrayTest : public SimulationTest {
protected:
    static constexpr std::uint64_t kOperands = 0x100, kGradients = 0x200, kMaximum = 0x300, kSpilled = 0x340;
    using Script = std::function<void(CommandPort<GradientCommand>&)>;

    /// 16 MACs: 4 x 4, so the layer takes 2 x 2 tiles. Five samples of operands of 16 bits: 10 cycles a tile.
    explicit GradientArrayTest(const GradientArrayConfig& of = config(), const UnitMode& mode = {})
        : array_("array", GradientEngine({{dense(), 8, false, 16, 32767}}), of, 0, clock_, mode)
    {
        array_.memory.socket.bind(memory_.socket);
        memory_.read_cycles = 5;
    }
    static GradientArrayConfig config()
    {
        GradientArrayConfig out;
        out.macs_per_cycle = 16;
        return out;
    }
    static GradientCommand command()
    {
        GradientCommand out;
        out.samples = 5;
        out.inputs = {0, ElementType::int8, 5 * 8};
        out.operands = {kOperands, ElementType::int16, 5 * 8};
        out.gradients = {kGradients, ElementType::int32, 64};
        out.maximum = {kMaximum, ElementType::int32, 1};
        return out;
    }
    void run(Script script)
    {
        ScriptedIssuer<GradientCommand> issuer("issuer", std::move(script));
        issuer.commands.socket.bind(array_.commands);
        simulate();
        EXPECT_TRUE(issuer.finished);
    }
    std::uint64_t cycles_of(CommandPort<GradientCommand>& port, const GradientCommand& command) const
    {
        const std::uint64_t begin = clock_.now();
        port.issue(command);
        return clock_.now() - begin;
    }
    std::vector<std::uint64_t> writes_at() const
    {
        std::vector<std::uint64_t> out;
        for (const auto& burst : memory_.bursts) {
            if (!burst.is_read) out.push_back(burst.at);
        }
        return out;
    }

    NotingMemory memory_{"memory", 0x400, clock_};
    GradientArray array_;
};

TEST_F(GradientArrayTest, FastWritesHideBehindTheNextTile)
{
    memory_.write_cycles = 7;
    run([&](auto& port) { EXPECT_EQ(cycles_of(port, command()), 4U * 10 + 7); });
    EXPECT_EQ(writes_at(), (std::vector<std::uint64_t>{10, 20, 30, 40, 40}));
}

TEST_F(GradientArrayTest, SlowReadsBoundATile)
{
    memory_.read_cycles = 13;
    memory_.write_cycles = 7;
    run([&](auto& port) { EXPECT_EQ(cycles_of(port, command()), 4U * 13 + 7); });
}

TEST_F(GradientArrayTest, SlowWritesHoldTheTileAfterTheNextBack)
{
    memory_.write_cycles = 25;
    // begin(2) = 10, sent(1) = 35; begin(3) = max(20, 35), sent(2) = 60; begin(4) = max(45, 60), sent(3) = 85;
    // begin(5) = max(70, 85), sent(4) = 110.
    run([&](auto& port) { EXPECT_EQ(cycles_of(port, command()), 110U); });
    EXPECT_EQ(writes_at(), (std::vector<std::uint64_t>{10, 35, 60, 85, 85}));
}

TEST_F(GradientArrayTest, TakesCommandsAfterOneThatFailed)
{
    run([&](auto& port) {
        GradientCommand outside = command();
        outside.inputs.address = 0x400;
        EXPECT_THROW(port.issue(outside), InvariantError);
        EXPECT_EQ(cycles_of(port, command()), 4U * 10);
    });
    EXPECT_EQ(array_.counters().commands, 1U);
}

class PostingGradientArrayTest : public GradientArrayTest {
protected:
    PostingGradientArrayTest() : GradientArrayTest(config(), {BurstData::carried, ResultDelivery::posted}) {}
};

TEST_F(PostingGradientArrayTest, IsFreeWhileTheLastSumsLeave)
{
    memory_.write_cycles = 7;
    run([&](auto& port) {
        EXPECT_EQ(cycles_of(port, command()), 4U * 10);
        EXPECT_EQ(clock_.cycles_in(port.issue(command()).complete_at), 40U + 4 * 10 + 7);
    });
}

class SpillingGradientArrayTest : public GradientArrayTest {
protected:
    SpillingGradientArrayTest() : GradientArrayTest(spilling()) {}
    static GradientArrayConfig spilling()
    {
        GradientArrayConfig out = config();
        out.accumulate = GradientAccumulate::image;
        return out;
    }
    static GradientCommand by_image()
    {
        GradientCommand out = command();
        out.spilled = {kSpilled, ElementType::uint8, 64 * 15 / 8};
        return out;
    }
    std::uint64_t bursts_at(std::uint64_t address, bool is_read) const
    {
        return static_cast<std::uint64_t>(std::count_if(
            memory_.bursts.begin(), memory_.bursts.end(),
            [&](const NotingMemory::Burst& burst) { return burst.address == address && burst.is_read == is_read; }));
    }
};

TEST_F(SpillingGradientArrayTest, SumsComeBackAndLeaveWithEveryImage)
{
    memory_.write_cycles = 7;
    // An image takes 2 x 2 tiles of 2 cycles; its sums leave while the next image is computed.
    run([&](auto& port) { EXPECT_EQ(cycles_of(port, by_image()), 5U * 8 + 7); });
    EXPECT_EQ(writes_at(), (std::vector<std::uint64_t>{8, 16, 24, 32, 40, 40}));
    EXPECT_EQ(bursts_at(kSpilled, true), 4U) << "the first image finds none";
    EXPECT_EQ(bursts_at(kSpilled, false), 4U) << "the last one delivers";
    EXPECT_EQ(bursts_at(kGradients, false), 1U);
}

TEST_F(SpillingGradientArrayTest, PartsOfABatchSpillInBetween)
{
    run([&](auto& port) {
        GradientCommand part = by_image();
        part.samples = 2;
        part.last = false;
        part.inputs.count = part.operands.count = 2 * 8;
        port.issue(part);
        part.first = false;
        part.last = true;
        port.issue(part);
    });
    EXPECT_EQ(bursts_at(kSpilled, true), 3U);
    EXPECT_EQ(bursts_at(kSpilled, false), 3U);
    EXPECT_EQ(bursts_at(kGradients, false), 1U);
}

}  // namespace
}  // namespace wagesim::chip::testing
