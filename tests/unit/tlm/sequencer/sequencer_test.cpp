// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The sequencer on units that only take time: what overlaps, what waits, what is counted, what is stuck.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tlm_utils/simple_target_socket.h>

#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "ref/numerics/random_words.hpp"
#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/sequencer/sequencer.hpp"

namespace wagesim::chip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Takes as long as `cycles_of` says; notes when each command came.
template <class Work>
class TimedUnit : public sc_core::sc_module {
public:
    using Cycles = std::function<std::uint64_t(const Work&)>;

    TimedUnit(const sc_core::sc_module_name& name, const Clock& clock, Cycles cycles_of)
        : sc_module(name), commands("commands"), clock_(clock), cycles_of_(std::move(cycles_of))
    {
        commands.register_b_transport(this, &TimedUnit::b_transport);
    }
    tlm_utils::simple_target_socket<TimedUnit> commands;
    std::vector<std::uint64_t> arrivals;
    std::vector<Work> served;
    std::uint64_t posted_cycles = 0;  ///< that results take after the unit is free

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&)
    {
        auto* const extension = receive_command<Work>(payload);
        ASSERT_NE(extension, nullptr);
        arrivals.push_back(clock_.now());
        served.push_back(*extension->command);
        sc_core::wait(clock_.time_of(cycles_of_(*extension->command)));
        if (posted_cycles > 0) extension->complete_at = clock_.time_of(clock_.now() + posted_cycles);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    Clock clock_;
    Cycles cycles_of_;
};

class SequencerTest : public testing::SimulationTest {
protected:
    static constexpr UnitId kPartition = 0;
    static constexpr UnitId kGradient = 1;
    static constexpr UnitId kQuantizeUpdate = 2;

    SequencerTest()
        : sequencer_("sequencer", SequencerConfig{3, 16}, 1, 2, clock_),
          partition_("partition", clock_,
                     [](const PartitionCommand& of) { return std::get<PartitionUnpool>(of).samples.count; }),
          gradient_("gradient", clock_,
                    [](const GradientCommand& of) {
                        if (of.samples == 0) throw std::runtime_error("a unit's own trouble");
                        return of.samples;
                    }),
          quantize_update_("quantize_update", clock_, [](const QuantizeUpdateCommand&) { return 10; })
    {
        sequencer_.partition_port(0).socket.bind(partition_.commands);
        sequencer_.gradient_port.socket.bind(gradient_.commands);
        sequencer_.quantize_update_port.socket.bind(quantize_update_.commands);
    }

    void partition(std::size_t cycles, std::vector<CommandIndex> after, Phase phase = Phase::backward)
    {
        PartitionUnpool work;
        work.samples.count = cycles;
        add(kPartition, phase, PartitionCommand(work), std::move(after));
    }
    void gradient(std::size_t cycles, std::vector<CommandIndex> after)
    {
        GradientCommand work;
        work.samples = cycles;
        add(kGradient, Phase::gradient, work, std::move(after));
    }
    void quantize_update(std::vector<CommandIndex> after, bool of_step = false)
    {
        QuantizeUpdateWork work;
        work.command.layer = 1;
        work.of_step = of_step;
        add(kQuantizeUpdate, Phase::update, work, std::move(after));
    }
    void add(UnitId unit, Phase phase, decltype(Command::work) work, std::vector<CommandIndex> after)
    {
        Command command;
        command.unit = unit;
        command.layer = 1;
        command.phase = phase;
        command.work = std::move(work);
        command.after = std::move(after);
        command.macs = 7;
        program_.commands.push_back(std::move(command));
    }

    Sequencer sequencer_;
    TimedUnit<PartitionCommand> partition_;
    TimedUnit<GradientCommand> gradient_;
    TimedUnit<QuantizeUpdateCommand> quantize_update_;
    Program program_;
};

TEST_F(SequencerTest, UnitsOverlapAsFarAsDependenciesAllow)
{
    partition(100, {});    // 0: 0 .. 103
    partition(50, {});     // 1: 103 .. 156
    gradient(20, {0});     // 2: 103 .. 126
    gradient(5, {});       // 3: 126 .. 134
    quantize_update({1});  // 4: 156 .. 169
    partition(1, {3, 4});  // 5: 169 .. 173
    EXPECT_EQ(sequencer_.run(program_, {}), 173U);
    EXPECT_THAT(partition_.arrivals, ElementsAre(3, 106, 172));
    EXPECT_THAT(gradient_.arrivals, ElementsAre(106, 129));
    EXPECT_THAT(quantize_update_.arrivals, ElementsAre(159));
}

TEST_F(SequencerTest, CountsBusyAndQueuedCyclesByDirection)
{
    gradient(10, {});                       // 0: 0 .. 13
    partition(100, {}, Phase::forward);     // 1: 0 .. 103
    partition(40, {0}, Phase::backward);    // 2: ready at 13, 103 .. 146: queued 90
    quantize_update({2});                   // 3: 146 .. 159
    partition(1, {3}, Phase::programming);  // 4: 159 .. 163: its unit was free
    partition(1, {3}, Phase::backward);     // 5: ready at 159, 163 .. 167: queued 4
    EXPECT_EQ(sequencer_.run(program_, {}), 167U);
    const SequencerCounters& counted = sequencer_.counters();
    EXPECT_EQ(counted.units[kPartition].commands, 4U);
    EXPECT_THAT(counted.units[kPartition].busy_cycles, ElementsAre(103, 43 + 4, 4));
    EXPECT_THAT(counted.units[kPartition].queued_cycles, ElementsAre(0, 90 + 4, 0));
    EXPECT_THAT(counted.units[kGradient].busy_cycles, ElementsAre(0, 0, 13));
    EXPECT_THAT(counted.layer_cycles, ElementsAre(0, 103 + 43 + 4 + 4 + 13 + 13));
    EXPECT_EQ(counted.macs_forward + counted.macs_backward + counted.macs_gradient, 6U * 7);
    EXPECT_EQ(counted.macs_backward, 2U * 7);
    sequencer_.reset_counters();
    EXPECT_EQ(sequencer_.counters().units[kPartition].commands, 0U);
    EXPECT_EQ(sequencer_.run(program_, {}), 167U) << "a program takes the same time again";
}

TEST_F(SequencerTest, ACycleIsQueuedOnceHoweverManyQueue)
{
    gradient(10, {});                     // 0: 0 .. 13
    gradient(37, {});                     // 1: 13 .. 53
    partition(100, {}, Phase::forward);   // 2: 0 .. 103
    partition(7, {1}, Phase::backward);   // 3: ready at 53, 103 .. 113: queued 53 .. 103
    partition(17, {0}, Phase::backward);  // 4: ready at 13, 113 .. 133: queued 13 .. 113
    partition(27, {1}, Phase::forward);   // 5: ready at 53, 133 .. 163: queued 53 .. 133
    partition(37, {0}, Phase::backward);  // 6: ready at 13, 163 .. 203: queued 13 .. 163
    partition(47, {1}, Phase::forward);   // 7: ready at 53, 203 .. 253: queued 53 .. 203
    EXPECT_EQ(sequencer_.run(program_, {}), 253U);
    // Backward: 13 .. 163, forward: 53 .. 203.
    EXPECT_THAT(sequencer_.counters().units[kPartition].queued_cycles, ElementsAre(150, 150, 0));
}

TEST_F(SequencerTest, CyclesThatTheUnitWasIdleAreNotQueued)
{
    partition(17, {}, Phase::forward);   // 0: 0 .. 20
    gradient(2, {});                     // 1: 0 .. 5
    gradient(92, {});                    // 2: 5 .. 100
    partition(7, {2}, Phase::backward);  // 3: ready at 100, 100 .. 110
    partition(7, {1}, Phase::backward);  // 4: ready at 5, behind 3: 110 .. 120
    EXPECT_EQ(sequencer_.run(program_, {}), 120U);
    EXPECT_THAT(sequencer_.counters().units[kPartition].queued_cycles, ElementsAre(0, 15 + 10, 0));
}

TEST_F(SequencerTest, StepRegistersAreThoseOfTheStep)
{
    quantize_update({}, true);
    quantize_update({}, false);
    sequencer_.run(program_, {42, 9, -3, nullptr});
    const std::uint64_t key = numerics::stream_key(42, numerics::RandomDomain::rounding, 9, 1);
    ASSERT_EQ(quantize_update_.served[0].registers.size(), 3U);
    const auto value = [&](std::size_t i, QuantizeUpdateRegister address) {
        EXPECT_EQ(quantize_update_.served[0].registers[i].address, static_cast<std::uint32_t>(address));
        return quantize_update_.served[0].registers[i].value;
    };
    EXPECT_EQ(static_cast<std::int32_t>(value(0, QuantizeUpdateRegister::eta)), -3);
    EXPECT_EQ(value(1, QuantizeUpdateRegister::key_0), static_cast<std::uint32_t>(key));
    EXPECT_EQ(value(2, QuantizeUpdateRegister::key_1), static_cast<std::uint32_t>(key >> 32U));
    EXPECT_TRUE(quantize_update_.served[1].registers.empty());
}

TEST_F(SequencerTest, ACircleIsNamed)
{
    partition(1, {1});
    gradient(1, {0});
    quantize_update({});
    try {
        sequencer_.run(program_, {});
        FAIL() << "a circle ended";
    } catch (const InvariantError& error) {
        EXPECT_THAT(error.what(), HasSubstr("0 (unit 0) for 1; 1 (unit 1) for 0"));
    }
    EXPECT_THROW(sequencer_.run({}, {}), InvariantError) << "what is stuck stays stuck";
}

TEST_F(SequencerTest, AUnitsTroubleComesOut)
{
    gradient(0, {});
    partition(5, {0});
    EXPECT_THROW(sequencer_.run(program_, {}), std::runtime_error);
    program_.commands.clear();
    gradient(1, {});
    EXPECT_THROW(sequencer_.run(program_, {}), InvariantError) << "nothing is known of where the units are";
    EXPECT_EQ(gradient_.served.size(), 1U);
}

/// Notes every command that it is told of.
class Noting : public CommandListener {
public:
    void on_command(const CompletedCommand& of) override { told.push_back({of.index, of.ready, of.begin, of.end}); }
    std::vector<std::vector<std::uint64_t>> told;
};

TEST_F(SequencerTest, AListenerIsToldOfEveryCommandWhenItIsComplete)
{
    partition(100, {});    // 0: 0 .. 103
    partition(50, {});     // 1: 103 .. 156
    gradient(20, {0});     // 2: 103 .. 126
    quantize_update({2});  // 3: 126 .. 139
    partition(1, {3});     // 4: ready at 139, 156 .. 160
    Noting noting;
    StepContext context;
    context.commands = &noting;
    EXPECT_EQ(sequencer_.run(program_, context), 160U);
    EXPECT_THAT(noting.told,
                ElementsAre(ElementsAre(0, 0, 0, 103), ElementsAre(2, 103, 103, 126), ElementsAre(3, 126, 126, 139),
                            ElementsAre(1, 0, 103, 156), ElementsAre(4, 139, 156, 160)));
}

/// Notes what is shown and when, and that a dependent command has not begun.
class Watcher : public TensorTap, public StorageAccess {
public:
    explicit Watcher(const Clock& clock) : clock_(clock) {}
    [[nodiscard]] bool wants(std::uint32_t, TensorName name) const override { return name != TensorName::loss; }
    void on_region(const TensorRegion& region) override
    {
        seen.push_back(std::string(text_of(region.name)) + " at " + std::to_string(clock_.now()));
        if (region.name == TensorName::max_error) {
            EXPECT_EQ(*static_cast<const std::int64_t*>(region.data), (std::int64_t{5} << 32) + 6);
            static_cast<std::uint32_t*>(region.data)[1] = 8;
        }
        if (region.name == TensorName::weight_q) ++static_cast<std::int8_t*>(region.data)[1];
    }
    [[nodiscard]] std::byte* memory(const MemoryRegion& region) override { return bytes + region.address; }
    [[nodiscard]] std::uint32_t read_register(QuantizeUpdateRegister address) override
    {
        return address == QuantizeUpdateRegister::max_high ? 5 : 6;
    }
    void write_register(QuantizeUpdateRegister address, std::uint32_t value) override
    {
        if (address == QuantizeUpdateRegister::max_high) written = value;
    }
    void read_cells(const CellPlace& place, std::uint32_t, std::int8_t* codes) override
    {
        codes[0] = codes[1] = place.unit == 7 ? std::int8_t{0} : std::int8_t{1};
    }
    void write_cells(const CellPlace&, std::uint32_t, const std::int8_t* codes) override
    {
        cells.insert(cells.end(), {codes[0], codes[1]});
    }

    std::vector<std::string> seen;
    std::byte bytes[16]{};
    std::uint32_t written = 0;
    std::vector<int> cells;

private:
    Clock clock_;
};

TEST_F(SequencerTest, TapsSeeResultsBeforeAnyoneUsesThem)
{
    Watcher watcher(clock_);
    Observer observer(watcher, watcher);
    const auto observation = [](TensorName name, Observation::Place place) {
        Observation out;
        out.place = place;
        if (place == Observation::Place::cells) out.cells = {CellPlace{}};
        out.region.name = name;
        out.region.count = 2;
        return out;
    };
    program_.before = {observation(TensorName::weight_q, Observation::Place::cells)};
    partition(10, {});
    program_.commands.back().observations = {observation(TensorName::pooled, Observation::Place::memory),
                                             observation(TensorName::loss, Observation::Place::registers)};
    quantize_update({0});
    program_.commands.back().observations = {observation(TensorName::max_error, Observation::Place::registers)};
    gradient(1, {1});
    sequencer_.run(program_, {0, 0, 0, &observer});
    EXPECT_THAT(watcher.seen, ElementsAre("weight_q at 0", "pooled at 13", "max_error at 26"));
    EXPECT_EQ(watcher.written, 8U) << "what the tap changed is in the register";
    EXPECT_THAT(watcher.cells, ElementsAre(1, 2)) << "and in the cells";
    EXPECT_THAT(quantize_update_.arrivals, ElementsAre(16));
    EXPECT_THAT(gradient_.arrivals, ElementsAre(29));
}

TEST_F(SequencerTest, CopiesThatDifferAreNoResult)
{
    Watcher watcher(clock_);
    Observer observer(watcher, watcher);
    Observation observation;
    observation.place = Observation::Place::cells;
    observation.region.name = TensorName::weight_q;
    observation.region.count = 2;
    observation.cells = {CellPlace{0, {}, {}}, CellPlace{1, {}, {}}};
    observer.show(observation);
    EXPECT_THAT(watcher.cells, ElementsAre(1, 2, 1, 2)) << "a tap changes all of them";
    observation.cells.back().unit = 7;
    EXPECT_THROW(observer.show(observation), InvariantError);
}

TEST_F(SequencerTest, AUnitGoesOnWhileItsResultsAreOnTheirWay)
{
    partition_.posted_cycles = 30;
    partition(10, {});     // 0: 0 .. 13, results at 43
    partition(10, {});     // 1: 13 .. 26, results at 56
    gradient(5, {0});      // 2: 43 .. 51
    quantize_update({1});  // 3: 56 .. 69
    EXPECT_EQ(sequencer_.run(program_, {}), 69U);
    EXPECT_THAT(partition_.arrivals, ElementsAre(3, 16));
    EXPECT_THAT(gradient_.arrivals, ElementsAre(46));
    EXPECT_THAT(quantize_update_.arrivals, ElementsAre(59));
    EXPECT_EQ(sequencer_.counters().units[kPartition].busy_cycles[index_of(Direction::backward)], 26U);
}

TEST_F(SequencerTest, AProgramEndsWhenTheLastResultsAreThere)
{
    partition_.posted_cycles = 30;
    partition(10, {});
    EXPECT_EQ(sequencer_.run(program_, {}), 43U);
    EXPECT_EQ(sequencer_.run(program_, {}), 43U) << "and the next one begins then";
}

}  // namespace
}  // namespace wagesim::chip
