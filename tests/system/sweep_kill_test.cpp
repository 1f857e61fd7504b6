// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whatever ends workers or the process that runs them, the same command goes on, and the table is that of a sweep that
// nothing happened to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/system/child_processes.hpp"
#include "tests/system/kill_campaign.hpp"
#include "tests/system/tiny_sweep.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::vector<std::string> two_jobs()
{
    return {"--jobs", "2", "--quiet"};
}

TEST(SweepKill, KillsOfWorkersAndParentsChangeNothing)
{
    const TinySweep sweep;
    const KillCampaign campaign = kill_at_random(sweep, two_jobs());
    EXPECT_EQ(sweep.runs(campaign.last_folder).size(), 6U);
    for (const fs::path& folder : sweep.runs(campaign.last_folder)) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            EXPECT_NE(entry.path().extension(), ".tmp") << "something half-written was left";
        }
    }
}

/// Points that take long enough to be met at work.
constexpr const char* kLong = R"(name: long
base: tiny.yaml
command: train
set: {data.count: 4000, training.epochs: 100000}
seeds: [1, 2]
objectives: {final_test_error: min}
)";

/// Until every point's folder has a checkpoint of a training that goes on: epochs.csv comes with the first epoch.
void wait_for_epochs(const RunningCommand& run, const TinySweep& sweep, std::size_t points)
{
    ASSERT_TRUE(run.wait_for_file(sweep / "out/runs"));
    while (sweep.runs().size() < points) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const fs::path& folder : sweep.runs()) ASSERT_TRUE(run.wait_for_file(folder / "epochs.csv"));
}

class SweepSignal : public ::testing::TestWithParam<int> {};

TEST_P(SweepSignal, StopsCleanlyAndGoesOnFromCheckpoints)
{
    const TinySweep sweep(kLong);
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", two_jobs())), wagesim_environment());
    wait_for_epochs(run, sweep, 2);
    EXPECT_EQ(sweep.json("status").at("running"), 2);
    run.send_signal(GetParam());
    const CommandResult stopped = run.wait();
    EXPECT_EQ(stopped.status, 4);
    ASSERT_EQ(stopped.error_lines().size(), 1U) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("the same command goes on"));
    const Json status = sweep.json("status");
    EXPECT_EQ(status.at("running"), 0);
    EXPECT_EQ(status.at("begun"), 2);
    EXPECT_EQ(status.at("missing"), 2);
    EXPECT_EQ(status.at("failed"), 0);
    for (const fs::path& folder : sweep.runs()) {
        const CommandResult resumed = wagesim(
            {"train", "-c", (folder / "config.yaml").string(), "--out", folder.string(), "--resume", "--steps", "0"});
        EXPECT_THAT(resumed.out, HasSubstr("resumed after step ")) << resumed.err;
    }
}

INSTANTIATE_TEST_SUITE_P(Signals, SweepSignal, ::testing::Values(SIGINT, SIGTERM));

TEST(SweepKill, WorkersEndWithTheirParent)
{
    const TinySweep sweep(kLong);
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", two_jobs())), wagesim_environment());
    wait_for_epochs(run, sweep, 2);
    const std::vector<pid_t> workers = children_of(run.pid());
    ASSERT_EQ(workers.size(), 2U);
    run.send_signal(SIGKILL);
    EXPECT_EQ(run.wait().status, -SIGKILL);
    const auto began = std::chrono::steady_clock::now();
    for (const pid_t worker : workers) {
        while (fs::exists("/proc/" + std::to_string(worker) + "/exe")) {
            ASSERT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60)) << "a worker lives on";
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    EXPECT_EQ(sweep.json("status").at("begun"), 2);
}

TEST(SweepKill, TwoSweepsInOneFolderAreRefused)
{
    const TinySweep sweep(kLong);
    RunningCommand run(wagesim_arguments(sweep.arguments("run", "out", two_jobs())), wagesim_environment());
    wait_for_epochs(run, sweep, 2);
    const CommandResult second = sweep.run("run", "out", two_jobs());
    EXPECT_EQ(second.status, 2);
    EXPECT_THAT(second.err, HasSubstr("another process is running the sweep"));
    EXPECT_EQ(sweep.json("status").at("running"), 2) << "the first goes on";
    run.send_signal(SIGTERM);
    EXPECT_EQ(run.wait().status, 4);
}

}  // namespace
}  // namespace wagesim::test
