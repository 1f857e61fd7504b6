// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The text of the batch script, and what a shell makes of it. tests/system has what Slurm makes of it.
#include "platforms/sweep/slurm_script.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/support/run_command.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

ArrayJob some_job()
{
    ArrayJob job;
    job.sweep = "kg";
    job.folder = "/data/kg/slurm";
    job.tasks = 8;
    job.cpus = 2;
    job.command = {"/opt/wagesim", "sweep", "run", "--share"};
    return job;
}

TEST(SlurmScript, SaysWhatTheArrayIs)
{
    const std::string script = array_script(some_job());
    EXPECT_THAT(script, ::testing::StartsWith("#!/bin/bash\n"));
    for (const char* const line :
         {"#SBATCH --job-name=kg\n", "#SBATCH --array=0-7\n", "#SBATCH --cpus-per-task=2\n", "#SBATCH --requeue\n",
          "#SBATCH --open-mode=append\n", "#SBATCH --output=/data/kg/slurm/task%a.log\n",
          "\n/opt/wagesim sweep run --share \"$SLURM_ARRAY_TASK_ID/8\" &\n"}) {
        EXPECT_THAT(script, HasSubstr(line));
    }
    for (const char* const absent : {"--partition", "--account", "--time"}) EXPECT_THAT(script, Not(HasSubstr(absent)));
}

TEST(SlurmScript, TakesTheUsersOptionsLast)
{
    ArrayJob job = some_job();
    job.partition = "long";
    job.account = "physics";
    job.time = "2-00:00:00";
    job.options = {"--mem=4G", "-C intel"};
    EXPECT_THAT(array_script(job), HasSubstr("#SBATCH --partition=long\n#SBATCH --account=physics\n"
                                             "#SBATCH --time=2-00:00:00\n#SBATCH --mem=4G\n#SBATCH -C intel\n\n"));
}

TEST(SlurmScript, QuotesForSlurmAndForTheShell)
{
    ArrayJob job = some_job();
    job.sweep = "k g\n\"#";
    job.folder = "/data/50% of #1";
    job.command = {"/opt/wage sim", "--set", "a=it's $HOME", "--share"};
    EXPECT_THAT(array_script(job),
                AllOf(HasSubstr("# The sweep k-g--- as a"), HasSubstr("#SBATCH --job-name=k-g---\n"),
                      HasSubstr("#SBATCH --output=\"/data/50%% of #1/task%a.log\"\n"),
                      HasSubstr(R"('/opt/wage sim' --set 'a=it'\''s $HOME' --share "$SLURM_ARRAY_TASK_ID/8" &)")));
}

TEST(SlurmScript, RefusesWhatNoLineCanSay)
{
    const auto refused = [](const ArrayJob& job, const std::string& line) {
        try {
            static_cast<void>(array_script(job));
            ADD_FAILURE() << line;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), ::testing::StartsWith(line));
        }
    };
    ArrayJob job = some_job();
    job.account = "a\nb";
    refused(job, "--account: got a line break");
    job = some_job();
    job.folder = "/data\\x";
    refused(job, "--out: got /data\\x, allowed a path without");
    for (const char* const option : {"", "-", "mem=4G"}) {
        job = some_job();
        job.options = {option};
        refused(job, "--sbatch: got ");
    }
    for (const char* const option : {"--array=0-9", "-a0-9", "--wrap=true"}) {
        job = some_job();
        job.options = {option};
        refused(job, std::string("--sbatch: got ") + option + ", allowed options that leave the tasks");
    }
}

/// Runs the script with a program that does what `work` says; scontrol writes what it is asked into a file.
class SlurmScriptInShell : public ::testing::Test {
protected:
    /// `early` is what the script takes for the first seconds of a task.
    test::RunningCommand start(const std::string& work, int restarts = 0, int early = 60)
    {
        program("work", work);
        program("scontrol", "echo \"$@\" >> " + (folder_ / "asked"));
        ArrayJob job = some_job();
        job.command = {folder_ / "work", "--share"};
        std::string script = array_script(job);
        const std::string limit = "-lt 60 ]";
        EXPECT_NE(script.find(limit), std::string::npos);
        script.replace(script.find(limit), limit.size(), "-lt " + std::to_string(early) + " ]");
        const std::size_t known = script.find("\nworker=$!");
        EXPECT_NE(known, std::string::npos);
        script.insert(known, "\n" + before_worker_is_known_);
        test::write_text(folder_.path() / "array.sh", script);
        return test::RunningCommand({"/bin/bash", folder_ / "array.sh"},
                                    {"PATH=" + folder_.path().string() + ":/usr/bin:/bin", "SLURM_ARRAY_TASK_ID=3",
                                     "SLURM_ARRAY_JOB_ID=70", "SLURM_RESTART_COUNT=" + std::to_string(restarts)});
    }
    [[nodiscard]] std::string asked() const
    {
        return std::filesystem::exists(folder_ / "asked") ? test::read_text(folder_ / "asked") : "";
    }
    void program(const std::string& name, const std::string& text) const
    {
        test::write_text(folder_.path() / name, "#!/bin/bash\n" + text + "\n");
        std::filesystem::permissions(folder_.path() / name, std::filesystem::perms::owner_all);
    }
    /// Until the work has begun, which says so and obeys SIGTERM.
    [[nodiscard]] std::string work_until_stopped() const
    {
        return "trap 'sleep 0.1; exit 4' TERM; touch " + (folder_ / "begun") +
               "; for i in {1..600}; do sleep 0.1; done";
    }

    test::TemporaryFolder folder_;
    std::string before_worker_is_known_;  ///< lines of the script, right after the worker has been started
};

TEST_F(SlurmScriptInShell, HandsOverTheShareAndTheExitStatus)
{
    test::RunningCommand script = start("echo \"$@\"; exit 3");
    const test::CommandResult result = script.wait();
    EXPECT_EQ(result.out, "--share 3/8\n");
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(asked(), "");
}

TEST_F(SlurmScriptInShell, PassesSigtermOnAndEnds)
{
    test::RunningCommand script = start(work_until_stopped());
    ASSERT_TRUE(script.wait_for_file(folder_ / "begun"));
    script.send_signal(SIGTERM);
    EXPECT_EQ(script.wait().status, 4);
    EXPECT_EQ(asked(), "");
}

TEST_F(SlurmScriptInShell, PassesOnASigtermThatComesBeforeItKnowsItsWorker)
{
    before_worker_is_known_ = "until [ -e " + (folder_ / "begun") + " ]; do sleep 0.01; done; kill -TERM $$";
    EXPECT_EQ(start(work_until_stopped()).wait().status, 4);
}

TEST_F(SlurmScriptInShell, GoesBackIntoTheQueueAtTheTimeLimit)
{
    test::RunningCommand script = start(work_until_stopped(), 0, 0);
    ASSERT_TRUE(script.wait_for_file(folder_ / "begun"));
    script.send_signal(SIGUSR1);
    EXPECT_EQ(script.wait().status, 4);
    EXPECT_EQ(asked(), "requeue 70_3\n");
}

TEST_F(SlurmScriptInShell, WorksOnWhereTheTimeLimitComesAtOnce)
{
    test::RunningCommand script = start("touch " + (folder_ / "begun") + "; sleep 0.5; exit 3");
    ASSERT_TRUE(script.wait_for_file(folder_ / "begun"));
    script.send_signal(SIGUSR1);
    EXPECT_EQ(script.wait().status, 3);
    EXPECT_EQ(asked(), "");
}

TEST_F(SlurmScriptInShell, GoesBackIntoTheQueueAfterAKillButNotForEver)
{
    EXPECT_EQ(start("kill -KILL $$").wait().status, 137);
    EXPECT_EQ(asked(), "requeue 70_3\n");
    EXPECT_EQ(start("kill -KILL $$", 10).wait().status, 137);
    EXPECT_EQ(asked(), "requeue 70_3\n");
}

}  // namespace
}  // namespace wagesim::sweep
