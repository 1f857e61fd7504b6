// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweep files: what a legal one means, and broken ones with one fault each, whose whole line is held.
#include <gmock/gmock.h>

#include "platforms/config/load_sweep.hpp"
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

using ::testing::ElementsAre;

constexpr const char* kSweep = R"(name: widths
base: run.yaml
command: train
steps: 7
set:
  training.epochs: 1
  training.eta: {0: 1}
axes:
  - widths.g: {range: [6, 8]}
    training.eta.0: [-2, -1, 0]
  - chip.lanes: {log_range: [8, 32]}
seeds: [1, 5]
held: [chip.lanes]
objectives:
  final_test_error: min
  epochs.0.loss: max
)";

class SweepFile : public ConfigFiles {
protected:
    void SetUp() override
    {
        ConfigFiles::SetUp();
        write("sweep.yaml", kSweep);
    }

    static std::string sweep_fault(const std::vector<std::string>& assignments = {})
    {
        try {
            static_cast<void>(load_sweep("sweep.yaml", assignments));
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "";
    }
};

std::vector<std::string> texts_of(const std::vector<Override>& values)
{
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const Override& each : values) texts.push_back(each.key + "=" + each.value.flow_text());
    return texts;
}

TEST_F(SweepFile, EveryKeyIsRead)
{
    const SweepConfig sweep = load_sweep("sweep.yaml", {"training.batch=16"});
    EXPECT_EQ(sweep.name, "widths");
    ASSERT_EQ(sweep.stages.size(), 1U);
    EXPECT_EQ(sweep.stages[0].name, "train");
    EXPECT_EQ(sweep.stages[0].command, SweepCommand::train);
    EXPECT_EQ(sweep.stages[0].steps, 7);
    EXPECT_EQ(sweep.sampling.kind, Sampling::Kind::grid);
    EXPECT_THAT(texts_of(sweep.fixed), ElementsAre("training.epochs=1", "training.eta={0: 1}", "training.batch=16"));
    ASSERT_EQ(sweep.axes.size(), 3U);
    ASSERT_EQ(sweep.axes[0].values.size(), 3U);
    EXPECT_THAT(texts_of(sweep.axes[0].values[0]), ElementsAre("widths.g=6", "training.eta.0=-2"));
    EXPECT_THAT(texts_of(sweep.axes[0].values[2]), ElementsAre("widths.g=8", "training.eta.0=0"));
    ASSERT_EQ(sweep.axes[1].values.size(), 3U);
    EXPECT_THAT(texts_of(sweep.axes[1].values[1]), ElementsAre("chip.lanes=16"));
    ASSERT_EQ(sweep.axes[2].values.size(), 2U);
    EXPECT_THAT(texts_of(sweep.axes[2].values[1]), ElementsAre("seed=5"));
    EXPECT_EQ(sweep.axes[0].variables[1].role, Role::free);
    EXPECT_EQ(sweep.axes[1].variables[0].role, Role::held);
    EXPECT_EQ(sweep.axes[2].variables[0].role, Role::seed);
    ASSERT_EQ(sweep.objectives.size(), 2U);
    EXPECT_EQ(sweep.objectives[0].field, "final_test_error");
    EXPECT_EQ(sweep.objectives[1].direction, Direction::max);
}

TEST_F(SweepFile, ASeedMayBeAnAxisOfItsOwn)
{
    write("sweep.yaml",
          "name: s\nbase: run.yaml\ncommand: train\naxes: [{seed: [3]}]\nobjectives: {wall_seconds: min}\n");
    EXPECT_EQ(load_sweep("sweep.yaml").axes.at(0).variables.at(0).role, Role::seed);
}

TEST_F(SweepFile, PathsStartFromTheSweepFile)
{
    std::filesystem::create_directories("deep/sweeps");
    std::filesystem::rename("network.yaml", "deep/network.yaml");
    write("deep/sweeps/sweep.yaml",
          "name: s\nbase: ../../run.yaml\ncommand: train\naxes: [{network: [../network.yaml]}]\n"
          "objectives: {final_test_error: min}\n");
    const SweepConfig sweep = load_sweep("deep/sweeps/sweep.yaml");
    EXPECT_EQ(sweep.base.resolve({&sweep.axes.at(0).values.at(0).at(0)}).network.name, "net");
}

TEST_F(SweepFile, AnIllegalValueIsBlamedWhereItStands)
{
    write("sweep.yaml", replaced(kSweep, "[-2, -1, 0]", "[-2, -1, 9]"));
    const SweepConfig sweep = load_sweep("sweep.yaml");
    try {
        static_cast<void>(sweep.base.resolve({&sweep.axes[0].values[2][1]}));
        ADD_FAILURE() << "accepted";
    } catch (const ConfigError& error) {
        EXPECT_STREQ(error.what(), "sweep.yaml:10:30: training.eta.0: got 9, allowed an integer -16..8");
    }
}

constexpr const char* kStages = R"(name: staged
base: run.yaml
set: {training.epochs: 3}
axes:
  - widths.g: {range: [6, 12]}
  - chip.lanes: {log_range: [8, 32]}
seeds: [1, 5]
sampling: {latin_hypercube: 20, seed: 9}
constraints:
  - chip.area_mm2 < 50
  - widths.g * chip.lanes <= 256
stages:
  - name: screen
    command: simulate
    steps: 3
    set: {training.batch: 16}
  - name: confirm
    command: train
    set: {training.epochs: 1}
    keep: {front: 2}
  - name: more
    command: train
    keep: {best: 3}
objectives:
  chip.energy_j: min
  final_test_error: min
)";

TEST_F(SweepFile, StagesSamplingAndConstraintsAreRead)
{
    write("sweep.yaml", kStages);
    const SweepConfig sweep = load_sweep("sweep.yaml");
    ASSERT_EQ(sweep.stages.size(), 3U);
    EXPECT_EQ(sweep.stages[0].command, SweepCommand::simulate);
    EXPECT_EQ(sweep.stages[0].steps, 3);
    EXPECT_THAT(texts_of(sweep.stages[0].fixed), ElementsAre("training.batch=16"));
    EXPECT_EQ(sweep.stages[0].keep.kind, Keep::Kind::all);
    EXPECT_EQ(sweep.stages[1].name, "confirm");
    EXPECT_EQ(sweep.stages[1].keep.kind, Keep::Kind::front);
    EXPECT_EQ(sweep.stages[1].keep.count, 2U);
    EXPECT_EQ(sweep.stages[2].keep.kind, Keep::Kind::best);
    EXPECT_EQ(sweep.stages[2].keep.count, 3U);
    EXPECT_EQ(sweep.sampling.kind, Sampling::Kind::latin_hypercube);
    EXPECT_EQ(sweep.sampling.designs, 20U);
    EXPECT_EQ(sweep.sampling.seed, 9U);
    ASSERT_EQ(sweep.constraints.size(), 2U);
    EXPECT_TRUE(sweep.constraints[0].needs_result);
    EXPECT_FALSE(sweep.constraints[1].needs_result);
    EXPECT_THAT(sweep.constraints[1].names, ElementsAre("chip.lanes", "widths.g"));
}

TEST_F(SweepFile, AnOptimiserIsRead)
{
    write("sweep.yaml",
          replaced(kStages, "{latin_hypercube: 20, seed: 9}", "{optimiser: nspso, population: 32, generations: 5}"));
    const Sampling sampling = load_sweep("sweep.yaml").sampling;
    EXPECT_EQ(sampling.kind, Sampling::Kind::optimiser);
    EXPECT_EQ(sampling.algorithm, Algorithm::nspso);
    EXPECT_EQ(sampling.population, 32U);
    EXPECT_EQ(sampling.generations, 5U);
    EXPECT_EQ(sampling.seed, 1U);
}

TEST_F(SweepFile, AConstraintOnAnUnknownNameListsTheFigures)
{
    write("sweep.yaml", replaced(kStages, "chip.area_mm2 < 50", "chip.aera_mm2 < 50"));
    EXPECT_THAT(
        sweep_fault(),
        ::testing::StartsWith("sweep.yaml:10:5: constraints.0: got chip.aera_mm2, allowed keys of axes and figures "
                              "of results: final_test_error | wall_seconds | epochs.N"));
}

class BrokenStages : public SweepFile, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenStages, AreRefusedInOneLine)
{
    write("sweep.yaml", replaced(kStages, GetParam().from, GetParam().to));
    EXPECT_EQ(sweep_fault(), GetParam().fault);
}

constexpr const char* kSamplingKey = "{latin_hypercube: 20, seed: 9}";

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenStages,
    ::testing::Values(
        BrokenFile{"command_too", "base: run.yaml", "base: run.yaml\ncommand: train",
                   "sweep.yaml:3:10: command: got it beside stages, allowed the command of each stage"},
        BrokenFile{"steps_too", "base: run.yaml", "base: run.yaml\nsteps: 3",
                   "sweep.yaml:14:3: stages: got them beside steps, allowed the steps of each stage"},
        BrokenFile{"keep_of_the_first", "steps: 3", "keep: front",
                   "sweep.yaml:15:11: stages.0.keep: got front, allowed all: there is no stage before"},
        BrokenFile{"keep", "{front: 2}", "{front: 0}",
                   "sweep.yaml:20:19: stages.1.keep.front: got 0, allowed an integer 1..1000000000"},
        BrokenFile{"keep_word", "{front: 2}", "some",
                   "sweep.yaml:20:11: stages.1.keep: got some, allowed all, front, {front: N} or {best: N}"},
        BrokenFile{"name_twice", "name: confirm", "name: screen",
                   "sweep.yaml:17:11: stages.1.name: got screen, allowed each name once"},
        BrokenFile{
            "axis_of_a_stage", "chip.lanes: {log_range", "training.batch: {log_range",
            "sweep.yaml:6:5: axes.1.training.batch: got training.batch, which a stage sets, allowed keys that no "
            "stage sets"},
        BrokenFile{"sampling", kSamplingKey, "everything",
                   "sweep.yaml:8:11: sampling: got everything, allowed grid, {random: N}, {latin_hypercube: N} or "
                   "{optimiser: ALGORITHM, population: N, generations: N}"},
        BrokenFile{"no_designs", kSamplingKey, "{random: 0}",
                   "sweep.yaml:8:20: sampling.random: got 0, allowed an integer 1..1000000000"},
        BrokenFile{"too_many_samples", kSamplingKey, "{latin_hypercube: 1000000000}",
                   "sweep.yaml:8:11: sampling: got 2000000000 points with all seeds, allowed at most 1000000000"},
        BrokenFile{"too_many_generations", kSamplingKey, "{optimiser: nsga2, population: 10000, generations: 100000}",
                   "sweep.yaml:8:11: sampling: got 2000020000 points with all seeds, allowed at most 1000000000"},
        BrokenFile{"sampling_key", kSamplingKey, "{random: 10, population: 8}",
                   "sweep.yaml:8:24: sampling.population: got an unknown key, allowed random, seed"},
        BrokenFile{"algorithm", kSamplingKey, "{optimiser: luck, population: 8, generations: 1}",
                   "sweep.yaml:8:23: sampling.optimiser: got luck, allowed nsga2 | nspso | maco"},
        BrokenFile{"population", kSamplingKey, "{optimiser: nsga2, population: 10, generations: 1}",
                   "sweep.yaml:8:42: sampling.population: got 10, allowed a multiple of 4"},
        BrokenFile{"constraint_assigns", "chip.area_mm2 < 50", "chip.area_mm2 = 50",
                   "sweep.yaml:10:5: constraints.0: got chip.area_mm2 = 50 (a single =), allowed a condition like "
                   "chip.area_mm2 < 50"},
        BrokenFile{"constraint_compares_nothing", "chip.area_mm2 < 50", "chip.area_mm2 + 50",
                   "sweep.yaml:10:5: constraints.0: got chip.area_mm2 + 50 (no comparison), allowed a condition like "
                   "chip.area_mm2 < 50"},
        BrokenFile{"constraint_ends_early", "chip.area_mm2 < 50", "chip.area_mm2 <",
                   "sweep.yaml:10:5: constraints.0: got chip.area_mm2 < (Unexpected end of expression at position 16), "
                   "allowed a condition like chip.area_mm2 < 50"},
        BrokenFile{"constraint_on_seeds", "widths.g * chip.lanes <= 256", "seed < 3",
                   "sweep.yaml:11:5: constraints.1: got seed, allowed keys of axes and figures of results"},
        BrokenFile{"constraint_on_words", "  - chip.lanes: {log_range: [8, 32]}\n", "  - chip.lanes: [8, {a: 1}]\n",
                   "sweep.yaml:11:5: constraints.1: got chip.lanes, which takes the value {a: 1}, allowed keys whose "
                   "values are all numbers"}),
    [](const auto& broken) { return std::string(broken.param.name); });

class BrokenSweep : public SweepFile, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenSweep, IsRefusedInOneLine)
{
    const BrokenFile& broken = GetParam();
    write("sweep.yaml", *broken.from == '\0' ? broken.to : replaced(kSweep, broken.from, broken.to));
    EXPECT_EQ(sweep_fault(), broken.fault);
}

constexpr const char* kRangeKey = "{range: [6, 8]}";

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenSweep,
    ::testing::Values(
        BrokenFile{"unknown_key", "steps: 7", "step: 7",
                   "sweep.yaml:4:1: step: got an unknown key, allowed name, base, command, steps, stages, sampling, "
                   "constraints, set, axes, seeds, held, objectives (did you mean steps?)"},
        BrokenFile{"duplicate_key", "steps: 7", "name: again",
                   "sweep.yaml:4:1: name: got the key a second time, allowed each key once"},
        BrokenFile{"no_map", "", "- 1\n", "sweep.yaml:1:1: sweep file: got a list, allowed a map"},
        BrokenFile{"missing_name", "name: widths\n", "",
                   "sweep.yaml:1:1: name: got nothing, allowed a name of 1..200 bytes on one line"},
        BrokenFile{"missing_base", "base: run.yaml\n", "",
                   "sweep.yaml:1:1: base: got nothing, allowed the path of a run file"},
        BrokenFile{"base_not_there", "base: run.yaml", "base: none.yaml",
                   "sweep.yaml:2:7: base: got none.yaml (no such file), allowed a readable file"},
        BrokenFile{"base_no_path", "base: run.yaml", "base: [run.yaml]",
                   "sweep.yaml:2:7: base: got a list, allowed the path of a run file"},
        BrokenFile{"base_not_yaml", "base: run.yaml", "base: sweep.yaml.bad",
                   "sweep.yaml:2:7: base: got sweep.yaml.bad (no such file), allowed a readable file"},
        BrokenFile{"missing_command", "command: train\n", "",
                   "sweep.yaml:1:1: command: got nothing, allowed train | simulate"},
        BrokenFile{"command", "command: train", "command: verify",
                   "sweep.yaml:3:10: command: got verify, allowed train | simulate"},
        BrokenFile{"steps", "steps: 7", "steps: -1", "sweep.yaml:4:8: steps: got -1, allowed an integer 0..2147483647"},
        BrokenFile{"missing_objectives", "objectives:\n  final_test_error: min\n  epochs.0.loss: max\n", "",
                   "sweep.yaml:1:1: objectives: got nothing, allowed a map of a field of the result to min | max"},
        BrokenFile{"objective_field", "final_test_error: min", "accuracy: max",
                   "sweep.yaml:15:3: objectives.accuracy: got an unknown field, allowed final_test_error | "
                   "wall_seconds | epochs.N or epochs.last with .loss | train_error | test_error | images_per_second"},
        BrokenFile{"objective_of_the_chip", "final_test_error: min", "chip.cycles: min",
                   "sweep.yaml:15:3: objectives.chip.cycles: got an unknown field, allowed final_test_error | "
                   "wall_seconds | epochs.N or epochs.last with .loss | train_error | test_error | images_per_second"},
        BrokenFile{"objective_direction", "final_test_error: min", "final_test_error: low",
                   "sweep.yaml:15:21: objectives.final_test_error: got low, allowed min | max"},
        BrokenFile{"objectives_empty", "objectives:\n  final_test_error: min\n  epochs.0.loss: max\n",
                   "objectives: {}\n",
                   "sweep.yaml:14:13: objectives: got a map, allowed a map of a field of the result to min | max"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Axes, BrokenSweep,
    ::testing::Values(
        BrokenFile{"set_no_map", "  training.epochs: 1\n  training.eta: {0: 1}\n", "  - training.epochs\n",
                   "sweep.yaml:6:3: set: got a list, allowed a map of dotted keys of the run to values"},
        BrokenFile{"set_key", "  training.epochs: 1", "  training..epochs: 1",
                   "sweep.yaml:6:3: set: got training..epochs, allowed a dotted key of the run"},
        BrokenFile{"axes_no_list", "",
                   "name: s\nbase: run.yaml\ncommand: train\naxes: {widths.g: [8]}\nobjectives: {wall_seconds: min}\n",
                   "sweep.yaml:4:7: axes: got a map, allowed a list of axes, each a map of one key, or of several that "
                   "are zipped, to values"},
        BrokenFile{"axis_no_map", "  - chip.lanes: {log_range: [8, 32]}", "  - chip.lanes",
                   "sweep.yaml:11:5: axes.1: got chip.lanes, allowed a map of keys to values"},
        BrokenFile{"axis_key", "chip.lanes: {log", ".lanes: {log",
                   "sweep.yaml:11:5: axes.1: got .lanes, allowed a dotted key of the run"},
        BrokenFile{"key_twice", "  - chip.lanes", "  - widths.g",
                   "sweep.yaml:11:5: axes.1.widths.g: got widths.g a second time, allowed each key once"},
        BrokenFile{"key_set_before", "  - chip.lanes", "  - training.epochs",
                   "sweep.yaml:11:5: axes.1.training.epochs: got training.epochs a second time, allowed each key once"},
        BrokenFile{"key_replaces", "  - chip.lanes", "  - widths",
                   "sweep.yaml:11:5: axes.1.widths: got a key that replaces widths.g, allowed it before the narrower "
                   "one"},
        BrokenFile{"zip_lengths", "[-2, -1, 0]", "[-2, -1]",
                   "sweep.yaml:10:21: axes.0.training.eta.0: got 2 values, allowed 3, as many as the axis' first key "
                   "has"},
        BrokenFile{"seed_zipped", "    training.eta.0", "    seed",
                   "sweep.yaml:10:5: axes.0.seed: got seed zipped with other keys, allowed an axis of its own, or "
                   "seeds"},
        BrokenFile{"seed_twice", "  - chip.lanes", "  - seed",
                   "sweep.yaml:12:8: seeds: got seed a second time, allowed each key once"},
        BrokenFile{"seeds_scalar", "seeds: [1, 5]", "seeds: 3",
                   "sweep.yaml:12:8: seeds: got 3, allowed a list of values, {range: [FIRST, LAST, STEP]} or "
                   "{log_range: [FIRST, LAST, FACTOR]}"},
        BrokenFile{"seed_again", "seeds: [1, 5]", "seeds: [1, 1]",
                   "sweep.yaml:12:12: seeds: got 1 a second time, allowed each value once"},
        BrokenFile{"held_unknown", "held: [chip.lanes]", "held: [widths.e]",
                   "sweep.yaml:13:8: held.0: got widths.e, allowed a key of an axis other than the seed"},
        BrokenFile{"held_seed", "held: [chip.lanes]", "held: [seed]",
                   "sweep.yaml:13:8: held.0: got seed, allowed a key of an axis other than the seed"},
        BrokenFile{"held_twice", "held: [chip.lanes]", "held: [chip.lanes, chip.lanes]",
                   "sweep.yaml:13:20: held.1: got chip.lanes a second time, allowed it once"},
        BrokenFile{"nothing_varied", "",
                   "name: s\nbase: run.yaml\ncommand: train\nobjectives: {final_test_error: min}\n",
                   "sweep.yaml:1:1: axes: got nothing, allowed axes or seeds"},
        BrokenFile{"too_many_points", "axes:\n",
                   "axes:\n  - widths.a: {range: [1, 100000]}\n  - widths.e: {range: [1, 100000]}\n",
                   "sweep.yaml:9:3: axes: got more points than a sweep can have, allowed at most 1000000000"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Ranges, BrokenSweep,
    ::testing::Values(
        BrokenFile{"empty_list", kRangeKey, "[]",
                   "sweep.yaml:9:15: axes.0.widths.g: got an empty list, allowed one or more values"},
        BrokenFile{"scalar", kRangeKey, "6",
                   "sweep.yaml:9:15: axes.0.widths.g: got 6, allowed a list of values, {range: [FIRST, LAST, STEP]} or "
                   "{log_range: [FIRST, LAST, FACTOR]}"},
        BrokenFile{
            "other_map", kRangeKey, "{span: [6, 8]}",
            "sweep.yaml:9:16: axes.0.widths.g: got the key span, allowed a list of values, {range: [FIRST, LAST, "
            "STEP]} or {log_range: [FIRST, LAST, FACTOR]}"},
        BrokenFile{"value_twice", kRangeKey, "[6, 7, 6]",
                   "sweep.yaml:9:22: axes.0.widths.g: got 6 a second time, allowed each value once"},
        BrokenFile{"one_number", kRangeKey, "{range: [6]}",
                   "sweep.yaml:9:23: axes.0.widths.g: got [6], allowed two or three decimal numbers in brackets"},
        BrokenFile{"four_numbers", kRangeKey, "{range: [6, 8, 1, 1]}",
                   "sweep.yaml:9:23: axes.0.widths.g: got [6, 8, 1, 1], allowed two or three decimal numbers in "
                   "brackets"},
        BrokenFile{"word", kRangeKey, "{range: [6, many]}",
                   "sweep.yaml:9:27: axes.0.widths.g: got many, allowed a decimal number of at most 15 digits"},
        BrokenFile{"exponent", kRangeKey, "{range: [6, 8e0]}",
                   "sweep.yaml:9:27: axes.0.widths.g: got 8e0, allowed a decimal number of at most 15 digits"},
        BrokenFile{"backwards", kRangeKey, "{range: [8, 6]}",
                   "sweep.yaml:9:23: axes.0.widths.g: got [8, 6], allowed a step that leads from the first number to "
                   "the last"},
        BrokenFile{
            "step_zero", kRangeKey, "{range: [6, 8, 0]}",
            "sweep.yaml:9:23: axes.0.widths.g: got [6, 8, 0], allowed a step that leads from the first number to "
            "the last"},
        BrokenFile{
            "step_misses", kRangeKey, "{range: [6, 9, 2]}",
            "sweep.yaml:9:23: axes.0.widths.g: got [6, 9, 2], allowed a step that leads from the first number to "
            "the last"},
        BrokenFile{"too_long", kRangeKey, "{range: [1, 100001]}",
                   "sweep.yaml:9:23: axes.0.widths.g: got [1, 100001], allowed at most 100000 values"},
        BrokenFile{
            "log_misses", kRangeKey, "{log_range: [2, 12]}",
            "sweep.yaml:9:27: axes.0.widths.g: got [2, 12], allowed a factor that leads from the first number to "
            "the last"},
        BrokenFile{"log_from_zero", kRangeKey, "{log_range: [0, 8]}",
                   "sweep.yaml:9:27: axes.0.widths.g: got [0, 8], allowed a first number greater than 0"},
        BrokenFile{"log_factor", kRangeKey, "{log_range: [1, 8, 1]}",
                   "sweep.yaml:9:27: axes.0.widths.g: got [1, 8, 1], allowed a factor 2..1000"},
        BrokenFile{"log_fraction", kRangeKey, "{log_range: [1, 8, 1.5]}",
                   "sweep.yaml:9:27: axes.0.widths.g: got [1, 8, 1.5], allowed a factor that is an integer"}),
    broken_name);

TEST_F(SweepFile, AMissingFileIsAFaultOfTheCommandLine)
{
    std::filesystem::remove("sweep.yaml");
    EXPECT_EQ(sweep_fault(), "sweep.yaml:1:1: sweep file: got no such file, allowed a readable file");
}

TEST_F(SweepFile, AKeyOfTheCommandLineMustNotBeVaried)
{
    EXPECT_EQ(sweep_fault({"widths.g=8"}), "--set widths.g: got a key that an axis varies, allowed one that none does");
    EXPECT_EQ(sweep_fault({"training.gamma=2", "seed=8"}),
              "--set seed: got a key that an axis varies, allowed one that none does");
    EXPECT_EQ(sweep_fault({"training.batch"}), "--set training.batch: got no key=value, allowed dotted.key=value");
}

}  // namespace
}  // namespace wagesim::config
