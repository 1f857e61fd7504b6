// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep slurm on real daemons: tasks are killed, requeued and cancelled, and the table is that of a sweep that
// nothing happened to. What needs no daemons is in share_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "tests/support/slurm_cluster.hpp"
#include "tests/system/sweep_of_designs.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr std::chrono::seconds kPatience{120};

class Slurm : public ::testing::Test {
protected:
    void SetUp() override
    {
        const std::string obstacle = SlurmCluster::obstacle();
        if (!obstacle.empty()) GTEST_SKIP() << obstacle;
        cluster_ = std::make_unique<SlurmCluster>();
    }

    CommandResult act(const std::string& action, const TinySweep& sweep,
                      const std::vector<std::string>& more = {}) const
    {
        return wagesim(sweep.arguments(action, "out", more), cluster_->environment());
    }

    /// The number of the job.
    std::string submit(const TinySweep& sweep, std::vector<std::string> more = {}) const
    {
        more.emplace_back("--json");
        const CommandResult result = act("slurm", sweep, more);
        EXPECT_EQ(result.status, 0) << result.err;
        const Json json = Json::parse(result.out, nullptr, false);
        return json.is_object() && json.at("job").is_string() ? json.at("job").get<std::string>() : "none";
    }

    void wait(const std::function<bool()>& condition, const std::string& what) const
    {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (!condition()) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << what << "\n" << cluster_->logs();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    void wait_for_end(const std::string& job) const
    {
        wait([&] { return cluster_->has_ended(job); }, "job " + job + " does not end");
    }

    /// Until the task computes: its database is there.
    void wait_for_task(const TinySweep& sweep, const std::string& job, int task) const
    {
        const std::string database = sweep / ("out/shares/" + std::to_string(task) + "/sweep.sqlite");
        const std::string name = job + "_" + std::to_string(task);
        wait([&] { return fs::exists(database) && cluster_->state(name) == "RUNNING"; }, name + " does not begin");
    }

    /// Slurm lets a requeued task wait for some seconds; this one waits for as long as it takes that its credential is
    /// newer than the one that was revoked, in whole seconds.
    void start_again(const std::string& task) const
    {
        wait([&] { return cluster_->state(task) == "PENDING"; }, task + " is not requeued");
        EXPECT_EQ(cluster_->command({"scontrol", "update", "JobId=" + task, "StartTime=now+2seconds"}).status, 0);
    }

    [[nodiscard]] int restarts(const std::string& task) const
    {
        const std::string text = cluster_->command({"scontrol", "--oneliner", "show", "job", task}).out;
        const std::size_t at = text.find("Restarts=");
        return at == std::string::npos ? -1 : std::stoi(text.substr(at + 9));
    }

    [[nodiscard]] static std::string number_of_job(const TinySweep& sweep)
    {
        const std::string text = read_text(sweep / "out/slurm/job");
        return text.substr(0, text.find('\n'));
    }

    [[nodiscard]] static std::string log(const TinySweep& sweep, int task)
    {
        return read_text(sweep / ("out/slurm/task" + std::to_string(task) + ".log"));
    }

    std::unique_ptr<SlurmCluster> cluster_;
};

/// 240 designs, whose tasks can be met at work.
std::string many_designs()
{
    return replaced_once(designs(), "[16, 32]", "{range: [1, 20]}");
}

TEST_F(Slurm, ATaskThatIsKilledAndRequeuedChangesNothing)
{
    const TinySweep sweep(many_designs());
    const std::string job = submit(sweep, {"--tasks", "4", "--partition", "main", "--account", "ours", "--time", "10"});
    wait_for_task(sweep, job, 1);
    ASSERT_EQ(cluster_->command({"scontrol", "requeue", job + "_1"}).status, 0);
    start_again(job + "_1");
    wait_for_end(job);
    EXPECT_EQ(restarts(job + "_1"), 1) << log(sweep, 1);
    EXPECT_THAT(log(sweep, 1), AllOf(HasSubstr("interrupted"), HasSubstr("60 done, 0 failed, 0 missing")));

    EXPECT_EQ(Json::parse(act("status", sweep, {"--json"}).out).at("done"), 240);
    ASSERT_EQ(sweep.run("run", "alone", {"--jobs", "2"}).status, 0);
    EXPECT_EQ(sweep.table("out"), sweep.table("alone"));
    EXPECT_EQ(Json::parse(act("run", sweep, {"--json"}).out).at("computed"), 0) << "nothing is computed twice";
    EXPECT_THAT(act("slurm", sweep).out, HasSubstr("designs: no points are missing\n"));
}

/// Of the shares' workers, the wagesim that computes share K.
pid_t process_of_share(const std::string& folder, int share, int shares)
{
    const std::string last = std::to_string(share) + "/" + std::to_string(shares);
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stream(entry.path() / "cmdline", std::ios::binary);
        std::ostringstream content;
        content << stream.rdbuf();
        const std::string line = content.str();
        const std::string end = std::string("--share") + '\0' + last + '\0';
        const bool ours = line.size() > end.size() && line.compare(line.size() - end.size(), end.size(), end) == 0;
        if (ours && line.find(folder) != std::string::npos) return static_cast<pid_t>(std::stol(name));
    }
    return -1;
}

TEST_F(Slurm, ATaskWhoseProgramIsKilledGoesBackIntoTheQueueByItself)
{
    const TinySweep sweep(replaced_once(tiny_sweep(), "epochs: 10", "epochs: 30"));
    const std::string job = submit(sweep, {"--tasks", "3"});
    wait_for_task(sweep, job, 0);
    const fs::path folder = sweep / "out/runs";
    wait([&] { return !fs::is_empty(folder); }, "no point begins");
    const pid_t process = process_of_share(sweep / "out", 0, 3);
    ASSERT_GT(process, 0) << "the task has ended too early";
    ASSERT_EQ(::kill(process, SIGKILL), 0);
    start_again(job + "_0");
    wait_for_end(job);
    EXPECT_EQ(restarts(job + "_0"), 1) << log(sweep, 0);

    ASSERT_EQ(sweep.run("run", "alone").status, 0);
    const std::string table = sweep.table("out");
    EXPECT_EQ(table, sweep.table("alone")) << log(sweep, 0) << cluster_->logs();
    EXPECT_EQ(sweep.runs().size(), 6U);
    for (const fs::path& run : sweep.runs()) {
        EXPECT_THAT(table, HasSubstr("runs/" + run.filename().string())) << "the table names folders that there are";
    }
    EXPECT_EQ(Json::parse(act("run", sweep, {"--json"}).out).at("computed"), 0);
}

TEST_F(Slurm, ASweepIsComputedByOneArrayAtATime)
{
    const TinySweep sweep(designs());
    const std::string job = submit(sweep, {"--tasks", "2", "--sbatch=--hold"});
    EXPECT_THAT(act("status", sweep).out, HasSubstr("Slurm job " + job + ": 0 tasks running, 2 waiting\n"));
    for (const char* const action : {"slurm", "run"}) {
        const CommandResult refused = act(action, sweep);
        EXPECT_EQ(refused.status, 2);
        ASSERT_EQ(refused.error_lines().size(), 1U) << refused.err;
        EXPECT_THAT(refused.err, HasSubstr("Slurm job " + job + " is computing the sweep in "));
    }
    ASSERT_EQ(cluster_->command({"scancel", job}).status, 0);
    wait_for_end(job);
    const std::string second = submit(sweep, {"--tasks", "3", "--jobs", "2"});
    EXPECT_NE(second, job);
    wait_for_end(second);
    EXPECT_EQ(Json::parse(act("status", sweep, {"--json"}).out).at("done"), 24);
}

TEST_F(Slurm, WhatIsRefusedBySlurmIsSaidInOneLine)
{
    const TinySweep sweep(designs());
    for (int i = 0; i < 2; ++i) {  // nothing is left that would be in the way of the next one
        const CommandResult refused = act("slurm", sweep, {"--partition", "nowhere"});
        EXPECT_EQ(refused.status, 2);
        ASSERT_EQ(refused.error_lines().size(), 1U) << refused.err;
        EXPECT_THAT(refused.err, HasSubstr("sbatch: error: invalid partition specified: nowhere"));
    }
    EXPECT_EQ(act("slurm", sweep, {"--sbatch=--no-such-option"}).status, 2);
}

TEST_F(Slurm, StagesAreSubmittedOneAfterTheOther)
{
    const TinySweep sweep(staged_designs());
    for (const char* const stage : {"screen", "confirm"}) {
        const CommandResult submitted = act("slurm", sweep, {"--tasks", "2"});
        ASSERT_EQ(submitted.status, 0) << submitted.err;
        EXPECT_THAT(submitted.out, HasSubstr(std::string("designs, stage ") + stage + ": "));
        EXPECT_EQ(submitted.out.find("the same command submits stage confirm") != std::string::npos,
                  std::string(stage) == "screen");
        wait_for_end(number_of_job(sweep));
    }
    EXPECT_THAT(act("slurm", sweep).out, HasSubstr("no points are missing"));
    ASSERT_EQ(sweep.run("run", "alone").status, 0);
    EXPECT_EQ(sweep.table("out"), sweep.table("alone"));
}

}  // namespace
}  // namespace wagesim::test
