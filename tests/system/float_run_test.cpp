// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Float companions as a user runs them: trained, killed and resumed, evaluated, and refused where only integers will
// do. And softmax as the loss of integers.
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
#include "tests/system/compare_runs.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

Arguments operator+(Arguments x, const Arguments& y)
{
    x.insert(x.end(), y.begin(), y.end());
    return x;
}

const Arguments k28f8 = {"--set", "widths.g=float", "--set",
                         "training={batch: 8, epochs: 3, learning_rate: {0: 0.01}}"};
const Arguments k28ff = {
    "--set", "widths={g: float, e: float}", "--set",
    "training={batch: 8, epochs: 3, learning_rate: {0: 0.1, 2: 0.01}, momentum: 0.9, nesterov: true, loss: softmax}"};
const Arguments kVanilla = {"--set", "widths={w: float, a: float, g: float, e: float}", "--set",
                            "training={batch: 8, epochs: 3, learning_rate: {0: 0.1}, momentum: 0.9, nesterov: true, "
                            "weight_decay: 1e-4, batch_norm: true, loss: softmax}"};

struct Pattern {
    const char* name;
    const Arguments* arguments;
};

class FloatRun : public ::testing::TestWithParam<Pattern> {
protected:
    [[nodiscard]] CommandResult run(const std::string& command, const Arguments& more) const
    {
        return tiny_.run(command, *GetParam().arguments + more);
    }
    TinyRun tiny_;
};

TEST_P(FloatRun, KilledAndResumedItIsTheSameRun)
{
    const Arguments longer = {"--quiet", "--set", "data.count=1600", "--set", "training.epochs=20", "--out"};
    const auto began = std::chrono::steady_clock::now();
    ASSERT_EQ(run("train", longer + Arguments{tiny_ / "whole"}).status, 0);
    const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - began;
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0.1 * whole.count(), 0.5 * whole.count());
    const Arguments resumed = longer + Arguments{tiny_ / "killed", "--resume"};
    for (int kill = 0; kill < 3; ++kill) {
        RunningCommand running(wagesim_arguments(tiny_.arguments("train", *GetParam().arguments + resumed)),
                               wagesim_environment());
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(moment(random)));
        running.send_signal(SIGKILL);
        if (running.wait().status == 0) break;
    }
    const CommandResult last = run("train", resumed);
    ASSERT_EQ(last.status, 0) << last.err;
    expect_equal_runs(tiny_ / "killed", tiny_ / "whole");
}

TEST_P(FloatRun, PartsOfARunAreTheRun)
{
    ASSERT_EQ(run("train", {"--quiet", "--out", tiny_ / "whole", "--threads", "1"}).status, 0);
    // 17 steps are one epoch and five steps of the second.
    ASSERT_EQ(run("train", {"--quiet", "--out", tiny_ / "parts", "--steps", "17", "--threads", "3"}).status, 0);
    ASSERT_EQ(run("train", {"--quiet", "--out", tiny_ / "parts", "--resume", "--threads", "2"}).status, 0);
    expect_equal_runs(tiny_ / "parts", tiny_ / "whole");
}

TEST_P(FloatRun, InferClassifiesAsTheTrainingDid)
{
    ASSERT_EQ(run("train", {"--quiet", "--out", tiny_ / "run"}).status, 0);
    const Json trained = Json::parse(read_text(tiny_ / "run/result.json"));
    for (const char* file : {"run/weights.npz", "run/checkpoint.npz"}) {
        const CommandResult inferred = run("infer", {"--json", "--weights", tiny_ / file});
        ASSERT_EQ(inferred.status, 0) << inferred.err;
        EXPECT_EQ(Json::parse(inferred.out).at("test_error"), trained.at("final_test_error"));
    }
    const NpzReader weights(tiny_ / "run/weights.npz");
    for (const std::string& name : weights.names()) {
        EXPECT_EQ(name.find("velocity"), std::string::npos) << name;
        if (name.rfind("layer", 0) == 0) {
            EXPECT_EQ(weights.header(name).type, NpyType::float32) << name;
        }
    }
    EXPECT_EQ(weights.header("layer0/weight_stored").shape, (std::vector<std::size_t>{4, 1, 3, 3}));
}

TEST_P(FloatRun, WhatNeedsIntegersRefusesIt)
{
    const std::string key = GetParam().arguments == &kVanilla ? "widths.w" : "widths.g";
    const auto expect_refused = [&](const std::string& command, const Arguments& more, const std::string& reason) {
        const CommandResult result = run(command, more);
        EXPECT_EQ(result.status, 2);
        // The whole map of widths may have been given, so that its key is the nearest place.
        EXPECT_EQ(result.err, "--set " + key + ": got float, allowed an integer (" + reason + ")\n");
        EXPECT_EQ(result.out, "");
    };
    for (const char* command : {"simulate", "verify"}) {
        expect_refused(command, {"--set", small_chip(), "--out", tiny_ / "out"}, "the chip computes with no other");
    }
    expect_refused("infer", {"--set", small_chip(), "--weights", tiny_ / "w", "--engine", "chip"},
                   "the chip computes with no other");
    expect_refused("train", {"--dump", tiny_ / "dump.npz"}, "a dump has no float32 tensors");
    expect_refused("train", {"--record", "--out", tiny_ / "out"}, "a record has no float32 tensors");
    EXPECT_FALSE(fs::exists(tiny_ / "out"));
}

INSTANTIATE_TEST_SUITE_P(Patterns, FloatRun,
                         ::testing::Values(Pattern{"p28ff", &k28ff}, Pattern{"p28f8", &k28f8},
                                           Pattern{"vanilla", &kVanilla}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(FloatRuns, ThatDivergeHaveNoLoss)
{
    const TinyRun tiny;
    const std::string training =
        "training={batch: 8, epochs: 3, learning_rate: {0: 0.5, 1: 1e6}, momentum: 0.9, nesterov: true, "
        "weight_decay: 1e-4, batch_norm: true}";
    const CommandResult result = tiny.run(
        "train",
        {"--out", tiny / "run", "--set", "widths={w: float, a: float, g: float, e: float}", "--set", training});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out.find("-nan"), std::string::npos) << result.out;
    EXPECT_THAT(read_text(tiny / "run/epochs.csv"), HasSubstr("\n2,,"));
}

TEST(FloatWeights, OfAnotherKindAreRefusedInOneLine)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--steps", "1", "--out", tiny / "integers"}).status, 0);
    ASSERT_EQ(tiny.run("train", k28f8 + Arguments{"--quiet", "--steps", "1", "--out", tiny / "floats"}).status, 0);
    ASSERT_EQ(tiny.run("train", kVanilla + Arguments{"--quiet", "--steps", "1", "--out", tiny / "normed"}).status, 0);
    const auto refusal = [&](const Arguments& pattern, const std::string& file) {
        const CommandResult result = tiny.run("infer", pattern + Arguments{"--weights", tiny / file});
        EXPECT_EQ(result.status, 3);
        return result.err;
    };
    EXPECT_EQ(refusal(k28f8, "integers/weights.npz"),
              tiny /
                  "integers/weights.npz: entry 'layer0/weight_stored': got int16 of 4x1x3x3, allowed float32 of "
                  "4x1x3x3\n");
    EXPECT_EQ(refusal({}, "floats/weights.npz"),
              tiny /
                  "floats/weights.npz: entry 'layer0/weight_stored': got float32 of 4x1x3x3, allowed integers of "
                  "4x1x3x3\n");
    EXPECT_THAT(refusal(kVanilla, "floats/weights.npz"), HasSubstr("entry 'layer0/batch_norm_mean': missing"));
    EXPECT_EQ(refusal(k28f8, "normed/weights.npz"),
              tiny / "normed/weights.npz: got entry 'layer0/batch_norm_mean', allowed what this run's network has\n");
}

TEST(FloatWeights, ACheckpointOfAnotherPatternIsRefused)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", k28ff + Arguments{"--quiet", "--out", tiny / "run"}).status, 0);
    for (const Arguments& other : {k28f8, kVanilla, Arguments{}}) {
        const CommandResult result = tiny.run("train", other + Arguments{"--out", tiny / "run", "--resume"});
        EXPECT_EQ(result.status, 3);
        EXPECT_THAT(result.err, HasSubstr("got a checkpoint of another configuration"));
    }
}

TEST(IntegerSoftmax, TrainsInfersAndStaysOffTheChip)
{
    const TinyRun tiny;
    const Arguments softmax = {"--set", "training.loss=softmax"};
    const CommandResult one = tiny.run("train", softmax + Arguments{"--json", "--threads", "1", "--out", tiny / "one"});
    ASSERT_EQ(one.status, 0) << one.err;
    ASSERT_EQ(tiny.run("train", softmax + Arguments{"--quiet", "--threads", "3", "--out", tiny / "three"}).status, 0);
    expect_equal_runs(tiny / "three", tiny / "one");
    const Json epochs = Json::parse(one.out).at("epochs");
    EXPECT_LT(epochs.back().at("loss").get<double>(), epochs.front().at("loss").get<double>());
    for (const char* command : {"simulate", "verify"}) {
        const CommandResult refused = tiny.run(command, softmax + Arguments{"--set", small_chip()});
        EXPECT_EQ(refused.status, 2);
        EXPECT_EQ(refused.err, "--set training.loss: got softmax, allowed sse (the chip learns by no other)\n");
    }
    // What it has learnt can be used there.
    const Json reference =
        Json::parse(tiny.run("infer", softmax + Arguments{"--json", "--weights", tiny / "one/weights.npz"}).out);
    const CommandResult chip = tiny.run("infer", softmax + Arguments{"--json", "--weights", tiny / "one/weights.npz",
                                                                     "--set", small_chip(), "--engine", "chip"});
    ASSERT_EQ(chip.status, 0) << chip.err;
    EXPECT_EQ(Json::parse(chip.out).at("test_error"), reference.at("test_error"));
}

}  // namespace
}  // namespace wagesim::test
