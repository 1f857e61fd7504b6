// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole runs on image folders and on SVHN's files: trained, killed and resumed, on the chip, and stopped by an image
// that cannot be decoded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/data_place.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

constexpr const char* kSvhnRun = R"(name: svhn
network:
  name: tiny
  input: {channels: 3, height: 32, width: 32}
  layers:
    - conv: {filters: 4, kernel: 3, pool: 2}
    - dense: {units: 10}
data: {format: svhn, train: [train.mat, extra.mat], test: [test.mat], range: symmetric, augment: crop}
training: {batch: 8, epochs: 2, eta: {0: 0}}
)";

std::string weights_of(const DataPlace& place, const std::string& out)
{
    return read_text(place / out + "/weights.npz");
}

TEST(FolderRun, TrainsAndLearnsWhateverTheThreadsAndTheCache)
{
    const DataPlace place(kFolderRun);
    place.put_images(20);
    const auto run = [&](const std::string& name, const Arguments& more) {
        Arguments all = {"--quiet", "--out", place / name};
        all.insert(all.end(), more.begin(), more.end());
        EXPECT_EQ(place.run("train", all).status, 0) << name;
        return Json::parse(read_text(place / name + "/result.json"));
    };
    const Json first = run("1", {"--threads", "1"});
    EXPECT_LT(first.at("final_test_error").get<double>(), 0.5) << "0.75 is chance";
    for (const char* threads : {"2", "3", "4"}) {
        EXPECT_EQ(run(threads, {"--threads", threads}).at("config_hash"), first.at("config_hash"));
        EXPECT_TRUE(weights_of(place, threads) == weights_of(place, "1")) << threads;
    }
    // The configuration that weights.npz holds shows the cache, so the losses are compared instead.
    const Json uncached = run("uncached", {"--set", "data.cache_mib=0"});
    EXPECT_EQ(uncached.at("config_hash"), first.at("config_hash"));
    for (std::size_t epoch = 0; epoch < 4; ++epoch) {
        EXPECT_EQ(uncached.at("epochs").at(epoch).at("loss"), first.at("epochs").at(epoch).at("loss"));
    }
}

/// libjpeg-turbo's vector code and its plain C give the same bytes.
TEST(FolderRun, DoesNotDependOnTheDecodersVectorCode)
{
    const DataPlace place(kFolderRun);
    place.put_images(8);
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "vector"}).status, 0);
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "plain"}, {"JSIMD_FORCENONE=1"}).status, 0);
    EXPECT_TRUE(weights_of(place, "vector") == weights_of(place, "plain"));
}

TEST(FolderRun, AfterAKillResumesToTheSameWeights)
{
    const DataPlace place(kFolderRun);
    place.put_images(20);
    const auto long_run = [&](const std::string& out) {
        return Arguments{"--quiet", "--out", place / out, "--resume", "--set", "training.epochs=40"};
    };
    ASSERT_EQ(place.run("train", long_run("whole")).status, 0);
    int kills = 0;
    for (const char* file : {"/checkpoint.npz", "/epochs.csv"}) {
        RunningCommand run(wagesim_arguments(place.arguments("train", long_run("killed"))), wagesim_environment());
        if (!run.wait_for_file(place / "killed" + file)) break;
        run.send_signal(SIGKILL);
        kills += run.wait().status == 0 ? 0 : 1;
    }
    EXPECT_GT(kills, 0) << "the run ended before the first kill";
    ASSERT_EQ(place.run("train", long_run("killed")).status, 0);
    EXPECT_TRUE(weights_of(place, "killed") == weights_of(place, "whole"));
    EXPECT_FALSE(fs::exists(place / "killed/weights.npz.tmp"));
}

TEST(FolderRun, TheChipComputesTheSameAndInferMeasuresIt)
{
    const DataPlace place(kFolderRun);
    place.put_images(6);
    const CommandResult verified =
        place.run("verify", {"--json", "--steps", "3", "--set", small_chip(), "--out", place / "run"});
    ASSERT_EQ(verified.status, 0) << verified.err;
    EXPECT_EQ(Json::parse(verified.out).at("differences"), 0);
    const Arguments weights = {"--json", "--weights", place / "run/weights.npz", "--set", small_chip()};
    const CommandResult reference = place.run("infer", weights);
    ASSERT_EQ(reference.status, 0) << reference.err;
    EXPECT_EQ(Json::parse(reference.out).at("images"), 24);
    Arguments on_chip = weights;
    on_chip.insert(on_chip.end(), {"--engine", "chip"});
    const CommandResult chip = place.run("infer", on_chip);
    ASSERT_EQ(chip.status, 0) << chip.err;
    EXPECT_EQ(Json::parse(chip.out).at("correct"), Json::parse(reference.out).at("correct"));
}

void expect_data_error(const CommandResult& result, const std::string& line)
{
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.err, line + "\n");
}

TEST(FolderRun, AnImageThatCannotBeDecodedEndsTheRunAndLeavesACheckpoint)
{
    const DataPlace place(kFolderRun);
    place.put_images(8);
    // In data order the last of the third class is image 23: batch 2 of 4.
    const std::string broken = "train/class2/7.png";
    const std::string whole = read_text(place / broken);
    place.put(broken, whole.substr(0, whole.size() / 2));
    const Arguments more = {"--quiet", "--out", place / "run", "--set", "data.shuffle=false"};
    const std::string line = place / broken + ": corrupt PNG data: the file ends early";
    expect_data_error(place.run("train", more), line);
    EXPECT_TRUE(fs::exists(place / "run/checkpoint.npz"));
    EXPECT_FALSE(fs::exists(place / "run/weights.npz"));
    Arguments resumed = more;
    resumed.emplace_back("--resume");
    expect_data_error(place.run("train", resumed), line);
    resumed.insert(resumed.end(), {"--steps", "2", "--json"});
    resumed.erase(resumed.begin());
    const CommandResult until_there = place.run("train", resumed);
    EXPECT_EQ(until_there.status, 0) << "the two steps before it are in the checkpoint";
    EXPECT_EQ(Json::parse(until_there.out).at("steps"), 2);
    place.put(broken, whole);
    Arguments mended = more;
    mended.emplace_back("--resume");
    const CommandResult other = place.run("train", mended);
    EXPECT_EQ(other.status, 3) << "other data than the checkpoint's";
    EXPECT_THAT(other.err, HasSubstr("checkpoint.npz"));
}

TEST(FolderRun, BrokenTestImagesAreFoundByTheEvaluation)
{
    const DataPlace place(kFolderRun);
    place.put_images(4);
    place.put("test/class1/2.jpg", "");
    expect_data_error(place.run("train", {"--quiet", "--out", place / "run"}),
                      place / "test/class1/2.jpg" + ": got an empty file, allowed data");
    EXPECT_TRUE(fs::exists(place / "run/checkpoint.npz"));
}

TEST(FolderRun, RefusesFoldersBeforeAnythingIsWritten)
{
    const DataPlace place(kFolderRun);
    place.put_images(4);
    fs::create_directory(place / "train/class9");
    expect_data_error(place.run("train", {"--quiet", "--out", place / "run"}),
                      place / "train/class9" + ": got a class folder without images, allowed one or more");
    EXPECT_FALSE(fs::exists(place / "run"));
    fs::remove(place / "train/class9");
    const CommandResult dump = place.run("train", {"--dump", place / "train/class0/0.jpg"});
    EXPECT_EQ(dump.status, 2);
    EXPECT_THAT(dump.err, HasSubstr("which this run reads or writes itself"));
    const CommandResult batch = place.run("train", {"--set", "training.batch=17"});
    EXPECT_EQ(batch.status, 2);
    EXPECT_THAT(batch.err, HasSubstr("training.batch: got 17, allowed 1..16"));
}

TEST(SvhnRun, TrainsAndResumes)
{
    const DataPlace place(kSvhnRun);
    place.put_digits();
    const CommandResult whole = place.run("train", {"--json", "--out", place / "whole"});
    ASSERT_EQ(whole.status, 0) << whole.err;
    EXPECT_EQ(Json::parse(whole.out).at("steps"), 2 * (105 / 8));
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "parts", "--steps", "9"}).status, 0);
    ASSERT_EQ(place.run("train", {"--quiet", "--out", place / "parts", "--resume"}).status, 0);
    EXPECT_TRUE(weights_of(place, "parts") == weights_of(place, "whole"));
}

TEST(SvhnRun, RefusesBrokenFilesAndLeavesNothing)
{
    const DataPlace place(kSvhnRun);
    place.put_digits();
    const std::string whole = read_text(place / "extra.mat");
    place.put("extra.mat", whole.substr(0, whole.size() / 2));
    expect_data_error(place.run("train", {"--quiet", "--out", place / "run"}),
                      place / "extra.mat" + ": variable 'X': truncated: the file ends within it");
    fs::remove(place / "extra.mat");
    expect_data_error(place.run("train", {"--quiet", "--out", place / "run"}), place / "extra.mat" + ": no such file");
    EXPECT_FALSE(fs::exists(place / "run"));
}

TEST(ShippedRuns, SayWhichDataAreMissing)
{
    const TemporaryFolder empty;
    const std::vector<std::pair<const char*, const char*>> table = {
        {"lenet-mnist", "/mnist/train-images-idx3-ubyte.gz: no such file\n"},
        {"vgg8-cifar10", "/cifar10/data_batch_1.bin.xz: no such file\n"},
        {"svhn-vgg8", "/svhn/train_32x32.mat: no such file\n"},
        {"imagenet-alexnet", "/imagenet/train: no such folder\n"}};
    for (const auto& [name, missing] : table) {
        const std::string run = std::string(WAGESIM_SOURCE_DIR) + "/configs/runs/" + name + ".yaml";
        const CommandResult result =
            wagesim({"train", "-c", run, "--steps", "0"}, {"WAGESIM_DATA=" + empty.path().string()});
        EXPECT_EQ(result.status, 3) << name;
        EXPECT_EQ(result.err, empty.path().string() + missing);
    }
}

}  // namespace
}  // namespace wagesim::test
