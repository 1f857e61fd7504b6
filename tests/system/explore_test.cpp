// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep over designs: points without data, constraints, samples, stages. What it shares with sweeps of training
// runs is in sweep_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/system/child_processes.hpp"
#include "tests/system/kill_campaign.hpp"
#include "tests/system/on_chip.hpp"
#include "tests/system/sweep_of_designs.hpp"

namespace wagesim::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

int done_so_far(const TinySweep& sweep, const std::string& out)
{
    const Json status = sweep.json("status", out);
    return status.is_object() ? status.at("done").get<int>() : 0;  // there may be no folder yet
}

/// As somebody who may read the folder alone, which root is not.
TEST(Explore, ABaseThatChangesWhileTheSweepRunsIsNotMixedIn)
{
    // The first stage trains, for long enough; servers of the second one read the base anew.
    const TinySweep sweep("name: changed\nbase: tiny.yaml\nset: {" + replaced_once(small_chip(), "=", ": ") +
                          ", data.count: 4000}\naxes:\n  - training.gamma: [1, 2]\nstages:\n"
                          "  - {name: learn, command: train}\n"
                          "  - {name: cost, keep: all, command: simulate, set: {chip.fidelity: timing}}\n"
                          "objectives: {final_test_error: min, chip.cycles: min}\n");
    RunningCommand running(wagesim_arguments(sweep.arguments("run", "out", {"--jobs", "1", "--threads", "1"})),
                           wagesim_environment());
    ASSERT_TRUE(running.wait_for_file(sweep / "out/sweep.sqlite"));
    write_text(sweep / "tiny.yaml", replaced_once(tiny_run(), "batch: 8", "batch: 4"));
    const CommandResult result = running.wait();
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("the sweep, or a file that it names, was changed while it was running"));
}

TEST(Explore, ARefusedOptimiserForgetsNothing)
{
    const std::string sampling = "sampling: {optimiser: nsga2, population: 8, generations: 1, seed: 2}\n";
    const TinySweep sweep(designs(sampling));
    ASSERT_EQ(sweep.run("run").status, 0);
    const std::string table = sweep.table("out");
    const std::string text = read_text(sweep.file());
    const std::size_t objectives = text.find("objectives:");
    sweep.write(text.substr(0, objectives) + "objectives: {chip.cycles: min, final_test_error: min}\n" + sampling);
    const CommandResult refused = sweep.run("run");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("objectives: got 1 that stage simulate has figures for"));
    sweep.write(text);
    EXPECT_EQ(sweep.table("out"), table);
}

TEST(Explore, WhatNobodyMayWriteCanBeRead)
{
    const TinySweep sweep(designs());
    ASSERT_EQ(sweep.run("run").status, 0);
    const std::string table = sweep.table("out");
    const std::filesystem::path folder = sweep / "out";
    std::filesystem::permissions(folder.parent_path(), std::filesystem::perms(0755));
    std::filesystem::permissions(folder, std::filesystem::perms(0555));
    std::vector<std::string> reader = wagesim_arguments(sweep.arguments("export", "out"));
    if (::geteuid() == 0) {
        const std::vector<std::string> nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        // The build may lie where nobody enters.
        reader = {"/bin/sh", "-c", "exec 9< '" + std::string(WAGESIM_BINARY) + "'; exec \"$@\"", "sh"};
        reader.insert(reader.end(), nobody.begin(), nobody.end());
        reader.emplace_back("/proc/self/fd/9");
        for (const std::string& argument : sweep.arguments("export", "out")) reader.push_back(argument);
    }
    const CommandResult result = run_command(reader, wagesim_environment());
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(sweep.run("export").out, result.out);
    EXPECT_EQ(sweep.table("out"), table);
}

TEST(Explore, APointWithoutDataIsWhatSimulateGives)
{
    const TinySweep sweep(designs());
    const CommandResult result = sweep.run("run", "out", {"--jobs", "2"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out,
                AllOf(HasSubstr("designs: 24 points (4 x 3 x 2), 24 of them to compute, 2 at a time, about "),
                      HasSubstr("24 done, 0 failed, 0 missing\n")));
    EXPECT_TRUE(sweep.runs().empty()) << "such points have no folder";
    const Json collected = sweep.json("collect");
    for (const Json& configuration : collected.at("configurations")) {
        std::vector<std::string> options = on_chip({"--set", "chip.fidelity=timing", "--json"});
        for (const auto& [key, value] : configuration.at("free").items()) {
            options.emplace_back("--set");
            options.push_back(key + "=" + value.get<std::string>());
        }
        options.insert(options.begin(), {"simulate", "-c", sweep / "tiny.yaml"});
        const Json alone = json_of(wagesim(options)).at("chip");
        const Json& objectives = configuration.at("objectives");
        EXPECT_EQ(objectives.at("chip.seconds").at("mean"), alone.at("seconds"));
        EXPECT_EQ(objectives.at("chip.area_mm2").at("mean"), alone.at("area_mm2"));
    }
}

TEST(Explore, NothingIsComputedTwice)
{
    const TinySweep sweep(designs());
    ASSERT_EQ(sweep.run("run").status, 0);
    const std::string before = sweep.table("out");
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 0);
    // A grown sweep computes what is new.
    sweep.write(replaced_once(designs(), "[16, 32]", "[16, 32, 64]"));
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 12);
    sweep.write(designs());
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 0);
    EXPECT_EQ(sweep.table("out"), before);
}

TEST(Explore, ConstraintsOnKeysExcludeAndThoseOnFiguresJudge)
{
    const TinySweep sweep(
        designs("constraints:\n  - chip.lanes * chip.crossbar.lines_per_adc <= 32\n"
                "  - chip.seconds < 1e-9\n"));
    const Json result = Json::parse(sweep.run("run", "out", {"--json"}).out);
    EXPECT_EQ(result.at("excluded"), 8);  // 16 x 4, 64 x 1, 64 x 2, 64 x 4, with two batches
    EXPECT_EQ(result.at("done"), 16);
    const std::string table = sweep.table("out");
    EXPECT_THAT(table, AllOf(HasSubstr("64,1,16,excluded,simulate,"), HasSubstr("4,1,16,infeasible,simulate,")));
    const Json best = sweep.json("best");
    EXPECT_TRUE(best.at("front").empty());
    EXPECT_EQ(best.at("best")[0].at("infeasible"), 16);
}

TEST(Explore, SamplesAreTheSameEverywhere)
{
    for (const char* const sampling : {"{random: 7, seed: 3}", "{latin_hypercube: 8, seed: 5}"}) {
        const TinySweep sweep(designs(std::string("sampling: ") + sampling + "\n"));
        ASSERT_EQ(sweep.run("run", "one", {"--jobs", "1"}).status, 0);
        ASSERT_EQ(sweep.run("run", "two", {"--jobs", "2"}).status, 0);
        EXPECT_EQ(sweep.table("one"), sweep.table("two"));
    }
}

TEST(Explore, AnOptimiserWeighsWhatTheFirstStageFinds)
{
    const std::string sampling = "sampling: {optimiser: nsga2, population: 8, generations: 2, seed: 2}\n";
    const TinySweep sweep(staged_designs() + sampling + "constraints:\n  - final_test_error < 2\n");
    const CommandResult result = sweep.run("run");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_GT(sweep.runs().size(), 0U) << "a front was there to be confirmed";
    const TinySweep alone(designs() + sampling);
    ASSERT_EQ(alone.run("run").status, 0);
    EXPECT_EQ(sweep.json("status").at("points"), alone.json("status").at("points")) << "it asked for the same designs";
    const TinySweep blind(replaced_once(staged_designs(), "  chip.area_mm2: min\n", "") + sampling);
    const CommandResult refused = blind.run("run");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("objectives: got 1 that stage screen has figures for, allowed two or more"));
}

TEST(Explore, TheFrontOfAStageIsConfirmedByTheNext)
{
    const TinySweep sweep(staged_designs());
    const CommandResult result = sweep.run("run");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out,
                AllOf(HasSubstr("designs, stage screen: 24 points"), HasSubstr("designs, stage confirm: ")));
    const std::size_t confirmed = sweep.runs().size();
    EXPECT_GT(confirmed, 0U);
    EXPECT_LT(confirmed, 24U);
    const Json collected = sweep.json("collect");
    std::size_t with_error = 0;
    for (const Json& each : collected.at("configurations")) {
        const bool known = !each.at("objectives").at("final_test_error").is_null();
        with_error += known ? 1 : 0;
        EXPECT_EQ(each.at("front").is_null(), !known) << "who competes by all objectives has all of them";
    }
    EXPECT_EQ(with_error, confirmed);
    const std::string table = sweep.table("out");
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 0) << "the choice is the same again";
    EXPECT_EQ(sweep.table("out"), table);
}

TEST(Explore, AnOptimiserGoesOnWhereItWasStopped)
{
    const TinySweep sweep(designs("sampling: {optimiser: nsga2, population: 8, generations: 3, seed: 2}\n"));
    ASSERT_EQ(sweep.run("run", "whole").status, 0);
    const std::string whole = sweep.table("whole");
    EXPECT_FALSE(sweep.json("best", "whole").at("front").empty());
    const int points = done_so_far(sweep, "whole");
    ASSERT_GT(points, 8);
    for (const int done : {1, points / 2}) {
        const std::string out = "stopped" + std::to_string(done);
        RunningCommand run(wagesim_arguments(sweep.arguments("run", out, {"--quiet"})), wagesim_environment());
        while (done_so_far(sweep, out) < done) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        run.send_signal(done == 1 ? SIGINT : SIGKILL);
        static_cast<void>(run.wait());
        ASSERT_EQ(sweep.run("run", out).status, 0);
        EXPECT_EQ(sweep.table(out), whole);
    }
}

TEST(Explore, KillsOfServersForksAndParentsChangeNothing)
{
    const TinySweep sweep(replaced_once(designs(), "[16, 32]", "{range: [1, 24]}"));
    static_cast<void>(kill_at_random(sweep, {"--jobs", "2", "--quiet"}));
}

TEST(Explore, TheLastServerIsReplacedToo)
{
    const TinySweep sweep(replaced_once(replaced_once(designs(), "[4, 8, 16, 64]", "[16]"), "[16, 32]", "[16]"));
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", {"--jobs", "1", "--quiet"})),
                       wagesim_environment());
    // Three points; whatever computes one is killed as soon as it is there.
    for (int kills = 0; kills < 6; ++kills) {
        std::vector<pid_t> children;
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(2);
        while (children.empty() && std::chrono::steady_clock::now() < limit) children = descendants_of(run.pid());
        for (const pid_t child : children) ::kill(child, SIGKILL);
    }
    EXPECT_EQ(run.wait().status, 0);
    EXPECT_EQ(sweep.json("status").at("done"), 3);
}

TEST(Explore, AnInterruptedSweepGoesOn)
{
    const TinySweep sweep(replaced_once(designs(), "[16, 32]", "{range: [1, 20]}"));
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", {"--quiet"})), wagesim_environment());
    while (done_so_far(sweep, "out") < 5) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    run.send_signal(SIGINT);
    const CommandResult stopped = run.wait();
    EXPECT_EQ(stopped.status, 4) << stopped.err;
    EXPECT_EQ(stopped.error_lines().size(), 1U) << stopped.err;
    const int done = sweep.json("status").at("done");
    EXPECT_LT(done, 240);
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 240 - done);
}

}  // namespace
}  // namespace wagesim::test
