// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole runs on devices that are not ideal: what deviates is measured, training goes on through it, and a resumed run
// is the uninterrupted one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/compare_runs.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

using ::testing::HasSubstr;
using DeviceJson = nlohmann::json;
using Words = std::vector<std::string>;

/// The run file with the small chip, pulse by pulse; `device` are keys of chip.device.
Words on_devices(const Words& device, const Words& more)
{
    Words all = {"--set", small_chip(), "--set", "chip.lanes=16", "--set", "chip.fidelity=bit_serial"};
    for (const std::string& key : device) all.insert(all.end(), {"--set", "chip.device." + key});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

const Words& all_effects()
{
    static const Words keys = {"program_sigma=0.05",   "set_step=0.9",          "reset_step=0.8",
                               "write_failure=0.01",   "write_pulses=3",        "write_tolerance=0.05",
                               "stuck_at_0=0.005",     "stuck_at_1=0.002",      "drift_exponent=0.02",
                               "drift_sigma=0.005",    "drift_start_cycles=50", "read_sigma=0.3",
                               "adc_offset_sigma=0.2", "adc_gain_sigma=0.01",   "wire_resistance=1e-5"};
    return keys;
}

DeviceJson result_of(const CommandResult& result, int status = 0)
{
    EXPECT_EQ(result.status, status) << result.err;
    return DeviceJson::parse(result.out);
}

TEST(Devices, ThatAreIdealChangeNothing)
{
    const TinyRun tiny;
    const DeviceJson verified = result_of(tiny.run("verify", on_devices({"seed=9"}, {"--json", "--steps", "3"})));
    EXPECT_EQ(verified.at("differences"), 0);
}

TEST(Devices, DeviationIsMeasuredByTensorAndLayer)
{
    const TinyRun tiny;
    const DeviceJson json =
        result_of(tiny.run("verify", on_devices(all_effects(), {"--json", "--steps", "3", "--tolerate", "deviation"})));
    EXPECT_EQ(json.at("steps"), 3);
    EXPECT_GT(json.at("differences"), 0);
    const DeviceJson& acc = json.at("deviations").at("acc");
    EXPECT_EQ(acc.at("elements"), 3 * 8 * (4 * 36 + 10));
    EXPECT_GT(acc.at("differences"), 0);
    EXPECT_GT(acc.at("mean_deviation"), 0.0);
    EXPECT_GE(acc.at("max_deviation"), acc.at("mean_deviation"));
    EXPECT_NEAR(acc.at("relative_deviation"),
                acc.at("mean_deviation").get<double>() / acc.at("largest_expected").get<double>(), 1e-12);
    const DeviceJson& layers = acc.at("layers");
    ASSERT_EQ(layers.size(), 2U);
    EXPECT_EQ(layers.at("0").at("elements"), 3 * 8 * 4 * 36);
    EXPECT_EQ(layers.at("0").at("differences").get<int>() + layers.at("1").at("differences").get<int>(),
              acc.at("differences"));
    // What never passes a crossbar is as it was in the first step.
    const DeviceJson first =
        result_of(tiny.run("verify", on_devices(all_effects(), {"--json", "--steps", "1", "--tolerate", "deviation"})));
    EXPECT_EQ(first.at("deviations").at("input").at("layers").at("0").at("differences"), 0);
    EXPECT_EQ(first.at("deviations").at("weight_q").at("differences"), 0);
    EXPECT_GT(first.at("deviations").at("error_out").at("differences"), 0);

    const CommandResult text =
        tiny.run("verify", on_devices(all_effects(), {"--steps", "1", "--tolerate", "deviation"}));
    EXPECT_EQ(text.status, 0);
    EXPECT_THAT(text.out, HasSubstr("mean/range"));
}

TEST(Devices, EveryEffectDeviatesByItself)
{
    const TinyRun tiny;
    for (const std::string key : {"program_sigma=0.2", "set_step=0.5", "reset_step=0.5", "write_failure=0.3",
                                  "stuck_at_0=0.2", "stuck_at_1=0.2", "drift_exponent=0.2", "drift_sigma=0.3",
                                  "read_sigma=1", "adc_offset_sigma=3", "adc_gain_sigma=0.3", "wire_resistance=1e-3"}) {
        const DeviceJson json =
            result_of(tiny.run("verify", on_devices({key, "drift_start_cycles=10"},
                                                    {"--json", "--steps", "6", "--tolerate", "deviation"})));
        EXPECT_GT(json.at("differences"), 0) << key;
    }
}

TEST(Devices, WithoutToleranceADifferenceIsAFailure)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("verify", on_devices({"read_sigma=1"}, {"--quiet", "--steps", "2"}));
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("step 0, layer 0, acc"));
}

TEST(Devices, NeedPulsesAndConversions)
{
    const TinyRun tiny;
    for (const char* fidelity : {"functional", "timing"}) {
        Words words = on_devices({"read_sigma=1"}, {"--quiet"});
        words.insert(words.end(), {"--set", std::string("chip.fidelity=") + fidelity});
        const CommandResult result = tiny.run("simulate", words);
        EXPECT_EQ(result.status, 2);
        ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
        EXPECT_THAT(result.err, HasSubstr("device.read_sigma: got an effect with fidelity"));
    }
}

TEST(Devices, TrainAndShowTheirAccuracyWhateverTheThreads)
{
    const TinyRun tiny;
    const DeviceJson one =
        result_of(tiny.run("simulate", on_devices(all_effects(), {"--json", "--out", tiny / "one"})));
    EXPECT_FALSE(one.at("final_test_error").is_null());
    const DeviceJson three = result_of(
        tiny.run("simulate", on_devices(all_effects(), {"--json", "--out", tiny / "three", "--threads", "3"})));
    expect_equal_runs(tiny / "three", tiny / "one");
    EXPECT_EQ(three.at("chip"), one.at("chip"));
    const DeviceJson ideal = result_of(tiny.run("simulate", on_devices({}, {"--json", "--out", tiny / "ideal"})));
    EXPECT_NE(read_text(tiny / "ideal/weights.npz"), read_text(tiny / "one/weights.npz"));
    EXPECT_GT(one.at("chip").at("cycles"), ideal.at("chip").at("cycles")) << "time for three pulses a row";
    const DeviceJson other = result_of(tiny.run("simulate", on_devices({"read_sigma=0.3", "seed=2"}, {"--json"})));
    const DeviceJson same = result_of(tiny.run("simulate", on_devices({"read_sigma=0.3", "seed=1"}, {"--json"})));
    EXPECT_NE(other.at("epochs"), same.at("epochs"));
}

TEST(Devices, ChunksDoNotShow)
{
    // Without drift, whose clock they move.
    const TinyRun tiny;
    const Words keys = {"program_sigma=0.05", "read_sigma=0.5", "stuck_at_0=0.01"};
    const Words steps = {"--quiet", "--steps", "8"};
    for (const std::string chunk : {"1", "3", "8"}) {
        Words words = on_devices(keys, steps);
        words.insert(words.end(), {"--set", "chip.sequencer.chunk_samples=" + chunk, "--out", tiny / chunk});
        ASSERT_EQ(tiny.run("simulate", words).status, 0);
        EXPECT_EQ(epochs_without_speed(tiny / chunk + "/epochs.csv"), epochs_without_speed(tiny / "1/epochs.csv"));
    }
}

/// A chip that holds all layers, and one that takes them in turns.
class ResumedDevices : public ::testing::TestWithParam<const char*> {};

TEST_P(ResumedDevices, AreThoseOfAWholeRun)
{
    const TinyRun tiny;
    const std::string chip = GetParam();
    const auto simulate = [&](const std::string& out, const Words& more) {
        Words words = on_devices(all_effects(), {"--quiet", "--set", chip, "--out", tiny / out});
        words.insert(words.end(), more.begin(), more.end());
        return tiny.run("simulate", words).status;
    };
    ASSERT_EQ(simulate("whole", {}), 0);
    for (const char* steps : {"5", "12", "20"}) ASSERT_EQ(simulate("parts", {"--resume", "--steps", steps}), 0);
    ASSERT_EQ(simulate("parts", {"--resume"}), 0);
    expect_equal_runs(tiny / "parts", tiny / "whole");
    const DeviceJson parts = DeviceJson::parse(read_text(tiny / "parts/result.json"));
    const DeviceJson whole = DeviceJson::parse(read_text(tiny / "whole/result.json"));
    EXPECT_EQ(parts.at("chip").at("energy_by"), whole.at("chip").at("energy_by")) << "pulses are counted alike";
    EXPECT_EQ(parts.at("evaluation").at("energy_by"), whole.at("evaluation").at("energy_by"));
}

std::string resumed_name(const ::testing::TestParamInfo<const char*>& one)
{
    static const std::vector<std::string> names = {"resident", "in_turns", "copied", "dedicated"};
    return names[one.index];
}

INSTANTIATE_TEST_SUITE_P(Chips, ResumedDevices,
                         ::testing::Values("chip.partitions={count: 8, arrays: 16}",
                                           "chip.partitions={count: 1, arrays: 1}",
                                           "chip.mapping={replication: given, copies: [2, 3]}",
                                           "chip.backward=dedicated"),
                         resumed_name);

TEST(Devices, CheckpointsWithoutTheirStateAreRefused)
{
    const TinyRun tiny;
    const Words run = {"--quiet", "--steps", "2", "--out", tiny / "run"};
    ASSERT_EQ(tiny.run("simulate", on_devices({"read_sigma=1"}, run)).status, 0);
    // Training with the reference makes a checkpoint of the same configuration, but none of a chip.
    const Words trained = {"--quiet", "--steps", "2", "--out", tiny / "train"};
    ASSERT_EQ(tiny.run("train", on_devices({"read_sigma=1"}, trained)).status, 0);
    const CommandResult result =
        tiny.run("simulate", on_devices({"read_sigma=1"}, {"--quiet", "--resume", "--out", tiny / "train"}));
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
}

}  // namespace
}  // namespace wagesim::test
