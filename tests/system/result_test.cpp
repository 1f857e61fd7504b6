// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What train leaves: JSON, the run folder's files, dumps; and what must not change it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "ref/data/npz.hpp"
#include "tests/system/compare_runs.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

std::vector<std::string> keys_of(const Json& object)
{
    std::vector<std::string> keys;
    for (const auto& item : object.items()) keys.push_back(item.key());
    return keys;
}

std::set<std::string> names_in(const std::string& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
}

Json train(const TinyRun& tiny, std::vector<std::string> more = {})
{
    more.emplace_back("--json");
    const CommandResult result = tiny.run("train", more);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
}

TEST(TrainResult, HasTheKeysOfTheInterface)
{
    const TinyRun tiny;
    const Json result = train(tiny);
    EXPECT_THAT(keys_of(result),
                ElementsAre("config_hash", "epochs", "final_test_error", "host", "steps", "version", "wall_seconds"));
    EXPECT_EQ(result.at("steps"), 36);
    ASSERT_EQ(result.at("epochs").size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const Json& epoch = result.at("epochs").at(i);
        EXPECT_THAT(keys_of(epoch), ElementsAre("epoch", "images_per_second", "loss", "test_error", "train_error"));
        EXPECT_EQ(epoch.at("epoch"), i);
        EXPECT_GT(epoch.at("loss"), 0.0);
        EXPECT_GT(epoch.at("images_per_second"), 0.0);
        const double train_error = epoch.at("train_error");
        EXPECT_EQ(train_error * 96, std::round(train_error * 96));  // 12 steps of 8 images
    }
    EXPECT_EQ(result.at("final_test_error"), result.at("epochs").back().at("test_error"));
    EXPECT_EQ(result.at("config_hash").get<std::string>().size(), 64U);
    EXPECT_GT(result.at("wall_seconds"), 0.0);
}

TEST(TrainResult, IsNullWhereThereAreNoTestImages)
{
    const TinyRun tiny;
    const Json result = train(tiny, {"--set", "data.test_count=0"});
    EXPECT_TRUE(result.at("final_test_error").is_null());
    EXPECT_TRUE(result.at("epochs").at(0).at("test_error").is_null());
}

TEST(TrainResult, StepsMayEndInsideAnEpoch)
{
    const TinyRun tiny;
    const Json whole = train(tiny);
    const Json part = train(tiny, {"--steps", "14"});
    EXPECT_EQ(part.at("steps"), 14);
    ASSERT_EQ(part.at("epochs").size(), 2U);
    EXPECT_EQ(part.at("epochs").at(0).at("loss"), whole.at("epochs").at(0).at("loss"));
    const double error = part.at("epochs").at(1).at("train_error");
    EXPECT_EQ(error * 16, std::round(error * 16));  // two steps of 8 images
    EXPECT_EQ(part.at("final_test_error"), part.at("epochs").at(1).at("test_error"));
}

TEST(TrainResult, NoStepsIsLegalAndMeasuresTheInitialWeights)
{
    const TinyRun tiny;
    const Json result = train(tiny, {"--steps", "0"});
    EXPECT_EQ(result.at("steps"), 0);
    EXPECT_TRUE(result.at("epochs").empty());
    EXPECT_TRUE(result.at("final_test_error").is_number());
}

TEST(TrainResult, DependsOnTheSeedAndNotOnThreads)
{
    const TinyRun tiny;
    const Json one = without_times(train(tiny, {"--threads", "1", "--out", tiny / "one"}));
    const Json two = without_times(train(tiny, {"--threads", "2", "--out", tiny / "two"}));
    EXPECT_EQ(one, two);
    EXPECT_EQ(read_text(tiny / "one/weights.npz"), read_text(tiny / "two/weights.npz"));
    const Json other = without_times(train(tiny, {"--seed", "8", "--out", tiny / "other"}));
    EXPECT_NE(one.at("config_hash"), other.at("config_hash"));
    EXPECT_NE(read_text(tiny / "one/weights.npz"), read_text(tiny / "other/weights.npz"));
}

TEST(TrainResult, ThreadsOptionReachesTheMachine)
{
    const TinyRun tiny;
    EXPECT_EQ(train(tiny, {"--threads", "1"}).at("host").at("threads"), 1);
    EXPECT_EQ(train(tiny, {"--threads", "3"}).at("host").at("threads"), 3);
    const CommandResult result = tiny.run("train", {"--json"}, {"OMP_NUM_THREADS=2"});
    EXPECT_EQ(Json::parse(result.out).at("host").at("threads"), 2);
}

TEST(RunFolder, HoldsTheFilesOfTheInterface)
{
    const TinyRun tiny;
    const Json result = train(tiny, {"--out", tiny / "a/b"});
    EXPECT_EQ(names_in(tiny / "a/b"),
              (std::set<std::string>{"checkpoint.npz", "config.yaml", "epochs.csv", "result.json", "weights.npz"}));
    EXPECT_EQ(Json::parse(read_text(tiny / "a/b/result.json")), result);
    EXPECT_EQ(read_text(tiny / "a/b/config.yaml"), tiny.run("config").out);
    const std::string csv = read_text(tiny / "a/b/epochs.csv");
    EXPECT_EQ(csv.substr(0, csv.find('\n')), "epoch,loss,train_error,test_error,images_per_second");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);

    const NpzReader weights(tiny / "a/b/weights.npz");
    EXPECT_EQ(weights.read("step").scalar<int>(), 36);
    EXPECT_EQ(weights.read("config").text(), read_text(tiny / "a/b/config.yaml"));
    EXPECT_THAT(weights.read("layer0/weight_stored").header.shape, ElementsAre(4U, 1U, 3U, 3U));
    EXPECT_THAT(weights.read("layer1/weight_stored").header.shape, ElementsAre(10U, 36U));
}

TEST(RunFolder, IsRefusedWhereItHoldsARun)
{
    const TinyRun tiny;
    train(tiny, {"--out", tiny / "run"});
    const std::string before = read_text(tiny / "run/result.json");
    const CommandResult again = tiny.run("train", {"--out", tiny / "run"});
    EXPECT_EQ(again.status, 2);
    ASSERT_EQ(again.error_lines().size(), 1U);
    EXPECT_EQ(read_text(tiny / "run/result.json"), before);
}

TEST(RunFolder, OfARunIsNoPlaceForAnInferAndThereIsNoGoingOn)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "1", "--out", tiny / "run"}).status, 0);
    const CommandResult result = tiny.run("infer", {"--weights", tiny / "run/weights.npz", "--out", tiny / "run"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("holds a run already (config.yaml)\n"));
}

TEST(RunFolder, BelongsToOneRunAtATime)
{
    const TinyRun tiny;
    RunningCommand first(wagesim_arguments(tiny.arguments(
                             "train", {"--quiet", "--out", tiny / "run", "--set", "training.epochs=100000"})),
                         wagesim_environment());
    ASSERT_TRUE(first.wait_for_file(tiny / "run/config.yaml"));
    const CommandResult second = tiny.run("train", {"--out", tiny / "run", "--resume"});
    EXPECT_EQ(second.status, 2);
    EXPECT_THAT(second.err, ::testing::HasSubstr("another run"));
}

TEST(Weights, StartARunWhereAnotherEnded)
{
    const TinyRun tiny;
    train(tiny, {"--out", tiny / "run"});
    const Json continued =
        train(tiny, {"--weights", tiny / "run/weights.npz", "--steps", "0", "--dump", tiny / "dump.npz"});
    const Json inferred = Json::parse(tiny.run("infer", {"--weights", tiny / "run/weights.npz", "--json"}).out);
    EXPECT_EQ(continued.at("final_test_error"), inferred.at("test_error"));
    const NpzReader weights(tiny / "run/weights.npz");
    const NpzReader dump(tiny / "dump.npz");
    EXPECT_EQ(dump.read("step0/layer1/weight_stored").values<int>(),
              weights.read("layer1/weight_stored").values<int>());
}

TEST(Infer, CountsTheTestImages)
{
    const TinyRun tiny;
    const Json trained = train(tiny, {"--out", tiny / "run"});
    const CommandResult result = tiny.run("infer", {"--weights", tiny / "run/checkpoint.npz", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    const Json inferred = Json::parse(result.out);
    EXPECT_THAT(keys_of(inferred), ElementsAre("correct", "images", "test_error"));
    EXPECT_EQ(inferred.at("images"), 30);
    EXPECT_EQ(inferred.at("test_error"), trained.at("final_test_error"));
    EXPECT_EQ(inferred.at("test_error").get<double>(), (30.0 - inferred.at("correct").get<double>()) / 30.0);
    EXPECT_EQ(tiny.run("infer", {"--weights", tiny / "run/weights.npz", "--set", "data.test_count=0"}).status, 2);
}

TEST(Dump, HoldsEveryTensorOfEveryStep)
{
    const TinyRun tiny;
    train(tiny, {"--steps", "2", "--dump", tiny / "dump.npz"});
    const NpzReader dump(tiny / "dump.npz");
    std::set<std::string> expected;
    for (const char* step : {"step0", "step1"}) {
        for (const char* name : {"loss", "prediction"}) expected.insert(std::string(step) + "/" + name);
        for (const char* name :
             {"weight_stored", "weight_q", "input", "acc", "error_in", "error_q", "error_mac", "gradient", "delta",
              "weight_stored_next", "sA", "max_error", "exponent_e", "max_gradient", "exponent_g"}) {
            for (const char* layer : {"layer0", "layer1"}) {
                expected.insert(std::string(step) + "/" + layer + "/" + name);
            }
        }
        for (const char* name : {"pooled", "pool_winner", "output", "mask_active", "mask_unclipped"}) {
            expected.insert(std::string(step) + "/layer0/" + name);
        }
        expected.insert(std::string(step) + "/layer1/error_out");
    }
    EXPECT_EQ(std::set<std::string>(dump.names().begin(), dump.names().end()), expected);
    EXPECT_EQ(dump.read("step1/layer0/weight_stored").values<int>(),
              dump.read("step0/layer0/weight_stored_next").values<int>());
}

TEST(Dump, OfNoStepsHoldsTheInitialWeights)
{
    const TinyRun tiny;
    train(tiny, {"--steps", "0", "--dump", tiny / "dump.npz"});
    EXPECT_THAT(NpzReader(tiny / "dump.npz").names(),
                ::testing::UnorderedElementsAre("step0/layer0/weight_stored", "step0/layer0/weight_q",
                                                "step0/layer1/weight_stored", "step0/layer1/weight_q"));
}

TEST(Dump, FilterChoosesEntriesByName)
{
    const TinyRun tiny;
    train(tiny, {"--steps", "3", "--dump", tiny / "dump.npz", "--dump-filter", "step1/*/error_?"});
    EXPECT_THAT(NpzReader(tiny / "dump.npz").names(),
                ::testing::UnorderedElementsAre("step1/layer0/error_q", "step1/layer1/error_q"));
}

TEST(Dump, ThatWouldBeTooLargeIsRefusedBeforeTheFirstStep)
{
    const TinyRun tiny;
    const CommandResult result =
        tiny.run("train", {"--set", "training.epochs=20000", "--dump", tiny / "dump.npz", "--out", tiny / "run"});
    EXPECT_EQ(result.status, 2);
    ASSERT_EQ(result.error_lines().size(), 1U);
    EXPECT_THAT(result.err, ::testing::ContainsRegex("--dump: got [0-9.]+ GiB"));
    EXPECT_FALSE(fs::exists(tiny / "dump.npz"));
    EXPECT_FALSE(fs::exists(tiny / "run"));
}

}  // namespace
}  // namespace wagesim::test
