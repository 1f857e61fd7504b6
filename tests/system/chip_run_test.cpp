// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// simulate, verify and infer on the chip, as a user runs them. That the chip's tensors are right is tested elsewhere;
// here it is that the program reports, keeps and compares them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "ref/data/checkpoint.hpp"
#include "ref/data/npz.hpp"
#include "tests/system/compare_runs.hpp"
#include "tests/system/on_chip.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Simulate, TrainsAsTheReferenceDoes)
{
    const TinyRun tiny;
    const Json trained = json_of(tiny.run("train", on_chip({"--json", "--out", tiny / "train"})));
    const Json simulated = json_of(tiny.run("simulate", on_chip({"--json", "--out", tiny / "simulate"})));
    EXPECT_EQ(read_text(tiny / "train/weights.npz"), read_text(tiny / "simulate/weights.npz"));
    for (const char* key : {"steps", "final_test_error", "config_hash", "version"}) {
        EXPECT_EQ(simulated.at(key), trained.at(key)) << key;
    }
    EXPECT_EQ(without_times(simulated).at("epochs"), without_times(trained).at("epochs"));
}

TEST(Simulate, ReportsEveryFigureOfTheInterface)
{
    const TinyRun tiny;
    const Json result = json_of(tiny.run("simulate", on_chip({"--json"})));
    for (const char* phase : {"chip", "evaluation"}) {
        const Json& figures = result.at(phase);
        for (const char* key : {"cycles", "seconds", "images_per_second", "macs", "operations", "energy_j", "energy_by",
                                "power_w", "tops", "tops_per_w", "area_mm2", "area_by", "layers", "waits_cycles",
                                "utilisation", "traffic_bytes", "cell_writes", "bottleneck"}) {
            EXPECT_TRUE(figures.contains(key)) << phase << "." << key;
        }
        double energy = 0.0;
        for (const auto& [component, phases] : figures.at("energy_by").items()) {
            for (const auto& [name, joules] : phases.items()) energy += joules.get<double>();
        }
        EXPECT_GT(energy, 0.0);
        EXPECT_NEAR(figures.at("energy_j"), energy, 1e-12 * energy);
        double area = 0.0;
        for (const auto& [component, mm2] : figures.at("area_by").items()) area += mm2.get<double>();
        EXPECT_NEAR(figures.at("area_mm2"), area, 1e-12 * area);
        const double watts = energy / figures.at("seconds").get<double>();
        EXPECT_NEAR(figures.at("power_w").at("average"), watts, 1e-12 * watts);
        EXPECT_GE(figures.at("power_w").at("peak"), figures.at("power_w").at("average"));
        const double operations = figures.at("operations");
        EXPECT_NEAR(figures.at("tops_per_w"), operations * 1e-12 / energy, 1e-9);
        double layers = 0.0;
        for (const auto& layer : figures.at("layers")) layers += layer.at("energy_j").get<double>();
        double leakage = 0.0;
        for (const auto& [component, phases] : figures.at("energy_by").items())
            leakage += phases.at("leakage").get<double>();
        EXPECT_NEAR(layers, energy - leakage, 1e-12 * energy);
        for (const char* memory : {"dram", "buffer"}) {
            for (const char* stream : {"activations", "errors", "gradients", "weights"}) {
                EXPECT_TRUE(figures.at("traffic_bytes").at(memory).at(stream).is_number_unsigned());
            }
        }
        for (const auto& unit : figures.at("utilisation").items()) {
            EXPECT_GE(unit.value().get<double>(), 0.0) << unit.key();
            EXPECT_LE(unit.value().get<double>(), 1.0) << unit.key();
        }
        for (const char* name : {"partitions0", "gradient", "quantize_update", "buffer", "dram"}) {
            EXPECT_TRUE(figures.at("utilisation").contains(name)) << name;
        }
        for (const auto& unit : figures.at("waits_cycles").items()) {
            EXPECT_TRUE(figures.at("utilisation").contains(unit.key())) << unit.key();
            for (const char* direction : {"forward", "backward", "other"}) {
                EXPECT_TRUE(unit.value().contains(direction)) << unit.key();
            }
        }
        EXPECT_GT(figures.at("cycles"), 0);
        EXPECT_EQ(figures.at("seconds").get<double>(), figures.at("cycles").get<double>() / 0.5e9);
    }
    // By hand: convolution 36 positions x 9 x 4, dense 36 x 10; 36 steps of 8 images; 3 x 30 test images.
    constexpr int kForward = 36 * 9 * 4 + 36 * 10;
    const Json& macs = result.at("chip").at("macs");
    EXPECT_EQ(macs.at("forward"), 36 * 8 * kForward);
    EXPECT_EQ(macs.at("gradient"), 36 * 8 * kForward);
    EXPECT_EQ(macs.at("backward"), 36 * 8 * 36 * 10);
    EXPECT_EQ(result.at("chip").at("operations"), 2 * 36 * 8 * (2 * kForward + 36 * 10));
    const Json& evaluated = result.at("evaluation").at("macs");
    EXPECT_EQ(evaluated.at("forward"), 3 * 30 * kForward);
    EXPECT_EQ(evaluated.at("backward"), 0);
    EXPECT_EQ(evaluated.at("gradient"), 0);
    EXPECT_EQ(result.at("chip").at("layers").size(), 2U);
    // 9 lines forward: 2 x 9 + 1 levels; 36 lines: 73; backward 10 lines of single cells: 11.
    EXPECT_EQ(result.at("chip").at("layers").at(0).at("exact_adc_bits"), (Json{{"forward", 5}, {"backward", nullptr}}));
    EXPECT_EQ(result.at("chip").at("layers").at(1).at("exact_adc_bits"), (Json{{"forward", 7}, {"backward", 4}}));
    const Json& writes = result.at("chip").at("cell_writes");
    EXPECT_EQ(writes.at("cells"), 2 * (9 * 4 + 36 * 10));
    EXPECT_GT(writes.at("max_per_cell"), 0);
    EXPECT_TRUE(writes.at("endurance").is_null()) << "digital-45nm names none";
    EXPECT_TRUE(writes.at("lifetime_steps").at("first_cell").is_null());
    EXPECT_TRUE(result.at("evaluation").at("cell_writes").at("max_per_cell").is_null());
    EXPECT_EQ(result.at("chip").at("layers").at(0).at("macs"), 2 * 36 * 8 * 36 * 9 * 4);
}

const std::string kResistive = "chip.technology=" WAGESIM_SOURCE_DIR "/configs/technologies/rram-22nm.yaml";

TEST(Simulate, SaysHowLongCellsLast)
{
    const TinyRun tiny;
    const Json writes = json_of(tiny.run("simulate", on_chip({"--json", "--set", kResistive})))["chip"]["cell_writes"];
    const double most = writes.at("max_per_cell"), mean = writes.at("mean_per_cell");
    EXPECT_EQ(writes.at("endurance"), 1000000);
    EXPECT_GT(mean, 0.0);
    EXPECT_GT(most, mean);
    EXPECT_DOUBLE_EQ(writes.at("lifetime_steps").at("first_cell"), 1e6 * 36 / most);
    EXPECT_DOUBLE_EQ(writes.at("lifetime_steps").at("mean_cell"), 1e6 * 36 / mean);
    // Without data there is no most worn cell; pulses are the activity's, at most one of each kind for each cell and
    // step.
    const Json timed = json_of(tiny.run(
        "simulate", on_chip({"--json", "--set", kResistive, "--set", "chip.fidelity=timing"})))["chip"]["cell_writes"];
    EXPECT_TRUE(timed.at("max_per_cell").is_null());
    EXPECT_TRUE(timed.at("lifetime_steps").at("first_cell").is_null());
    EXPECT_TRUE(timed.at("total").is_null());
    EXPECT_EQ(timed.at("cells"), writes.at("cells"));
    EXPECT_GT(timed.at("mean_per_cell"), mean);
}

TEST(Simulate, PrintsTablesNoWiderThanATerminal)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("simulate", on_chip({"--set", kResistive}));
    EXPECT_THAT(result.out, HasSubstr("lifetime at 1e+06 pulses: "));
    EXPECT_THAT(result.out, HasSubstr(" to the first worn cell"));
    EXPECT_THAT(result.out, HasSubstr("converters of 9 bits; exact: 7 forward, 4 backward, layer 1 first"));
    ASSERT_EQ(result.status, 0) << result.err;
    for (const char* text :
         {"cycles", "images/s", "utilisation", "waits", "traffic", "quantize_update", "evaluation"}) {
        EXPECT_THAT(result.out, HasSubstr(text));
    }
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Simulate, PrintsLongNumbersInTablesNoWiderThanATerminal)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("simulate", on_chip({"--quiet", "--steps", "1", "--out", tiny / "run"})).status, 0);
    const std::string file = tiny / "run/checkpoint.npz";
    const std::string hash = NpzReader(file).read("config_hash").text();
    Checkpoint checkpoint = load_checkpoint(file, {{{4, 1, 3, 3}, {10, 36}}, 32767}, hash);
    for (auto& [name, counter] : checkpoint.counters) {
        if (name.rfind("run.", 0) != 0) counter = std::numeric_limits<std::uint64_t>::max() / 8;
    }
    save_checkpoint(file, checkpoint);
    const CommandResult result = tiny.run("simulate", on_chip({"--steps", "1", "--out", tiny / "run", "--resume"}));
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("2.305843e+18"));
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Simulate, NamesAMemoryThatLimitsTheChip)
{
    const TinyRun tiny;
    // A byte a cycle in front of units that take many.
    const Json slow = json_of(tiny.run(
        "simulate", on_chip({"--json", "--steps", "1", "--set", "chip.dram.bytes_per_cycle=1", "--set",
                             "chip.buffer.bytes_per_cycle=1", "--set", "chip.interconnect.bytes_per_cycle=64"})));
    const Json& figures = slow.at("chip");
    const auto busiest = [](const Json& utilisation) {
        std::pair<std::string, double> most;
        for (const auto& one : utilisation.items()) {
            if (one.value().get<double>() > most.second) most = {one.key(), one.value().get<double>()};
        }
        return most.first;
    };
    EXPECT_EQ(busiest(figures.at("utilisation")), "buffer") << figures.at("utilisation");
    EXPECT_THAT(figures.at("bottleneck").get<std::string>(), ::testing::StartsWith("buffer is busy in "));
    EXPECT_THAT(figures.at("bottleneck").get<std::string>(),
                ::testing::EndsWith(": a wider buffer port (buffer.bytes_per_cycle) would relieve it"));
    // Every byte takes a cycle of its port.
    for (const char* memory : {"buffer", "dram"}) {
        std::uint64_t bytes = 0;
        for (const Json& stream : figures.at("traffic_bytes").at(memory)) bytes += stream.get<std::uint64_t>();
        EXPECT_DOUBLE_EQ(figures.at("utilisation").at(memory).get<double>(),
                         static_cast<double>(bytes) / figures.at("cycles").get<double>());
    }
}

TEST(Simulate, ResumedCountsTheSameCyclesAndWrites)
{
    const TinyRun tiny;
    const auto run = [&](const std::string& out, const std::vector<std::string>& more) {
        std::vector<std::string> all = {"--json", "--out", tiny / out};
        all.insert(all.end(), more.begin(), more.end());
        return without_times(json_of(tiny.run("simulate", on_chip(all))));
    };
    const Json whole = run("whole", {});
    run("parts", {"--steps", "7"});
    run("parts", {"--steps", "25", "--resume"});
    EXPECT_EQ(run("parts", {"--resume"}), whole);
    EXPECT_EQ(read_text(tiny / "parts/weights.npz"), read_text(tiny / "whole/weights.npz"));
}

TEST(Simulate, InterruptedGoesOnToTheSameResult)
{
    const TinyRun tiny;
    std::vector<std::string> arguments =
        on_chip({"--quiet", "--out", tiny / "stopped", "--set", "training.epochs=12", "--set", "data.count=800"});
    RunningCommand run(wagesim_arguments(tiny.arguments("simulate", arguments)), wagesim_environment());
    ASSERT_TRUE(run.wait_for_file(tiny / "stopped/epochs.csv"));
    run.send_signal(SIGTERM);
    const CommandResult stopped = run.wait();
    ASSERT_EQ(stopped.status, 4) << stopped.err;
    arguments.emplace_back("--resume");
    ASSERT_EQ(tiny.run("simulate", arguments).status, 0);

    arguments.pop_back();
    arguments[arguments.size() - 5] = tiny / "whole";
    ASSERT_EQ(tiny.run("simulate", arguments).status, 0);
    EXPECT_EQ(read_text(tiny / "stopped/weights.npz"), read_text(tiny / "whole/weights.npz"));
    const auto result = [&](const char* out) { return without_times(Json::parse(read_text(tiny / out))); };
    EXPECT_EQ(result("stopped/result.json"), result("whole/result.json"));
}

TEST(Simulate, DoesNotGoOnWithATrainingOfTheReference)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", on_chip({"--quiet", "--out", tiny / "run"})).status, 0);
    const CommandResult result = tiny.run("simulate", on_chip({"--quiet", "--out", tiny / "run", "--resume"}));
    EXPECT_EQ(result.status, 3);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
}

TEST(Simulate, DumpsWhatTheReferenceDumps)
{
    const TinyRun tiny;
    json_of(tiny.run("train", {"--json", "--steps", "2", "--dump", tiny / "train.npz"}));
    json_of(tiny.run("simulate", on_chip({"--json", "--steps", "2", "--dump", tiny / "chip.npz"})));
    const NpzReader expected(tiny / "train.npz");
    const NpzReader got(tiny / "chip.npz");
    EXPECT_THAT(got.names(), ::testing::UnorderedElementsAreArray(expected.names()));
    for (const std::string& name : expected.names()) {
        EXPECT_EQ(got.header(name).shape, expected.header(name).shape) << name;
        if (name.find("loss") != std::string::npos) {
            EXPECT_EQ(got.read(name).values<double>(), expected.read(name).values<double>()) << name;
        } else {
            EXPECT_EQ(got.read(name).values<std::int64_t>(), expected.read(name).values<std::int64_t>()) << name;
        }
    }
}

TEST(Simulate, InjectedBitChangesTheTraining)
{
    const TinyRun tiny;
    const auto stored = [&](const std::vector<std::string>& more) {
        std::vector<std::string> all = {"--quiet", "--steps", "1", "--dump", tiny / "dump.npz"};
        all.insert(all.end(), more.begin(), more.end());
        EXPECT_EQ(tiny.run("simulate", on_chip(all)).status, 0);
        return NpzReader(tiny / "dump.npz").read("step0/layer1/weight_stored_next").values<int>();
    };
    std::vector<int> expected = stored({});
    expected.at(12) ^= 1;
    EXPECT_EQ(stored({"--inject", "0:1:weight_stored_next:12:0"}), expected);
}

TEST(Simulate, FaultThatTheChipRefusesIsReported)
{
    const TinyRun tiny;
    // 64 is no weight code of two bits: the crossbar cannot be programmed with it.
    const std::vector<std::string> inject = {"--steps", "1", "--inject", "0:0:weight_q:0:6", "--out", tiny / "run"};
    const CommandResult result = tiny.run("simulate", on_chip(inject));
    EXPECT_EQ(result.status, 1);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("the chip refused the faulted 0:0:weight_q:0:6: crossbar"));
    EXPECT_FALSE(fs::exists(tiny / "run/result.json"));
    EXPECT_FALSE(fs::exists(tiny / "run/weights.npz"));
}

class Quantizer : public ::testing::TestWithParam<const char*> {};

TEST_P(Quantizer, VerifiesAndCountsWhatItCompared)
{
    const TinyRun tiny;
    const Json result = json_of(
        tiny.run("verify", on_chip({"--json", "--steps", "2", "--set", std::string("chip.quantizer=") + GetParam()})));
    // Two steps of the 38 tensors that the dump test lists, and the weights of both layers read back at the end.
    EXPECT_EQ(result.at("tensors_compared"), 2 * 38 + 2);
    EXPECT_GT(result.at("elements_compared"), 10000);
    EXPECT_EQ(result.at("differences"), 0);
    EXPECT_TRUE(result.at("first_difference").is_null());
    EXPECT_GT(result.at("chip").at("cycles"), 0);
}

INSTANTIATE_TEST_SUITE_P(All, Quantizer, ::testing::Values("tlm", "rtl", "lockstep"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Verify, ComparesPredictionsWhereAnEpochEnds)
{
    const TinyRun tiny;
    const Json part = json_of(tiny.run("verify", on_chip({"--json", "--steps", "11"})));
    EXPECT_TRUE(part.at("final_test_error").is_null());
    const Json epoch = json_of(tiny.run("verify", on_chip({"--json", "--steps", "12"})));
    EXPECT_EQ(epoch.at("final_test_error"), epoch.at("epochs").at(0).at("test_error"));
    // One step more, and four batches of test images.
    EXPECT_EQ(epoch.at("tensors_compared").get<int>() - part.at("tensors_compared").get<int>(), 38 + 4);
    EXPECT_GT(epoch.at("evaluation").at("cycles"), 0);
}

TEST(Verify, ComparesFewerStepsAndStillTheLastWeights)
{
    const TinyRun tiny;
    const Json result = json_of(tiny.run("verify", on_chip({"--json", "--steps", "5", "--compare-steps", "2"})));
    EXPECT_EQ(result.at("steps"), 5);
    EXPECT_EQ(result.at("tensors_compared"), 2 * 38 + 2);
    const Json none = json_of(tiny.run("verify", on_chip({"--json", "--steps", "5", "--compare-steps", "0"})));
    EXPECT_EQ(none.at("tensors_compared"), 2);
}

TEST(Verify, ResumedComparesWhatAWholeRunDoes)
{
    const TinyRun tiny;
    const Json whole = json_of(tiny.run("verify", on_chip({"--json", "--compare-steps", "5"})));
    json_of(tiny.run("verify", on_chip({"--json", "--compare-steps", "5", "--out", tiny / "run", "--steps", "3"})));
    const Json resumed =
        json_of(tiny.run("verify", on_chip({"--json", "--compare-steps", "5", "--out", tiny / "run", "--resume"})));
    // Each session reads the weights back at its own end; nothing else is compared twice or left out.
    EXPECT_EQ(resumed.at("tensors_compared"), whole.at("tensors_compared").get<int>() + 2);
    EXPECT_EQ(resumed.at("chip"), whole.at("chip"));
    EXPECT_EQ(resumed.at("evaluation"), whole.at("evaluation"));
}

TEST(Verify, StopsAtTheFirstDifferenceAndNamesIt)
{
    const TinyRun tiny;
    const CommandResult result =
        tiny.run("verify", on_chip({"--json", "--inject", "1:0:error_q:17:1", "--out", tiny / "run"}));
    const Json json = json_of(result, 1);
    EXPECT_EQ(json.at("steps"), 2);
    EXPECT_GE(json.at("differences"), 1);
    EXPECT_GT(json.at("tensors_compared"), 38);
    const Json& first = json.at("first_difference");
    EXPECT_EQ(first.at("step"), 1);
    EXPECT_EQ(first.at("layer"), 0);
    EXPECT_EQ(first.at("tensor"), "error_q");
    EXPECT_EQ(first.at("index"), 17);
    EXPECT_EQ(first.at("coordinates"), (std::vector<int>{0, 1, 2, 2}));
    EXPECT_EQ(first.at("got").get<int>() ^ first.at("expected").get<int>(), 2);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("step 1, layer 0, error_q [0, 1, 2, 2]: expected"));
    EXPECT_FALSE(fs::exists(tiny / "run/weights.npz"));
    EXPECT_EQ(Json::parse(read_text(tiny / "run/result.json")), json);
}

TEST(Verify, ToleratedDeviationIsMeasured)
{
    const TinyRun tiny;
    const Json json = json_of(
        tiny.run("verify", on_chip({"--json", "--steps", "3", "--tolerate", "deviation", "--inject", "1:1:acc:9:4"})));
    EXPECT_EQ(json.at("steps"), 3);
    EXPECT_GE(json.at("differences"), 1);
    EXPECT_EQ(json.at("first_difference").at("tensor"), "acc");
    EXPECT_EQ(json.at("deviations").at("acc").at("max_deviation"), 16.0);
    EXPECT_EQ(json.at("tensors_compared"), 3 * 38 + 2);
}

TEST(Verify, DoesNotGoOnWithToleratedDifferences)
{
    const TinyRun tiny;
    const std::vector<std::string> tolerant = on_chip(
        {"--quiet", "--steps", "3", "--out", tiny / "run", "--tolerate", "deviation", "--inject", "1:1:acc:9:4"});
    ASSERT_EQ(tiny.run("verify", tolerant).status, 0);
    std::vector<std::string> resumed = tolerant;
    resumed.emplace_back("--resume");
    EXPECT_EQ(tiny.run("verify", resumed).status, 2);
    const CommandResult strict = tiny.run("verify", on_chip({"--quiet", "--out", tiny / "run", "--resume"}));
    EXPECT_EQ(strict.status, 3);
    EXPECT_THAT(strict.err, HasSubstr("tolerated differences"));
}

TEST(Infer, OnTheChipFindsWhatTheReferenceFinds)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    const std::vector<std::string> weights = {"--json", "--weights", tiny / "run/weights.npz"};
    const Json reference = json_of(tiny.run("infer", on_chip(weights)));
    std::vector<std::string> on_engine = on_chip(weights);
    on_engine.insert(on_engine.end(), {"--engine", "chip", "--out", tiny / "infer"});
    const Json chip = json_of(tiny.run("infer", on_engine));
    EXPECT_EQ(chip.at("correct"), reference.at("correct"));
    EXPECT_EQ(chip.at("test_error"), reference.at("test_error"));
    EXPECT_EQ(chip.at("chip").at("macs").at("forward"), 30 * (36 * 9 * 4 + 36 * 10));
    EXPECT_FALSE(reference.contains("chip"));
    EXPECT_EQ(Json::parse(read_text(tiny / "infer/result.json")), chip);

    const CommandResult none = tiny.run("infer", {"--engine", "chip", "--weights", tiny / "run/weights.npz"});
    EXPECT_EQ(none.status, 2);
    EXPECT_EQ(none.error_lines().size(), 1U);
}

TEST(Simulate, PeakPowerIsNeverBelowTheAverage)
{
    const TinyRun tiny;  // programs of less than a window's cycles
    for (const char* fidelity : {"functional", "timing"}) {
        const Json result =
            json_of(tiny.run("simulate", on_chip({"--json", "--set", std::string("chip.fidelity=") + fidelity, "--set",
                                                  "training.batch=1", "--steps", "2"})));
        for (const char* phase : {"chip", "evaluation"}) {
            const Json& power = result.at(phase).at("power_w");
            EXPECT_GE(power.at("peak").get<double>(), power.at("average").get<double>()) << fidelity << " " << phase;
        }
    }
}

/// Commands of no length: what a register held has to be shown before the next command clears it.
TEST(Verify, SeesRegistersOfCommandsThatTakeNoCyclesToIssue)
{
    const TinyRun tiny;
    const std::string network =
        "network={name: n, input: {channels: 1, height: 8, width: 8}, layers: [{conv: {filters: 4, kernel: 3, pool: "
        "2}}, "
        "{conv: {filters: 4, kernel: 3}}, {dense: {units: 12}}, {dense: {units: 10}}]}";
    for (const char* kib : {"1", "8", "2048"}) {
        const Json result =
            json_of(tiny.run("verify", {"--json", "--steps", "4", "--set", small_chip(), "--set", network, "--set",
                                        "chip.schedule=pipelined", "--set", "chip.sequencer.command_cycles=0", "--set",
                                        "training.batch=1", "--set", std::string("chip.buffer.kib=") + kib}));
        EXPECT_EQ(result.at("differences"), 0) << kib;
    }
}

TEST(Verify, OfPulsesAndExactConversionsFindsNothing)
{
    const TinyRun tiny;
    const Json exact = json_of(tiny.run("verify", on_chip({"--json", "--set", "chip.fidelity=bit_serial"})));
    EXPECT_EQ(exact.at("differences"), 0);
    const CommandResult narrow = tiny.run("verify", on_chip({"--json", "--set", "chip.fidelity=bit_serial", "--set",
                                                             "chip.crossbar.adc_bits=2", "--tolerate", "deviation"}));
    EXPECT_EQ(narrow.status, 0);
    EXPECT_GT(json_of(narrow).at("differences"), 0);
}

TEST(Chip, ThatCannotRunTheNetworkIsRefused)
{
    const TinyRun tiny;
    for (const char* fault : {"chip.lanes=5", "chip.crossbar.adc_bits=0", "chip.fidelity=exact",
                              "chip.partitions.count=0", "chip.quantizer=fpga", "chip.gradient.accumulator_bits=4"}) {
        for (const char* command : {"simulate", "verify"}) {
            const CommandResult result = tiny.run(command, on_chip({"--quiet", "--set", fault, "--out", tiny / "out"}));
            EXPECT_EQ(result.status, 2) << fault;
            EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
            EXPECT_FALSE(fs::exists(tiny / "out"));
        }
    }
}

}  // namespace
}  // namespace wagesim::test
