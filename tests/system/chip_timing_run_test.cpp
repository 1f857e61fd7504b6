// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// simulate without data (fidelity `timing`) beside runs that carry them: cycles, energies by recorded activity, rows
// left out, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/on_chip.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Simulate, WithoutDataTakesTheSameCycles)
{
    const TinyRun tiny;
    const Json full = json_of(tiny.run("simulate", on_chip({"--json"})));
    const Json timed = json_of(tiny.run("simulate", on_chip({"--json", "--set", "chip.fidelity=timing"})));
    EXPECT_EQ(timed.at("steps"), full.at("steps"));
    EXPECT_TRUE(timed.at("epochs").empty());
    EXPECT_TRUE(timed.at("final_test_error").is_null());
    EXPECT_LE(timed.at("steps_simulated"), 2);
    EXPECT_NE(timed.at("config_hash"), full.at("config_hash"));
    for (const char* phase : {"chip", "evaluation"}) {
        for (const char* key : {"cycles", "seconds", "images_per_second", "macs", "operations", "tops", "area_by",
                                "traffic_bytes", "utilisation", "waits_cycles"}) {
            EXPECT_EQ(timed.at(phase).at(key), full.at(phase).at(key)) << phase << "." << key;
        }
        EXPECT_GE(timed.at(phase).at("energy_j"), full.at(phase).at("energy_j")) << "upper bounds";
    }
}

TEST(Simulate, RecordedActivityGivesTheEnergyOfARunThatCarriesNone)
{
    const TinyRun tiny;
    const Json full = json_of(tiny.run("simulate", on_chip({"--json", "--record-activity", tiny / "activity.yaml"})));
    const Json timed = json_of(tiny.run("simulate", on_chip({"--json", "--set", "chip.fidelity=timing", "--set",
                                                             "chip.activity=" + (tiny / "activity.yaml")})));
    for (const char* phase : {"chip", "evaluation"}) {
        const double expected = full.at(phase).at("energy_j");
        // Each command's share is rounded to whole events.
        EXPECT_NEAR(timed.at(phase).at("energy_j").get<double>(), expected, 1e-3 * expected) << phase;
    }
    const CommandResult verified =
        tiny.run("verify", on_chip({"--quiet", "--record-activity", tiny / "verified.yaml"}));
    EXPECT_EQ(verified.status, 0);
    EXPECT_TRUE(fs::exists(tiny / "verified.yaml"));
}

TEST(Simulate, RowsLeftOutAreEstimatedWithoutData)
{
    const TinyRun tiny;
    const std::vector<std::string> skipping = {"--set", "chip.crossbar.skip_unchanged_rows=true", "--set",
                                               "chip.crossbar.write_cycles=1000"};
    const auto simulate = [&](std::vector<std::string> options) {
        options.insert(options.end(), skipping.begin(), skipping.end());
        return tiny.run("simulate", on_chip(options));
    };
    const Json full = json_of(simulate({"--json", "--record-activity", tiny / "activity.yaml"}));
    const Json timed = json_of(
        simulate({"--json", "--set", "chip.fidelity=timing", "--set", "chip.activity=" + (tiny / "activity.yaml")}));
    EXPECT_TRUE(timed.at("cycles_estimated"));
    const double expected = full.at("chip").at("cycles");
    EXPECT_NEAR(timed.at("chip").at("cycles").get<double>(), expected, 0.02 * expected);
    const CommandResult unknown = simulate({"--set", "chip.fidelity=timing"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("crossbar.skip_unchanged_rows: got true, allowed false with fidelity timing"));
    const CommandResult explained = simulate({"--explain", "partitions"});
    EXPECT_EQ(explained.status, 2);
    EXPECT_THAT(explained.err, HasSubstr("--explain: not with chip.crossbar.skip_unchanged_rows"));
}

TEST(Simulate, WithoutDataDoesNotGoOverACheckpoint)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("simulate", on_chip({"--quiet", "--out", tiny / "run"})).status, 0);
    const std::string before = read_text(tiny / "run/result.json");
    const CommandResult refused =
        tiny.run("simulate", on_chip({"--quiet", "--out", tiny / "run", "--resume", "--set", "chip.fidelity=timing"}));
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("checkpoint.npz: got a checkpoint, allowed none"));
    EXPECT_EQ(read_text(tiny / "run/result.json"), before);
}

TEST(Simulate, OneActivityServesChipsThatLeaveOutRowsAndOthers)
{
    const TinyRun tiny;
    const std::vector<std::string> skipping = {"--set", "chip.crossbar.skip_unchanged_rows=true"};
    const auto simulate = [&](std::vector<std::string> options, bool skips) {
        if (skips) options.insert(options.end(), skipping.begin(), skipping.end());
        return json_of(tiny.run("simulate", on_chip(options)));
    };
    for (const bool skips : {false, true}) {
        simulate({"--json", "--record-activity", tiny / (skips ? "with.yaml" : "without.yaml")}, skips);
    }
    EXPECT_EQ(read_text(tiny / "with.yaml"), read_text(tiny / "without.yaml"));
    const auto timed_cycles = [&](bool skips) -> std::uint64_t {
        return simulate(
            {"--json", "--set", "chip.fidelity=timing", "--set", "chip.activity=" + (tiny / "without.yaml")},
            skips)["chip"]["cycles"];
    };
    EXPECT_LT(timed_cycles(true), timed_cycles(false));
}

TEST(Simulate, WithoutDataRefusesWhatNeedsThem)
{
    const TinyRun tiny;
    const std::vector<std::vector<std::string>> refused = {
        {"--dump", tiny / "d.npz"},          {"--record", "--out", tiny / "out"},
        {"--inject", "0:0:acc:0:0"},         {"--record-activity", tiny / "a.yaml"},
        {"--weights", tiny / "w.npz"},       {"--set", "chip.quantizer=rtl"},
        {"--set", "chip.quantizer=lockstep"}};
    for (std::vector<std::string> options : refused) {
        options.insert(options.end(), {"--set", "chip.fidelity=timing"});
        const CommandResult result = tiny.run("simulate", on_chip(options));
        EXPECT_EQ(result.status, 2) << options.front();
        EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
        EXPECT_THAT(result.err, HasSubstr("timing"));
    }
    const CommandResult verified = tiny.run("verify", on_chip({"--set", "chip.fidelity=timing"}));
    EXPECT_EQ(verified.status, 2);
    EXPECT_THAT(verified.err, HasSubstr("fidelity: got timing, allowed functional or bit_serial"));
    EXPECT_FALSE(fs::exists(tiny / "out"));
}

}  // namespace
}  // namespace wagesim::test
