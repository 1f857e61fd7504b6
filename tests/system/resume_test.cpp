// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whatever ends a run, --resume gives what an uninterrupted one would have given, bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ref/data/npz.hpp"
#include "tests/system/compare_runs.hpp"
#include "tests/system/data_place.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;

/// Long enough to be interrupted in the middle: steps of some tens of microseconds to milliseconds, 20 epochs.
std::vector<std::string> long_run(const std::string& out)
{
    return {"--quiet", "--out", out, "--set", "data.count=4000", "--set", "training.epochs=20"};
}

TEST(Resume, AfterKillsAtRandomMomentsGivesTheSameRun)
{
    const TinyRun tiny;
    const auto began = std::chrono::steady_clock::now();
    ASSERT_EQ(tiny.run("train", long_run(tiny / "whole")).status, 0);
    const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - began;

    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0.05 * whole.count(), 0.4 * whole.count());
    std::vector<std::string> arguments = long_run(tiny / "killed");
    arguments.emplace_back("--resume");
    int kills = 0;
    for (; kills < 5; ++kills) {
        RunningCommand run(wagesim_arguments(tiny.arguments("train", arguments)), wagesim_environment());
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(moment(random)));
        run.send_signal(SIGKILL);
        if (run.wait().status == 0) break;
        EXPECT_FALSE(fs::exists(tiny / "killed/result.json"));
    }
    EXPECT_GT(kills, 0) << "the run ended before the first kill";
    const CommandResult last = tiny.run("train", arguments);
    ASSERT_EQ(last.status, 0) << last.err;
    expect_equal_runs(tiny / "killed", tiny / "whole");
    const auto files = [&](const char* folder) {
        return std::distance(fs::directory_iterator(tiny / folder), fs::directory_iterator());
    };
    EXPECT_EQ(files("killed"), files("whole")) << "something half-written was left";
}

class Interruption : public ::testing::TestWithParam<int> {};

TEST_P(Interruption, LeavesACheckpointAndSaysHowToGoOn)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", long_run(tiny / "whole")).status, 0);
    std::vector<std::string> arguments = long_run(tiny / "stopped");
    RunningCommand run(wagesim_arguments(tiny.arguments("train", arguments)), wagesim_environment());
    ASSERT_TRUE(run.wait_for_file(tiny / "stopped/epochs.csv"));
    run.send_signal(GetParam());
    const CommandResult stopped = run.wait();
    EXPECT_EQ(stopped.status, 4);
    ASSERT_EQ(stopped.error_lines().size(), 1U) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("--resume"));
    EXPECT_FALSE(fs::exists(tiny / "stopped/result.json"));

    arguments.emplace_back("--resume");
    ASSERT_EQ(tiny.run("train", arguments).status, 0);
    expect_equal_runs(tiny / "stopped", tiny / "whole");
}

INSTANTIATE_TEST_SUITE_P(Signals, Interruption, ::testing::Values(SIGINT, SIGTERM));

TEST(Resume, WithoutAFolderAnInterruptionSaysThatNothingIsKept)
{
    const TinyRun tiny;
    RunningCommand run(wagesim_arguments(tiny.arguments("train", {"--quiet", "--set", "training.epochs=100000"})),
                       wagesim_environment());
    ASSERT_TRUE(run.wait_for_handler(SIGINT));
    run.send_signal(SIGINT);
    const CommandResult stopped = run.wait();
    EXPECT_EQ(stopped.status, 4);
    ASSERT_EQ(stopped.error_lines().size(), 1U) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("nothing is kept without --out"));
}

TEST(Resume, NoStepIsBegunAfterASignalThatCameWhileDataWereLoaded)
{
    const TinyRun tiny;
    const std::vector<std::string> arguments = {
        "--quiet", "--out", tiny / "run", "--set", "data.count=1000000", "--set", "training.epochs=2"};
    RunningCommand run(wagesim_arguments(tiny.arguments("train", arguments)), wagesim_environment());
    ASSERT_TRUE(run.wait_for_handler(SIGTERM));
    run.send_signal(SIGTERM);
    const CommandResult stopped = run.wait();
    EXPECT_EQ(stopped.status, 4);
    EXPECT_THAT(stopped.err, HasSubstr("interrupted after step 0"));
    EXPECT_TRUE(fs::exists(tiny / "run/checkpoint.npz"));
}

/// A folder with result.json holds a complete run, and this one is so no longer.
TEST(Resume, ARunThatGoesOnIsNotComplete)
{
    const TinyRun tiny;
    const std::vector<std::string> arguments = {"--quiet", "--set", "training.epochs=100000", "--out", tiny / "run"};
    std::vector<std::string> short_run = arguments;
    short_run.insert(short_run.end(), {"--steps", "5"});
    ASSERT_EQ(tiny.run("train", short_run).status, 0);
    ASSERT_TRUE(fs::exists(tiny / "run/result.json"));
    std::vector<std::string> resumed = arguments;
    resumed.emplace_back("--resume");
    RunningCommand run(wagesim_arguments(tiny.arguments("train", resumed)), wagesim_environment());
    while (fs::exists(tiny / "run/result.json")) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    run.send_signal(SIGTERM);
    EXPECT_EQ(run.wait().status, 4);
    EXPECT_FALSE(fs::exists(tiny / "run/result.json"));
    EXPECT_FALSE(fs::exists(tiny / "run/weights.npz")) << "of a step that the run has left behind";
}

/// `wagesim train ... | head`: nobody reads any longer.
TEST(Interruption, ByWhoeverReadsTheOutputLeavesACheckpoint)
{
    const TinyRun tiny;
    const std::string program = WAGESIM_BINARY;
    const CommandResult result =
        run_command({"/bin/sh", "-c",
                     program + " train -c " + tiny.file() + " --set training.epochs=1000000 --out " + tiny / "run" +
                         " 2> " + tiny / "errors" + " | head -n 1"},
                    wagesim_environment());
    EXPECT_EQ(result.out,
              "tiny: 100 training and 30 test images, 2 weight layers, 12000000 steps with batch 8, seed 7\n");
    EXPECT_THAT(read_text(tiny / "errors"), HasSubstr("the same command with --resume goes on from"));
    EXPECT_TRUE(fs::exists(tiny / "run/checkpoint.npz"));
}

/// Commands that take a moment ask for no signal, and so end at once.
TEST(Interruption, EndsWhatHasNothingToKeep)
{
    const TinyRun tiny;
    const std::string fifo = tiny / "fifo.yaml";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    const int writer = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC);  // so that its reader waits
    for (const int signal : {SIGINT, SIGTERM}) {
        RunningCommand run(wagesim_arguments({"config", "-c", fifo}), wagesim_environment());
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        run.send_signal(signal);
        EXPECT_EQ(run.wait().status, -signal);
    }
    ::close(writer);
}

/// docs/interfaces.md: at least once a minute.
TEST(Resume, ARunThatIsKilledLosesAMinuteAtMost)
{
    const TinyRun tiny;
    const std::vector<std::string> arguments = {"--out",
                                                tiny / "run",
                                                "--resume",
                                                "--set",
                                                "data.count=1000000",
                                                "--set",
                                                "training.batch=1",
                                                "--set",
                                                "network.layers.0.conv.filters=300"};
    RunningCommand run(wagesim_arguments(tiny.arguments("train", arguments)), wagesim_environment());
    ASSERT_TRUE(run.wait_for_file(tiny / "run/config.yaml"));  // after the checkpoint of step 0
    const auto step = [&] { return NpzReader(tiny / "run/checkpoint.npz").read("step").scalar<std::uint64_t>(); };
    const auto began = std::chrono::steady_clock::now();
    while (step() == 0 && std::chrono::steady_clock::now() - began < std::chrono::seconds(60)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    run.send_signal(SIGKILL);
    (void)run.wait();
    const std::uint64_t saved = step();
    EXPECT_GT(saved, 0U);
    EXPECT_FALSE(fs::exists(tiny / "run/epochs.csv")) << "an epoch ended, which saves too";
    std::vector<std::string> more = arguments;
    more.insert(more.end(), {"--steps", std::to_string(saved + 1)});
    const CommandResult resumed = tiny.run("train", more);
    ASSERT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_THAT(resumed.out, HasSubstr("resumed after step " + std::to_string(saved)));
}

TEST(Resume, OverwritesNoRunThatHasLostItsCheckpoint)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    const std::string weights = read_text(tiny / "run/weights.npz");
    fs::remove(tiny / "run/checkpoint.npz");
    const CommandResult refused = tiny.run("train", {"--out", tiny / "run", "--resume"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.err, "wagesim: --out: " + (tiny / "run") +
                               " holds a run already (result.json), but no checkpoint to go on from\n");
    EXPECT_EQ(read_text(tiny / "run/weights.npz"), weights);
}

TEST(Resume, StartsWhereThereIsNoCheckpoint)
{
    const TinyRun tiny;
    EXPECT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run", "--resume"}).status, 0);
    EXPECT_TRUE(fs::exists(tiny / "run/weights.npz"));
}

TEST(Resume, OfAFinishedRunRepeatsItsResult)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    fs::copy(tiny / "run", tiny / "copy");
    const CommandResult again = tiny.run("train", {"--json", "--out", tiny / "run", "--resume"});
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(Json::parse(again.out).at("epochs"), Json::parse(read_text(tiny / "copy/result.json")).at("epochs"));
    expect_equal_runs(tiny / "run", tiny / "copy");
}

TEST(Resume, ContinuesARunThatStepsEndedInsideAnEpoch)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "whole"}).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "parts", "--steps", "5"}).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "parts", "--steps", "17", "--resume"}).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "parts", "--resume"}).status, 0);
    expect_equal_runs(tiny / "parts", tiny / "whole");
}

/// A checkpoint, written again with one number changed.
void change_entry(const std::string& file, const std::string& entry, std::uint64_t value)
{
    const NpzReader before(file);
    NpzWriter after(file);
    for (const std::string& name : before.names()) {
        const NpyArray array = before.read(name);
        if (name == entry) {
            after.add_scalar(name, value);
        } else if (array.header.type == NpyType::text) {
            after.add_text(name, array.text());
        } else {
            after.add(name, array.header.type, array.header.shape, array.bytes.data());
        }
    }
    after.finish();
}

TEST(Resume, RefusesACheckpointThatContradictsItself)
{
    const TinyRun tiny;
    for (const auto& [entry, value] : std::vector<std::pair<std::string, std::uint64_t>>{
             {"epoch/samples", 25}, {"epoch/samples", 32}, {"epoch/correct", 30}}) {
        const std::string out = tiny / ("run" + std::to_string(value));
        ASSERT_EQ(tiny.run("train", {"--quiet", "--out", out, "--steps", "3"}).status, 0);
        change_entry(out + "/checkpoint.npz", entry, value);
        const CommandResult result = tiny.run("train", {"--quiet", "--out", out, "--resume"});
        EXPECT_EQ(result.status, 3) << entry << " " << value;
        ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
        EXPECT_THAT(result.err, HasSubstr("checkpoint.npz: got "));
    }
}

TEST(Resume, RefusesACheckpointOfAnotherConfiguration)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    const std::pair<const char*, const char*> others[] = {{"seed=8", "seed: 7 there, 8 here"},
                                                          {"widths.e=9", "widths.e: 8 there, 9 here"},
                                                          {"training.batch=4", "training.batch: 8 there, 4 here"},
                                                          {"data.count=101", "data.count: 100 there, 101 here"},
                                                          {"training.eta={0: -1}", "training.eta.0: 0 there, -1 here"}};
    for (const auto& [other, named] : others) {
        const CommandResult result = tiny.run("train", {"--quiet", "--out", tiny / "run", "--resume", "--set", other});
        EXPECT_EQ(result.status, 3) << other;
        EXPECT_EQ(result.err, tiny / "run/checkpoint.npz: got a checkpoint of another configuration (" + named +
                                  "), allowed this run's\n");
    }
    const CommandResult many =
        tiny.run("train", {"--out", tiny / "run", "--resume", "--set", "widths={w: 3, a: 4, g: 9, e: 5}"});
    EXPECT_THAT(many.err, HasSubstr("(widths.w: 2 there, 3 here; widths.a: 8 there, 4 here; widths.g: 8 there, 9 here; "
                                    "1 more), allowed"));
    // A name decides no result.
    EXPECT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run", "--resume", "--set", "name=other"}).status, 0);
}

TEST(Resume, RefusesACheckpointOfOtherData)
{
    const DataPlace place(kFolderRun);
    place.put_images(7);
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "run"}).status, 0);
    place.put("train/class2/1.png", read_text(place / "train/class1/1.png"));
    const CommandResult result = place.run("train", {"--quiet", "--out", place / "run", "--resume"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.err, HasSubstr("(all keys are equal, but data files are not)"));
}

}  // namespace
}  // namespace wagesim::test
