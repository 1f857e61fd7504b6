// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// `mpirun -n N wagesim train`: whatever N is, and whatever happens on the way, the run is that of a single process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/compare_runs.hpp"
#include "tests/system/data_place.hpp"
#include "tests/system/mpirun_command.hpp"
#include "tests/system/tiny_sweep.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Arguments = std::vector<std::string>;
using Json = nlohmann::json;

Arguments operator+(Arguments all, const Arguments& more)
{
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

class RanksOfMpirun : public ::testing::TestWithParam<int> {};

/// 8 images a batch and 30 test images: 3 ranks share them unevenly, and of 10 two have nothing to do.
TEST_P(RanksOfMpirun, LeaveTheRunFolderOfASingleProcess)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "one"}).status, 0);
    const CommandResult result = mpirun(GetParam(), tiny.arguments("train", {"--out", tiny / "many"}));
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    expect_equal_runs(tiny / "many", tiny / "one");
    EXPECT_TRUE(read_text(tiny / "many/config.yaml") == read_text(tiny / "one/config.yaml"));
    EXPECT_EQ(std::distance(fs::directory_iterator(tiny / "many"), fs::directory_iterator()), 5);
    EXPECT_THAT(result.out, HasSubstr(std::to_string(GetParam()) + " ranks of up to "));
    const auto lines = std::count(result.out.begin(), result.out.end(), '\n');
    EXPECT_EQ(lines, 7) << "plan, ranks, header, three epochs, summary:\n" << result.out;
}

INSTANTIATE_TEST_SUITE_P(Counts, RanksOfMpirun, ::testing::Values(2, 3, 10));

/// Each rank decodes its own images of a folder.
TEST(Ranks, ImageFoldersGiveTheRunOfASingleProcess)
{
    const DataPlace place(kFolderRun);
    place.put_images(7);
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "one"}).status, 0);
    const CommandResult result = mpirun(3, place.arguments("train", {"--quiet", "--out", place / "many"}));
    ASSERT_EQ(result.status, 0) << result.err;
    expect_equal_runs(place / "many", place / "one");
}

TEST(Ranks, AnImageThatOneRankCannotDecodeEndsAllInOneLineAndLeavesACheckpoint)
{
    const DataPlace place(kFolderRun);
    place.put_images(8);
    place.put("train/class2/7.png", "no image");
    const CommandResult result =
        mpirun(3, place.arguments("train", {"--quiet", "--out", place / "run", "--set", "data.shuffle=false"}));
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.err,
              "rank 2: " + place / "train/class2/7.png" + ": got neither a JPEG nor a PNG image, allowed those\n");
    EXPECT_TRUE(fs::exists(place / "run/checkpoint.npz"));
}

/// Shuffled, cropped and flipped colour images, in batches that no number of ranks here divides.
TEST(Ranks, ShuffleAndAugmentAsASingleProcess)
{
    const TinyRun tiny;
    const Arguments run = {"--quiet",
                           "--set",
                           "training.batch=7",
                           "--set",
                           "data.augment=crop_flip",
                           "--set",
                           "network.input={channels: 3, height: 9, width: 9}",
                           "--set",
                           "widths={w: 3, a: 6, g: 11, e: 13}"};
    ASSERT_EQ(tiny.run("train", run + Arguments{"--out", tiny / "one"}).status, 0);
    for (const int ranks : {2, 4}) {
        const std::string out = tiny / ("ranks" + std::to_string(ranks));
        const CommandResult result = mpirun(ranks, tiny.arguments("train", run + Arguments{"--out", out}));
        ASSERT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(result.out, "");
        expect_equal_runs(out, tiny / "one");
    }
}

/// MPI begins once in what mpirun starts; one rank needs none.
TEST(Ranks, OneMayBeAScriptOfSeveralCommands)
{
    const TinyRun tiny;
    const std::string train = std::string(WAGESIM_BINARY) + " train --quiet -c " + tiny.file() + " --out ";
    const CommandResult result = run_command(
        {WAGESIM_MPIRUN, "-q", "-n", "1", "/bin/sh", "-c", train + tiny / "one" + " && " + train + tiny / "two"},
        mpirun_environment());
    ASSERT_EQ(result.status, 0) << result.err;
    expect_equal_runs(tiny / "one", tiny / "two");
}

TEST(Ranks, PrintOneJsonObjectThatSaysHowManyTheyWere)
{
    const TinyRun tiny;
    const Json one = Json::parse(tiny.run("train", {"--json"}).out);
    const CommandResult result = mpirun(2, tiny.arguments("train", {"--json"}));
    ASSERT_EQ(result.status, 0) << result.err;
    const Json two = Json::parse(result.out);
    EXPECT_EQ(two.at("ranks"), 2);
    EXPECT_EQ(two.at("final_test_error"), one.at("final_test_error"));
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
        for (const char* key : {"epoch", "loss", "train_error", "test_error"}) {
            EXPECT_EQ(two.at("epochs").at(epoch).at(key), one.at("epochs").at(epoch).at(key)) << key;
        }
    }
    EXPECT_FALSE(one.contains("ranks"));
    const Json& communication = two.at("communication");
    // A step: the gradients of 4 x 9 and 10 x 36 weights, five numbers of the loss, two maxima, one request.
    const int steps = 36;
    EXPECT_GE(communication.at("bytes"), steps * (4 * (36 + 360) + 8 * (5 + 2 + 1)));
    EXPECT_GT(communication.at("operations"), steps * 6);
    EXPECT_GT(communication.at("seconds"), 0.0);
}

TEST(Ranks, StartFromTheWeightsOfAFile)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "5", "--seed", "9", "--out", tiny / "first"}).status, 0);
    const Arguments run = {"--quiet", "--weights", tiny / "first/weights.npz"};
    ASSERT_EQ(tiny.run("train", run + Arguments{"--out", tiny / "one"}).status, 0);
    ASSERT_EQ(mpirun(2, tiny.arguments("train", run + Arguments{"--out", tiny / "two"})).status, 0);
    expect_equal_runs(tiny / "two", tiny / "one");
}

TEST(Ranks, ResumeWhatAnyNumberOfThemBegan)
{
    const TinyRun tiny;
    const std::string out = tiny / "parts";
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "whole"}).status, 0);
    ASSERT_EQ(mpirun(3, tiny.arguments("train", {"--quiet", "--out", out, "--steps", "5"})).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", out, "--steps", "14", "--resume"}).status, 0);
    const CommandResult more = mpirun(2, tiny.arguments("train", {"--out", out, "--steps", "20", "--resume"}));
    ASSERT_EQ(more.status, 0) << more.err;
    EXPECT_THAT(more.out, HasSubstr("resumed after step 14\n"));
    ASSERT_EQ(mpirun(4, tiny.arguments("train", {"--quiet", "--out", out, "--resume"})).status, 0);
    expect_equal_runs(out, tiny / "whole");
}

struct Refusal {
    std::string name;
    Arguments arguments;  ///< TINY/ stands for the folder of the run file, which has a run in TINY/run
    int status;
    std::string expected;  ///< the one line of standard error
};

void PrintTo(const Refusal& refusal, std::ostream* out)
{
    *out << refusal.name;
}

class RefusedToRanks : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedToRanks, EndsThemAllWithOneLine)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "1", "--out", tiny / "run"}).status, 0);
    const auto placed = [&](std::string text) {
        const std::size_t at = text.find("TINY/");
        return at == std::string::npos ? text : text.replace(at, 5, tiny / "");
    };
    Arguments arguments;
    for (const std::string& argument : GetParam().arguments) arguments.push_back(placed(argument));
    const CommandResult result = mpirun(3, arguments);
    EXPECT_EQ(result.status, GetParam().status);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error_lines(), ElementsAre(placed(GetParam().expected)));
}

const std::string kOnlyTrain = "wagesim: command: got 3 ranks of mpirun, allowed 1; only train is split over ranks";

INSTANTIATE_TEST_SUITE_P(
    Ranks, RefusedToRanks,
    ::testing::ValuesIn(std::vector<Refusal>{
        {"simulate", {"simulate", "-c", "TINY/tiny.yaml", "--set", small_chip()}, 2, kOnlyTrain},
        {"verify", {"verify", "-c", "TINY/tiny.yaml", "--set", small_chip()}, 2, kOnlyTrain},
        {"infer", {"infer", "-c", "TINY/tiny.yaml", "--weights", "TINY/run/weights.npz"}, 2, kOnlyTrain},
        {"dump",
         {"train", "-c", "TINY/tiny.yaml", "--dump", "TINY/dump.npz"},
         2,
         "wagesim: --dump: got 3 ranks, allowed 1, since no rank has a whole batch's tensors"},
        {"record",
         {"train", "-c", "TINY/tiny.yaml", "--record", "--out", "TINY/recorded"},
         2,
         "wagesim: --record: got 3 ranks, allowed 1, since no rank has a whole batch's tensors"},
        {"unknown_option", {"train", "--fast"}, 2, "wagesim: --config is required; see wagesim train --help"},
        {"value_out_of_range",
         {"train", "-c", "TINY/tiny.yaml", "--set", "training.batch=0"},
         2,
         "--set training.batch: got 0, allowed an integer 1..65536"},
        {"config",
         {"config", "-c", "TINY/tiny.yaml", "--set", "training.batch=0"},
         2,
         "--set training.batch: got 0, allowed an integer 1..65536"},
        {"batch_above_data",
         {"train", "-c", "TINY/tiny.yaml", "--set", "training.batch=101"},
         2,
         "--set training.batch: got 101, allowed an integer 1..100, the images there are"},
        {"folder_with_a_run",
         {"train", "-c", "TINY/tiny.yaml", "--out", "TINY/run"},
         2,
         "wagesim: --out: TINY/run holds a run already (config.yaml); --resume goes on with it"},
        {"weights_missing",
         {"train", "-c", "TINY/tiny.yaml", "--weights", "TINY/none.npz"},
         3,
         "TINY/none.npz: no such file"},
        {"weights_that_are_none",
         {"train", "-c", "TINY/tiny.yaml", "--weights", "TINY/tiny.yaml"},
         3,
         "TINY/tiny.yaml: got no usable .npz archive (Not a zip archive)"},
    }),
    [](const auto& one) { return one.param.name; });

TEST(Ranks, FailTogetherWhereOnlyRank0CanFail)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "1", "--out", tiny / "run"}).status, 0);
    write_text(tiny / "run/checkpoint.npz", "no archive\n");
    const CommandResult result = mpirun(3, tiny.arguments("train", {"--out", tiny / "run", "--resume"}));
    EXPECT_EQ(result.status, 3);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("checkpoint.npz"));
}

/// mpirun -n RANKS sh -c SCRIPT FOLDER: ranks that are not started alike. The folder is $0.
CommandResult mpirun_script(int ranks, const std::string& script, const std::string& folder)
{
    Arguments arguments = mpirun_arguments(ranks, {});
    arguments.pop_back();  // wagesim
    return run_command(arguments + Arguments{"/bin/sh", "-c", script, folder}, mpirun_environment());
}

TEST(Ranks, FailTogetherWhereOnlyOneOfThemDoes)
{
    const TinyRun tiny;
    // Rank 1 has a run file of its own.
    write_text(tiny / "other.yaml", std::string(tiny_run()) + "widths: {w: 9}\n");
    const std::string script = "exec " WAGESIM_BINARY
                               " train --quiet -c \"$0/$( [ $OMPI_COMM_WORLD_RANK = 1 ] && echo "
                               "other || echo tiny ).yaml\"";
    const CommandResult result = mpirun_script(3, script, tiny / "");
    EXPECT_EQ(result.status, 2);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("rank 1: "));
    EXPECT_THAT(result.err, HasSubstr("widths.w: got 9, allowed an integer 2..8"));

    write_text(tiny / "other.yaml", std::string(tiny_run()) + "widths: {w: 3}\n");
    const CommandResult unlike = mpirun_script(3, script, tiny / "");
    EXPECT_EQ(unlike.status, 3);
    ASSERT_EQ(unlike.error_lines().size(), 1U) << unlike.err;
    EXPECT_THAT(unlike.err, HasSubstr("rank 1: config_hash: got "));
    EXPECT_THAT(unlike.err, HasSubstr(" as on rank 0"));
}

/// Files of rank 0 alone, as on machines without a common file system.
TEST(Ranks, TakeTheWeightsOfRank0)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "3", "--seed", "9", "--out", tiny / "first"}).status, 0);
    const std::string weights = tiny / "first/weights.npz";
    ASSERT_EQ(tiny.run("train", {"--quiet", "--weights", weights, "--out", tiny / "alone"}).status, 0);
    const std::string script =
        "exec " WAGESIM_BINARY
        " train --quiet -c \"$0/tiny.yaml\" --out \"$0/ranks\" "
        "--weights \"$0/$( [ $OMPI_COMM_WORLD_RANK = 0 ] && echo first/weights || echo none ).npz\"";
    const CommandResult result = mpirun_script(2, script, tiny / "");
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(read_text(tiny / "ranks/weights.npz") == read_text(tiny / "alone/weights.npz"));
}

TEST(Ranks, AnswerForHelpAndVersionOnce)
{
    const CommandResult version = mpirun(3, {"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_EQ(version.out, wagesim({"--version"}).out);
    EXPECT_EQ(mpirun(2, {"train", "--help"}).out, wagesim({"train", "--help"}).out);
    const TinyRun tiny;
    EXPECT_EQ(mpirun(2, tiny.arguments("config")).out, tiny.run("config").out);
}

/// A run that one process recorded cannot go on with two, which have no record.
TEST(Ranks, RefuseARecordTogether)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--record", "--steps", "3", "--out", tiny / "run"}).status, 0);
    const CommandResult refused = mpirun(2, tiny.arguments("train", {"--resume", "--out", tiny / "run"}));
    EXPECT_EQ(refused.status, 2);
    ASSERT_EQ(refused.error_lines().size(), 1U) << refused.err;
    EXPECT_THAT(refused.err, Not(HasSubstr("rank 0")));
}

TEST(Ranks, WithOtherCommandLinesAreRefused)
{
    const TinyRun tiny;
    Arguments arguments = mpirun_arguments(1, tiny.arguments("train"));
    for (const std::string& argument : Arguments{":", "-n", "1", WAGESIM_BINARY}) arguments.push_back(argument);
    for (const std::string& argument : tiny.arguments("train", {"--steps", "2"})) arguments.push_back(argument);
    const CommandResult refused = run_command(arguments, mpirun_environment());
    EXPECT_EQ(refused.status, 3);
    ASSERT_EQ(refused.error_lines().size(), 1U) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("command line: got "));
}

/// Workers of a sweep are no ranks, though their parent is one.
TEST(Ranks, OfWhichThereIsOneMayRunASweep)
{
    const TinySweep sweep(
        "name: short\nbase: tiny.yaml\ncommand: train\nseeds: [1, 2, 3]\n"
        "objectives: {final_test_error: min}\n");
    const CommandResult one = mpirun(1, sweep.arguments("run", "out", {"--jobs", "2"}));
    EXPECT_EQ(one.status, 0) << one.err;
    EXPECT_THAT(one.out, HasSubstr("3 done, 0 failed, 0 missing"));
}

TEST(Ranks, OfWhichThereIsOneMayDoEverything)
{
    const TinyRun tiny;
    const CommandResult one = mpirun(1, tiny.arguments("verify", {"--set", small_chip(), "--steps", "1"}));
    EXPECT_EQ(one.status, 0) << one.err;
    EXPECT_THAT(one.out, HasSubstr("differences: 0"));
    EXPECT_EQ(mpirun(1, tiny.arguments("train", {"--steps", "1", "--dump", tiny / "dump.npz"})).status, 0);
    EXPECT_TRUE(fs::exists(tiny / "dump.npz"));
}

constexpr std::uint64_t kStepsAnEpoch = 250;

/// A run that only a blow ends, however long mpirun takes to pass it on.
Arguments endless_run(const std::string& out)
{
    return {"--quiet", "--out", out, "--set", "data.count=2000", "--set", "training.epochs=100000"};
}

struct Blow {
    std::string name;
    int rank;  ///< -1: mpirun itself
    int signal;
    int status;  ///< of mpirun
};

void PrintTo(const Blow& blow, std::ostream* out)
{
    *out << blow.name;
}

class RanksUnder : public ::testing::TestWithParam<Blow> {
protected:
    /// A run of three ranks that got the signal after its first epoch.
    static CommandResult ended(const TinyRun& tiny, bool quiet, const Arguments& environment)
    {
        RunningCommand run(mpirun_arguments(3, tiny.arguments("train", endless_run(tiny / "ended")), quiet),
                           mpirun_environment(environment));
        EXPECT_TRUE(run.wait_for_file(tiny / "ended/epochs.csv"));
        if (GetParam().rank < 0) {
            run.send_signal(GetParam().signal);
        } else {
            const std::optional<pid_t> process = process_of_rank(run.pid(), GetParam().rank);
            EXPECT_TRUE(process.has_value());
            if (process) ::kill(*process, GetParam().signal);
        }
        return run.wait();
    }
    static void expect_resumable(const TinyRun& tiny)
    {
        EXPECT_FALSE(fs::exists(tiny / "ended/result.json"));
        ASSERT_TRUE(fs::exists(tiny / "ended/checkpoint.npz"));
        const std::string epochs = read_text(tiny / "ended/epochs.csv");
        const auto done = static_cast<std::uint64_t>(std::count(epochs.begin(), epochs.end(), '\n')) - 1;
        const Arguments further = {"--steps", std::to_string((done + 2) * kStepsAnEpoch)};
        ASSERT_EQ(tiny.run("train", endless_run(tiny / "whole") + further).status, 0);
        const CommandResult resumed =
            mpirun(2, tiny.arguments("train", endless_run(tiny / "ended") + further + Arguments{"--resume"}));
        ASSERT_EQ(resumed.status, 0) << resumed.err;
        expect_equal_runs(tiny / "ended", tiny / "whole");
    }
};

class RanksUnderInterruption : public RanksUnder {};

TEST_P(RanksUnderInterruption, StopAfterTheSameStepAndCanGoOn)
{
    const TinyRun tiny;
    // mpirun kills what it has terminated a second ago, which is not long on a busy machine. It waits that long anyway.
    const CommandResult stopped = ended(tiny, true, {"OMPI_MCA_odls_base_sigkill_timeout=5"});
    EXPECT_EQ(stopped.status, GetParam().status);
    EXPECT_THAT(stopped.err, HasSubstr("wagesim: interrupted after step "));
    EXPECT_THAT(stopped.err, HasSubstr("with --resume goes on from " + tiny / "ended/checkpoint.npz"));
    EXPECT_EQ(stopped.err.find("interrupted"), stopped.err.rfind("interrupted")) << stopped.err;
    expect_resumable(tiny);
}

INSTANTIATE_TEST_SUITE_P(Signals, RanksUnderInterruption,
                         ::testing::ValuesIn(std::vector<Blow>{{"interrupt_rank_0", 0, SIGINT, 4},
                                                               {"terminate_rank_2", 2, SIGTERM, 4},
                                                               {"user_1_mpirun", -1, SIGUSR1, 4},
                                                               {"interrupt_mpirun", -1, SIGINT, 1},
                                                               {"terminate_mpirun", -1, SIGTERM, 1}}),
                         [](const auto& one) { return one.param.name; });

class RanksUnderKill : public RanksUnder {};

TEST_P(RanksUnderKill, EndWithOneMessageAndCanGoOn)
{
    const TinyRun tiny;
    const CommandResult killed = ended(tiny, false, {});
    EXPECT_EQ(killed.status, GetParam().status);
    const std::string expected = "mpirun noticed that process rank " + std::to_string(GetParam().rank);
    EXPECT_THAT(killed.err, HasSubstr(expected));
    EXPECT_THAT(killed.err, HasSubstr("exited on signal 9 (Killed)"));
    EXPECT_EQ(killed.err.find("exited on signal"), killed.err.rfind("exited on signal")) << killed.err;
    EXPECT_THAT(killed.err, Not(HasSubstr("wagesim:")));
    expect_resumable(tiny);
}

INSTANTIATE_TEST_SUITE_P(Ranks, RanksUnderKill,
                         ::testing::ValuesIn(std::vector<Blow>{{"rank_0", 0, SIGKILL, 137},
                                                               {"rank_1", 1, SIGKILL, 137}}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace wagesim::test
