// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweeps that are planned and computed in shares, without Slurm (slurm_test.cpp has that).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/system/sweep_of_designs.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

/// A network that tiny.yaml can be trained with.
std::string dense_network(const std::string& layers)
{
    return "{name: dense, input: {channels: 1, height: 6, width: 6}, layers: [" + layers + "]}\n";
}

CommandResult plan(const TinySweep& sweep, std::vector<std::string> more = {})
{
    more.emplace_back("--dry-run");
    return sweep.run("slurm", "out", more);
}

CommandResult compute(const TinySweep& sweep, const std::string& share, std::vector<std::string> more = {})
{
    more.insert(more.end(), {"--share", share});
    return sweep.run("run", "out", more);
}

void expect_refused(const CommandResult& result, const std::string& line)
{
    EXPECT_EQ(result.status, 2) << result.err;
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr(line));
}

TEST(Share, SharesTogetherAreTheSweep)
{
    const TinySweep sweep(designs());
    const CommandResult planned = plan(sweep, {"--tasks", "3"});
    ASSERT_EQ(planned.status, 0) << planned.err;
    EXPECT_THAT(planned.out, AllOf(HasSubstr("designs: 24 points to compute, in 3 tasks\n"),
                                   HasSubstr("out/slurm/array.sh is written, and not submitted\n")));
    EXPECT_THAT(compute(sweep, "2/3").out,
                AllOf(HasSubstr("designs: share 2/3, 8 points, "), HasSubstr("8 done, 0 failed, 0 missing\n")));
    EXPECT_EQ(sweep.json("status").at("done"), 8);
    EXPECT_EQ(Json::parse(compute(sweep, "2/3", {"--json"}).out).at("computed"), 0);
    for (const char* const share : {"0/3", "1/3"}) ASSERT_EQ(compute(sweep, share).status, 0);
    const std::string table = sweep.table("out");
    ASSERT_EQ(sweep.run("run", "alone").status, 0);
    EXPECT_EQ(table, sweep.table("alone"));
    EXPECT_EQ(Json::parse(sweep.run("run", "out", {"--json"}).out).at("computed"), 0);
    EXPECT_EQ(sweep.table("out"), table) << "taking shares over twice changes nothing";
    EXPECT_THAT(plan(sweep).out, HasSubstr("designs: no points are missing\n"));
}

TEST(Share, WhatIsKnownIsNotPlanned)
{
    const TinySweep sweep(designs());
    ASSERT_EQ(sweep.run("run").status, 0);
    sweep.write(replaced_once(designs(), "[16, 32]", "[8, 16, 32]"));
    EXPECT_THAT(plan(sweep).out, HasSubstr("12 points to compute, in 1 tasks\n"));
    ASSERT_EQ(compute(sweep, "0/1").status, 0);
    EXPECT_EQ(sweep.json("status").at("done"), 36);
}

TEST(Share, OfManyPointsWhatIsKnownIsNotPlannedEither)
{
    const std::string many = replaced_once(designs(), "[16, 32]", "{range: [1, 100]}");
    const TinySweep sweep(many);
    EXPECT_THAT(plan(sweep).out, HasSubstr("1200 points to compute, in 2 tasks\n"));
    sweep.write(designs());
    ASSERT_EQ(sweep.run("run").status, 0);
    sweep.write(many);
    EXPECT_THAT(plan(sweep).out, HasSubstr("1176 points to compute, in 2 tasks\n")) << "known, but at other places";
    EXPECT_THAT(plan(sweep).out, HasSubstr("1176 points to compute, in 2 tasks\n")) << "at their own now";
}

TEST(Share, APlanForAnotherNumberOfSharesTakesUpWhatWasBegun)
{
    const TinySweep sweep;
    ASSERT_EQ(plan(sweep, {"--tasks", "3"}).status, 0);
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", {"--share", "0/3", "--quiet", "--jobs", "1"})),
                       wagesim_environment());
    ASSERT_TRUE(run.wait_for_file(sweep / "out/shares/0/workers"));
    while (sweep.runs().empty()) {
    }
    ASSERT_TRUE(run.wait_for_file(sweep.runs().front() / "epochs.csv"));
    run.send_signal(SIGTERM);
    EXPECT_EQ(run.wait().status, 4);
    EXPECT_EQ(sweep.json("status").at("begun"), 1);
    ASSERT_EQ(plan(sweep, {"--tasks", "2"}).status, 0);
    for (const char* const share : {"0/2", "1/2"}) ASSERT_EQ(compute(sweep, share).status, 0);
    EXPECT_EQ(sweep.json("status").at("done"), 6);
    ASSERT_EQ(sweep.run("run", "alone").status, 0);
    EXPECT_EQ(sweep.table("out"), sweep.table("alone"));
    EXPECT_EQ(sweep.runs().size(), 6U);
}

TEST(Share, PointsThatMeanTheSameRunAreInOneShare)
{
    const TinySweep sweep(
        replaced_once(tiny_sweep(), "training.gamma: [1, 2, 8]", "network: [one.yaml, two.yaml, three.yaml]"));
    for (const char* const name : {"one.yaml", "two.yaml"})
        write_text(sweep / name, dense_network("{dense: {units: 10}}"));
    write_text(sweep / "three.yaml", dense_network("{dense: {units: 4}}, {dense: {units: 10}}"));
    const CommandResult planned = plan(sweep, {"--tasks", "6"});
    ASSERT_EQ(planned.status, 0) << planned.err;
    EXPECT_THAT(planned.out, HasSubstr("6 points to compute, in 4 tasks\n"));
    for (const char* const share : {"0/4", "1/4", "2/4", "3/4"}) ASSERT_EQ(compute(sweep, share).status, 0);
    EXPECT_EQ(sweep.json("status").at("done"), 6);
    EXPECT_EQ(sweep.runs().size(), 4U);
}

TEST(Share, FailuresStayUntilTheyAreTriedAgain)
{
    const TinySweep sweep(R"(name: failing
base: tiny.yaml
command: train
set: {data: {format: idx, train_images: images, train_labels: labels, test_images: images, test_labels: labels,
      range: unit}}
axes:
  - training.batch: [20, 4, 30, 6]
objectives: {final_test_error: min}
)");
    write_bytes(sweep / "images", idx_images(12, 6, 6));
    write_bytes(sweep / "labels", idx_labels(12));
    ASSERT_EQ(plan(sweep, {"--tasks", "2"}).status, 0);
    EXPECT_EQ(compute(sweep, "0/2").status, 3) << "points 0 and 2 are those that fail";
    EXPECT_EQ(compute(sweep, "1/2").status, 0);
    EXPECT_EQ(sweep.json("status").at("failed"), 2);
    EXPECT_THAT(plan(sweep).out,
                HasSubstr("failing: no points are missing; 2 have failed, --retry-failed tries them again\n"));
    EXPECT_THAT(plan(sweep, {"--retry-failed"}).out, HasSubstr("2 points to compute, in 2 tasks\n"));
    EXPECT_EQ(sweep.json("status").at("missing"), 2);
    for (const char* const share : {"0/2", "1/2"}) EXPECT_EQ(compute(sweep, share).status, 3);
    EXPECT_EQ(sweep.json("status").at("failed"), 2);
}

TEST(Share, MisuseIsRefused)
{
    const TinySweep sweep(designs());
    ASSERT_EQ(sweep.run("run").status, 0);
    expect_refused(compute(sweep, "0/2"), "shares/plan.json, which wagesim sweep slurm writes");
    for (const char* const share : {"2/2", "x", "1/", "/2", "-1/2", "0/0", "1/2/3", "0/1001"}) {
        expect_refused(compute(sweep, share), "--share: got ");
    }
    sweep.write(replaced_once(designs(), "[16, 32]", "[8, 16]"));
    ASSERT_EQ(plan(sweep, {"--tasks", "2"}).status, 0);
    expect_refused(compute(sweep, "0/3"), "--share: got 0/3, allowed K/2, as ");
    sweep.write(designs());
    expect_refused(compute(sweep, "0/2"), "have changed since ");
    sweep.write(replaced_once(designs(), "name: designs", "name: others"));
    expect_refused(compute(sweep, "0/2"), "is of the sweep designs, allowed one of others");
    sweep.write(designs("sampling: {optimiser: nsga2, population: 8, generations: 3, seed: 2}\n"));
    expect_refused(plan(sweep), "sampling: got optimiser, allowed all others");
    write_text(sweep / "out/shares/plan.json", "[]");
    sweep.write(designs());
    const CommandResult broken = compute(sweep, "0/2");
    EXPECT_EQ(broken.status, 3);
    EXPECT_THAT(broken.err, HasSubstr("plan.json: got something else, allowed a plan"));
}

TEST(Share, OptionsOfTheArrayAreChecked)
{
    const TinySweep sweep(designs());
    expect_refused(plan(sweep, {"--tasks", "0"}), "--tasks: got 0, allowed 1..1000");
    expect_refused(plan(sweep, {"--sbatch", "mem"}), "--sbatch: got mem, allowed an option of sbatch");
    expect_refused(plan(sweep, {"--sbatch=--array=0-7"}), "--sbatch: got --array=0-7, allowed options that leave");
    expect_refused(plan(sweep, {"--partition", "a\nb"}), "--partition: got a line break");
}

TEST(Share, WithoutSlurmTheScriptCanStillBeWritten)
{
    const TinySweep sweep(designs());
    const std::vector<std::string> nowhere = {"PATH=/nowhere"};
    for (int i = 0; i < 2; ++i) {
        expect_refused(wagesim(sweep.arguments("slurm", "out"), nowhere), "sbatch: there is no such program here");
    }
    EXPECT_EQ(wagesim(sweep.arguments("slurm", "out", {"--dry-run"}), nowhere).status, 0);
    // A job that nobody can ask about may be computing.
    write_text(sweep / "out/slurm/job", "7\n");
    expect_refused(wagesim(sweep.arguments("run", "out"), nowhere), "cannot ask Slurm whether job 7 still computes");
    EXPECT_EQ(wagesim(sweep.arguments("status", "out"), nowhere).status, 0);
}

TEST(Share, OneProcessComputesAShareAndNoneTheWholeMeanwhile)
{
    const TinySweep sweep(replaced_once(tiny_sweep(), "epochs: 10", "epochs: 100000"));
    ASSERT_EQ(plan(sweep, {"--tasks", "2"}).status, 0);
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", {"--share", "0/2", "--quiet", "--jobs", "1"})),
                       wagesim_environment());
    ASSERT_TRUE(run.wait_for_file(sweep / "out/shares/0/published.sqlite"));
    expect_refused(compute(sweep, "0/2"), "another process is computing the share in ");
    expect_refused(sweep.run("run"), "another process is running the sweep in ");
    expect_refused(plan(sweep), "another process is running the sweep in ");
    EXPECT_EQ(sweep.json("status").at("running"), 1) << "shares say what they have begun";
    run.send_signal(SIGTERM);
    EXPECT_EQ(run.wait().status, 4);
    EXPECT_EQ(sweep.json("status").at("begun"), 1);
}

}  // namespace
}  // namespace wagesim::test
