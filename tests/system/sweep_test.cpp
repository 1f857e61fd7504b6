// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep: what it computes, keeps and shows. What kills and signals do to it is in sweep_kill_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/system/tiny_sweep.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr const char* kShort = R"(name: short
base: tiny.yaml
command: train
axes:
  - training.gamma: [1, 2]
seeds: [1, 2]
objectives:
  final_test_error: min
)";

std::map<fs::path, fs::file_time_type> times_of(const std::vector<fs::path>& folders)
{
    std::map<fs::path, fs::file_time_type> times;
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::directory_iterator(folder)) times[entry.path()] = entry.last_write_time();
    }
    return times;
}

TEST(Sweep, PointsAreWhatTrainGives)
{
    const TinySweep sweep(kShort);
    const CommandResult result = sweep.run("run", "out", {"--jobs", "2"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out,
                StartsWith("short: 4 points (2 x 2), 4 of them to compute, 2 at a time with 1 thread each, about "));
    EXPECT_THAT(result.out, HasSubstr("4 done, 0 failed, 0 missing\n"));

    const Json collected = sweep.json("collect");
    ASSERT_EQ(collected.at("configurations").size(), 2U);
    for (const Json& configuration : collected.at("configurations")) {
        const std::string gamma = configuration.at("free").at("training.gamma");
        double sum = 0.0;
        for (const char* seed : {"1", "2"}) {
            const CommandResult train = wagesim(
                {"train", "-c", sweep / "tiny.yaml", "--json", "--seed", seed, "--set", "training.gamma=" + gamma});
            sum += Json::parse(train.out).at("final_test_error").get<double>();
        }
        EXPECT_DOUBLE_EQ(configuration.at("objectives").at("final_test_error").at("mean").get<double>(), sum / 2);
        EXPECT_EQ(configuration.at("done"), 2);
    }
}

TEST(Sweep, ARunEndedEarlyByHandIsGoneOnWith)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run", "whole").status, 0);
    for (const fs::path& point : sweep.runs("whole")) {
        const std::string folder = sweep / ("out/runs/" + point.filename().string());
        fs::create_directories(folder);
        ASSERT_EQ(wagesim({"train", "-c", (point / "config.yaml").string(), "--out", folder, "--steps", "5"}).status,
                  0);
        ASSERT_TRUE(fs::exists(folder + "/result.json"));
    }
    ASSERT_EQ(sweep.run("run", "out").status, 0);
    EXPECT_EQ(sweep.table("out"), sweep.table("whole"));
}

TEST(Sweep, ARunTakenFurtherByHandIsNotThePoints)
{
    const TinySweep sweep(std::string(kShort) + "steps: 5\n");
    ASSERT_EQ(sweep.run("run").status, 0);
    fs::remove(sweep / "out/sweep.sqlite");
    const fs::path folder = sweep.runs().front();
    ASSERT_EQ(wagesim({"train", "-c", (folder / "config.yaml").string(), "--out", folder.string(), "--resume",
                       "--steps", "6"})
                  .status,
              0);
    const CommandResult again = sweep.run("run");
    EXPECT_EQ(again.status, 3);
    EXPECT_THAT(again.out, HasSubstr("3 done, 1 failed, 0 missing\n"));
}

TEST(Sweep, WhatIsDoneIsNeverComputedAgain)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    const auto before = times_of(sweep.runs());
    ASSERT_GT(before.size(), 16U);
    const CommandResult again = sweep.run("run");
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr(" 0 of them to compute"));
    EXPECT_EQ(times_of(sweep.runs()), before);

    // Neither are points of a sweep that has grown.
    std::string grown = kShort;
    grown.replace(grown.find("[1, 2]\nseeds"), 6, "[2, 4]");
    sweep.write(grown);
    const Json tally = sweep.json("run");
    EXPECT_EQ(tally.at("computed"), 2);
    EXPECT_EQ(tally.at("done"), 4);
    const auto after = times_of(sweep.runs());
    for (const auto& [file, time] : before) EXPECT_EQ(after.at(file), time) << file;
}

TEST(Sweep, PointsThatMeanTheSameRunAreComputedOnce)
{
    const TinySweep sweep(R"(name: names
base: tiny.yaml
command: train
axes:
  - seed: [1, 2]
  - name: [one, another]
objectives: {final_test_error: min}
)");
    EXPECT_THAT(sweep.run("run", "said", {"--jobs", "1"}).out,
                AllOf(StartsWith("names: 4 points (2 x 2), 2 of them to compute, "), HasSubstr("[2/2] ")));
    const Json tally = Json::parse(sweep.run("run", "out", {"--json", "--jobs", "3"}).out);
    EXPECT_EQ(tally.at("done"), 4);
    EXPECT_EQ(tally.at("computed"), 2);
    EXPECT_EQ(sweep.runs().size(), 2U);
}

/// Only a worker can tell whether a run has ended where the point does: it goes on with it, by no step.
TEST(Sweep, ResultsThatNobodyWroteDownAreTakenFromTheirFolders)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    const std::string table = sweep.table("out");
    std::map<fs::path, std::string> epochs;  // with the speeds of the epochs, which no second training has
    for (const fs::path& folder : sweep.runs()) epochs[folder] = read_text(folder / "epochs.csv");
    for (const char* file : {"out/sweep.sqlite", "out/sweep.sqlite-wal", "out/sweep.sqlite-shm"})
        fs::remove(sweep / file);
    EXPECT_EQ(sweep.json("run").at("done"), 4);
    for (const auto& [folder, text] : epochs) EXPECT_EQ(read_text(folder / "epochs.csv"), text);
    EXPECT_EQ(sweep.table("out"), table);
}

TEST(Sweep, AFailingPointIsRecordedAndStopsNothing)
{
    const TinySweep sweep(R"(name: failing
base: tiny.yaml
command: train
set:
  data: {format: idx, train_images: images, train_labels: labels, test_images: images, test_labels: labels, range: unit}
axes:
  - training.batch: [20, 4, 30, 6]
objectives: {final_test_error: min}
)");
    write_bytes(sweep / "images", idx_images(12, 6, 6));
    write_bytes(sweep / "labels", idx_labels(12));
    const CommandResult result = sweep.run("run");
    EXPECT_EQ(result.status, 3);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("failing: 2 of 4 points failed"));
    const Json status = sweep.json("status");
    EXPECT_EQ(status.at("done"), 2);
    EXPECT_EQ(status.at("failed"), 2);
    ASSERT_EQ(status.at("failures").size(), 2U);
    EXPECT_EQ(status.at("failures").at(0).at("settings").at("training.batch"), "20");
    // At its place in the run file of the point.
    EXPECT_THAT(
        status.at("failures").at(0).at("error").get<std::string>(),
        ::testing::MatchesRegex(".*/config.yaml:[0-9]+:[0-9]+: training.batch: got 20, allowed 1..12, the number "
                                "of training images"));
    EXPECT_THAT(sweep.run("export").out,
                HasSubstr(": training.batch: got 30, allowed 1..12, the number of training images\"\n"));
    EXPECT_THAT(sweep.run("status").out, HasSubstr(": training.batch: got 30, allowed"));

    EXPECT_EQ(sweep.json("run").at("computed"), 0) << "a failure stays one";
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json", "--retry-failed"}).out).at("computed"), 2);
    const Json best = sweep.json("best").at("best").at(0);
    EXPECT_EQ(best.at("candidates"), 2);
    EXPECT_EQ(best.at("incomplete"), 2);
}

TEST(Sweep, NothingRunsWhereAPointIsIllegal)
{
    const TinySweep sweep(R"(name: illegal
base: tiny.yaml
command: train
axes:
  - training.gamma: [1, 2, 3]
objectives: {final_test_error: min}
)");
    const CommandResult result = sweep.run("run");
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err, sweep.file() + ":5:28: training.gamma: got 3, allowed a power of two 1..256\n");
    EXPECT_FALSE(fs::exists(sweep / "out"));
}

TEST(Sweep, SimulatedPointsHaveTheChipsFigures)
{
    const TinySweep sweep(
        "name: chips\nbase: tiny.yaml\ncommand: simulate\nsteps: 3\nset: {chip: " + std::string(WAGESIM_SOURCE_DIR) +
        "/configs/chips/small.yaml}\naxes:\n  - chip.gradient.macs_per_cycle: [16, 4096]\n"
        "objectives: {chip.cycles: min, final_test_error: min, chip.area_mm2: min}\n");
    ASSERT_EQ(sweep.run("run").status, 0);
    const Json best = sweep.json("best").at("best");
    ASSERT_EQ(best.size(), 3U);
    EXPECT_EQ(best.at(0).at("free").at("chip.gradient.macs_per_cycle"), "4096");
    EXPECT_EQ(best.at(2).at("free").at("chip.gradient.macs_per_cycle"), "16") << "fewer MACs are smaller";
    const Json rows = sweep.json("collect").at("configurations");
    EXPECT_GT(rows.at(0).at("objectives").at("chip.cycles").at("mean"),
              rows.at(1).at("objectives").at("chip.cycles").at("mean"));
    EXPECT_EQ(rows.at(0).at("objectives").at("final_test_error"), rows.at(1).at("objectives").at("final_test_error"));
}

TEST(Sweep, PointsMayCarryNoData)
{
    const TinySweep sweep(
        "name: chips\nbase: tiny.yaml\ncommand: simulate\nset: {chip: " + std::string(WAGESIM_SOURCE_DIR) +
        "/configs/chips/small.yaml, chip.fidelity: timing}\naxes:\n  - chip.lanes: [4, 16]\n"
        "objectives: {chip.cycles: min}\n");
    const CommandResult result = sweep.run("run");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(sweep.run("run").status, 0) << "nothing is left to do";
    const CommandResult again = wagesim({"simulate", "-c", sweep / "tiny.yaml", "--set", "chip.fidelity=timing",
                                         "--set", small_chip(), "--out", sweep / "new", "--resume", "--quiet"});
    EXPECT_EQ(again.status, 0) << again.err << "there is nothing to go on with, so it starts";
}

TEST(Sweep, ShowsWhatIsMissingBeforeTheFirstRun)
{
    const TinySweep sweep(kShort);
    EXPECT_EQ(sweep.run("status").status, 2) << "no folder";
    fs::create_directory(sweep / "out");
    EXPECT_EQ(sweep.run("status").out, "short: 4 points: 0 done, 0 running, 0 failed, 4 missing\n");
    EXPECT_THAT(sweep.run("collect").out, HasSubstr("0/2"));
    EXPECT_THAT(sweep.run("best").out, HasSubstr("none, no configuration has it at all its points"));
    EXPECT_FALSE(fs::exists(sweep / "out/sweep.sqlite")) << "looking creates nothing";
}

TEST(Sweep, ARunsFolderIsNoSweepsAndTheOtherWayRound)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    const TinyRun tiny;
    const CommandResult run = tiny.run("train", {"--quiet", "--out", sweep / "out"});
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "wagesim: --out: " + sweep / "out" + " holds a sweep, allowed a run's folder or a new one\n");
    EXPECT_FALSE(fs::exists(sweep / "out/checkpoint.npz"));
    fs::remove_all(sweep / "out");
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", sweep / "out"}).status, 0);
    for (const char* action : {"run", "status", "collect", "export", "best"}) {
        const CommandResult refused = sweep.run(action);
        EXPECT_EQ(refused.status, 2) << action;
        EXPECT_EQ(refused.error_lines().size(), 1U);
        EXPECT_THAT(refused.err, HasSubstr("holds a run (config.yaml)"));
    }
    EXPECT_FALSE(fs::exists(sweep / "out/runs"));
}

TEST(Sweep, ExportGoesToAFile)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    EXPECT_EQ(sweep.run("export", "out", {"-o", sweep / "table.csv"}).out, "");
    EXPECT_EQ(read_text(sweep / "table.csv"), sweep.run("export").out);
    EXPECT_EQ(sweep.run("export", "out", {"-o", sweep / "out"}).status, 2);
    EXPECT_EQ(sweep.run("export", "out", {"-o", sweep.file()}).status, 2);
}

TEST(Sweep, ExportDoesNotWriteOverWhatTheSweepReadsOrWrites)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    const std::string base = read_text(sweep / "tiny.yaml");
    for (const char* file : {"out/sweep.sqlite", "out/points.csv", "sweep.yaml", "tiny.yaml"}) {
        EXPECT_EQ(sweep.run("export", "out", {"-o", sweep / file}).status, 2) << file;
    }
    EXPECT_EQ(sweep.run("status").status, 0);
    EXPECT_EQ(read_text(sweep / "tiny.yaml"), base);
}

TEST(Sweep, SetChangesEveryPoint)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run", "out", {"--set", "training.epochs=1"}).status, 0);
    EXPECT_EQ(sweep.json("status").at("done"), 0) << "those are other runs";
    EXPECT_THAT(sweep.run("status", "out", {"--set", "training.epochs=1"}).out, HasSubstr("4 done"));
    const CommandResult varied = sweep.run("run", "out", {"--set", "seed=4"});
    EXPECT_EQ(varied.status, 2);
    EXPECT_EQ(varied.err, "--set seed: got a key that an axis varies, allowed one that none does\n");
}

TEST(Sweep, AnotherSweepsFolderIsRefused)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run").status, 0);
    sweep.write(std::string("name: other") + (kShort + std::string(kShort).find('\n')));
    for (const char* action : {"run", "status"}) {
        const CommandResult result = sweep.run(action);
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.err, HasSubstr("got the sweep short, allowed other"));
    }
}

TEST(Sweep, ThreadsAndJobsChangeNoResult)
{
    const TinySweep sweep(kShort);
    ASSERT_EQ(sweep.run("run", "one", {"--jobs", "1"}).status, 0);
    ASSERT_EQ(sweep.run("run", "many", {"--jobs", "3", "--threads", "2", "--quiet"}).status, 0);
    EXPECT_EQ(sweep.table("one"), sweep.table("many"));
}

}  // namespace
}  // namespace wagesim::test
