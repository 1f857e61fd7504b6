// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --record: what it leaves, that it changes nothing else, and that neither a kill nor the engine changes the record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ref/data/npz.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> recorded(const std::string& out, const std::vector<std::string>& more = {})
{
    std::vector<std::string> arguments = {"--quiet", "--record", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

void expect_equal_records(const std::string& got, const std::string& expected)
{
    EXPECT_TRUE(read_text(got + "/record.npz") == read_text(expected + "/record.npz")) << "records differ";
}

TEST(Record, HoldsTheCurvesAndASampleAnEpoch)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "run")).status, 0);
    const NpzReader record(tiny / "run/record.npz");
    EXPECT_THAT(record.read("samples/step").values<int>(), ElementsAre(0, 11, 23, 35));
    EXPECT_THAT(record.read("epochs/epoch").values<int>(), ElementsAre(0, 1, 2));
    EXPECT_EQ(record.read("steps/loss").values<double>().size(), 36U);
    const nlohmann::json result = nlohmann::json::parse(read_text(tiny / "run/result.json"));
    EXPECT_EQ(record.read("config_hash").text(), result.at("config_hash").get<std::string>());
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
        const auto& row = result.at("epochs").at(epoch);
        EXPECT_EQ(record.read("epochs/loss").values<double>().at(epoch), row.at("loss").get<double>());
        EXPECT_EQ(record.read("epochs/test_error").values<double>().at(epoch), row.at("test_error").get<double>());
    }
}

TEST(Record, ChangesNothingElse)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "recorded", {"--dump", tiny / "recorded.npz"})).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "plain", "--dump", tiny / "plain.npz"}).status, 0);
    EXPECT_TRUE(read_text(tiny / "recorded/weights.npz") == read_text(tiny / "plain/weights.npz"));
    EXPECT_TRUE(read_text(tiny / "recorded.npz") == read_text(tiny / "plain.npz"));
    EXPECT_FALSE(fs::exists(tiny / "plain/record.npz"));
}

/// The first save of a run writes the record, then the checkpoint; here it got no further than the record.
TEST(Record, OfARunThatEndedInItsFirstSaveIsNoRun)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "whole")).status, 0);
    const auto lone = [&](const std::string& out) {
        fs::create_directory(out);
        fs::copy_file(tiny / "whole/record.npz", out + "/record.npz");
        return out;
    };
    const CommandResult again = tiny.run("train", recorded(lone(tiny / "again"), {"--resume"}));
    EXPECT_EQ(again.status, 0) << again.err;
    expect_equal_records(tiny / "again", tiny / "whole");

    const CommandResult plain = tiny.run("train", {"--quiet", "--resume", "--out", lone(tiny / "plain")});
    EXPECT_EQ(plain.status, 0) << plain.err;
    EXPECT_FALSE(fs::exists(tiny / "plain/record.npz"));
    EXPECT_TRUE(read_text(tiny / "plain/weights.npz") == read_text(tiny / "whole/weights.npz"));

    const CommandResult refused = tiny.run("train", {"--quiet", "--out", lone(tiny / "refused")});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("refused holds a run already (record.npz); --resume goes on with it"));
}

TEST(Record, KeepsItsLastSampleWhereAPartTakesNoStep)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "whole", {"--steps", "5"})).status, 0);
    for (const char* steps : {"5", "3", "5"}) {
        ASSERT_EQ(tiny.run("train", recorded(tiny / "parts", {"--steps", steps, "--resume"})).status, 0);
    }
    expect_equal_records(tiny / "parts", tiny / "whole");
}

TEST(Record, OfTheChipIsThatOfTheReference)
{
    const TinyRun tiny;
    for (const char* command : {"train", "simulate"}) {
        const CommandResult result =
            tiny.run(command, recorded(tiny / command, {"--set", small_chip(), "--steps", "15"}));
        ASSERT_EQ(result.status, 0) << result.err;
    }
    expect_equal_records(tiny / "simulate", tiny / "train");
}

TEST(Record, AfterKillsAtRandomMomentsIsTheUndisturbedOne)
{
    const TinyRun tiny;
    const std::vector<std::string> longer = {"--set", "data.count=4000", "--set", "training.epochs=20", "--resume"};
    const auto began = std::chrono::steady_clock::now();
    ASSERT_EQ(tiny.run("train", recorded(tiny / "whole", longer)).status, 0);
    const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - began;

    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0.05 * whole.count(), 0.4 * whole.count());
    const std::vector<std::string> arguments = tiny.arguments("train", recorded(tiny / "killed", longer));
    int kills = 0;
    for (; kills < 5; ++kills) {
        RunningCommand run(wagesim_arguments(arguments), wagesim_environment());
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(moment(random)));
        run.send_signal(SIGKILL);
        if (run.wait().status == 0) break;
    }
    EXPECT_GT(kills, 0) << "the run ended before the first kill";
    const CommandResult last = wagesim(arguments);
    ASSERT_EQ(last.status, 0) << last.err;
    expect_equal_records(tiny / "killed", tiny / "whole");
}

TEST(Record, OfARunInPartsIsThatOfTheWhole)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "whole")).status, 0);
    for (const char* steps : {"5", "12", "17", "36", "36"}) {
        ASSERT_EQ(tiny.run("train", recorded(tiny / "parts", {"--resume", "--steps", steps})).status, 0) << steps;
    }
    expect_equal_records(tiny / "parts", tiny / "whole");
}

TEST(Record, ARunIsRecordedAsAWholeOrNotAtAll)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "recorded", {"--steps", "5"})).status, 0);
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "plain", "--steps", "5"}).status, 0);
    const CommandResult without = tiny.run("train", {"--quiet", "--out", tiny / "recorded", "--resume"});
    EXPECT_EQ(without.status, 2);
    EXPECT_EQ(without.err,
              "wagesim: --resume: the run in " + (tiny / "recorded") + " is recorded; --record goes on with it\n");
    const CommandResult with = tiny.run("train", recorded(tiny / "plain", {"--resume"}));
    EXPECT_EQ(with.status, 2);
    EXPECT_EQ(with.err, "wagesim: --record: the run in " + (tiny / "plain") + " was begun without it\n");
}

TEST(Record, ACorruptOneIsRefusedByResume)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", recorded(tiny / "run", {"--steps", "5"})).status, 0);
    const std::string bytes = read_text(tiny / "run/record.npz");
    write_text(tiny / "run/record.npz", bytes.substr(0, bytes.size() / 2));
    const CommandResult result = tiny.run("train", recorded(tiny / "run", {"--resume"}));
    EXPECT_EQ(result.status, 3);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("record.npz"));
}

TEST(Record, AFolderWithARecordHoldsARun)
{
    const TinyRun tiny;
    fs::create_directory(tiny / "run");
    write_text(tiny / "run/record.npz", "");
    const CommandResult result = tiny.run("train", recorded(tiny / "run"));
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("holds a run already (record.npz)"));
}

}  // namespace
}  // namespace wagesim::test
