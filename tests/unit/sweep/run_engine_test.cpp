// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the engine of runs makes of workers that end badly. The workers are scripts; tests/system has the real ones.
#include "platforms/sweep/run_engine.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "platforms/sweep/folder_lock.hpp"
#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::HasSubstr;

class Listener final : public EngineObserver {
public:
    void point_ended(const Point& point, const Record& record, const Tally& /*tally*/) override
    {
        ended.push_back(label_of(point) + ": " + (record.state == State::done ? "done" : record.error));
    }
    void worker_stopped(const Point& /*point*/, const WorkerEnd& end) override { signals.push_back(end.signal); }

    std::vector<std::string> ended;
    std::vector<int> signals;
};

class RunEngineWithScript : public ::testing::Test {
protected:
    /// Runs `sweep_` with a worker that does what `script` says.
    Tally run(const std::string& script, int jobs = 1)
    {
        const std::filesystem::path file = folder_.path() / "worker";
        test::write_text(file, "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        const std::string runs = folder_ / "runs";
        std::filesystem::create_directories(runs);
        const std::optional<FolderLock> lock = FolderLock::try_claim(runs);
        const DesignGrid grid(sweep_);
        const GridSource source(grid);
        const ConstraintSet constraints(sweep_);
        Database database(folder_ / "sweep.sqlite", sweep_.name, SqliteConnection::Mode::create);
        database.describe(sweep_, fingerprint_);
        RunEngine engine({sweep_, 0, source, constraints, database, listener_, "1+model.1"},
                         {file.string(), {"COLOUR=blue"}, runs, lock.value().descriptor(), jobs, 1, 1});
        return engine.run([] { return false; });
    }

    config::SweepConfig sweep_ = tiny_sweep();
    std::string fingerprint_ = "one";
    Listener listener_;
    test::TemporaryFolder folder_;
};

TEST_F(RunEngineWithScript, AWorkersLastLineIsThePointsError)
{
    sweep_.axes = {axis("seed", {"1", "2"})};
    const Tally tally = run("echo first >&2; echo 'the reason' >&2; exit 3");
    EXPECT_EQ(tally.failed, 2U);
    EXPECT_EQ(tally.missing(), 0U);
    EXPECT_THAT(listener_.ended, ::testing::ElementsAre("seed=1: the reason", "seed=2: the reason"));
    listener_.ended.clear();
    EXPECT_EQ(run("exit 0").failed, 2U);
    EXPECT_TRUE(listener_.ended.empty()) << "failed points are not tried again";
}

TEST_F(RunEngineWithScript, AWorkerThatSaysNothingIsNamedByItsEnd)
{
    sweep_.axes = {axis("seed", {"1"})};
    static_cast<void>(run("exit 70"));
    sweep_.axes = {axis("seed", {"2"})};
    fingerprint_ = "two";
    static_cast<void>(run("kill -SEGV $$"));
    sweep_.axes = {axis("seed", {"3"})};
    fingerprint_ = "three";
    static_cast<void>(run("exit 0"));
    ASSERT_EQ(listener_.ended.size(), 3U);
    EXPECT_EQ(listener_.ended[0], "seed=1: exit status 70");
    EXPECT_EQ(listener_.ended[1], "seed=2: ended by signal 11 (Segmentation fault)");
    EXPECT_THAT(listener_.ended[2],
                ::testing::StartsWith("seed=3: left no result of this configuration and number of steps; without /"));
}

TEST_F(RunEngineWithScript, AWorkerThatIsKilledAgainAndAgainFails)
{
    sweep_.axes = {axis("seed", {"1"})};
    EXPECT_EQ(run("kill -9 $$").failed, 1U);
    EXPECT_EQ(listener_.signals, std::vector<int>(10, 9));
    EXPECT_THAT(listener_.ended.at(0), HasSubstr("ended by signal 9 (Killed), for the 11th time"));
}

TEST_F(RunEngineWithScript, AWorkerThatIsInterruptedFromOutsideGoesOn)
{
    sweep_.axes = {axis("seed", {"1"})};
    const std::string mark = folder_ / "mark";
    const Tally tally = run("[ -e " + mark + " ] && { echo 'the reason' >&2; exit 3; }; touch " + mark + "; exit 4");
    EXPECT_EQ(tally.failed, 1U);
    EXPECT_EQ(listener_.signals, std::vector<int>{0});
    EXPECT_THAT(listener_.ended.at(0), HasSubstr("the reason"));
}

TEST_F(RunEngineWithScript, AKillAfterANewCheckpointIsTheFirstOne)
{
    sweep_.axes = {axis("seed", {"1"})};
    // Ten checkpoints, then none any more.
    const std::string count = folder_ / "count";
    const std::string script = "echo >> " + count + "; if [ $(wc -l < " + count +
                               ") -le 10 ]; then touch -d @$(wc -l < " + count +
                               ") \"$5/checkpoint.npz\"; fi; kill -9 $$";
    EXPECT_EQ(run(script).failed, 1U);
    EXPECT_EQ(listener_.signals.size(), 19U);
}

TEST_F(RunEngineWithScript, APointThatIsNoLegalRunFailsAndStopsNothing)
{
    sweep_.axes = {axis("widths.w", {"2", "5"}), axis("widths.g", {"4", "8"})};
    const Tally tally = run("exit 3", 2);
    EXPECT_EQ(tally.failed, 4U);
    EXPECT_THAT(listener_.ended, ::testing::Contains("widths.w=5 widths.g=4: run.yaml:1:1: widths.g: got 4, allowed an "
                                                     "integer 5..16, or float"));
    listener_.ended.clear();
    EXPECT_EQ(run("exit 3").failed, 4U);
    EXPECT_TRUE(listener_.ended.empty());
}

TEST_F(RunEngineWithScript, AWorkerGetsTheEnvironmentThatIsGivenAndNoOther)
{
    sweep_.axes = {axis("seed", {"1"})};
    static_cast<void>(run("echo \"$COLOUR, ${HOME-no home}\" >&2; exit 3"));
    EXPECT_EQ(listener_.ended.at(0), "seed=1: blue, no home");
}

TEST_F(RunEngineWithScript, AWorkerGetsItsFolderItsThreadsAndItsSteps)
{
    sweep_.axes = {axis("seed", {"1"})};
    sweep_.stages[0].steps = 5;
    static_cast<void>(run("echo \"$@\" >&2; exit 3"));
    EXPECT_THAT(
        listener_.ended.at(0),
        ::testing::MatchesRegex("seed=1: train -c (.*)/config.yaml --out (.*)-train-model1-5steps --resume --quiet "
                                "--threads 1 --steps 5"));
}

}  // namespace
}  // namespace wagesim::sweep
