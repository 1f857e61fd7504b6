// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Weights and checkpoints: whole round trips, what is refused, and that no moment of dying breaks them.
#include "ref/data/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "ref/data/npz.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using test::refusal;
using test::TemporaryDirectory;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const StoredWeightRules tiny_rules = {{{8, 1, 3, 3}, {10, 200}}, 127};

Tensor<std::int16_t> filled(const Shape& shape, std::int16_t value)
{
    Tensor<std::int16_t> out(shape);
    for (std::int16_t& element : out) element = value;
    return out;
}

/// Every part of it tells the step it was made for.
Checkpoint checkpoint_of(std::uint64_t step)
{
    Checkpoint out;
    const auto code = static_cast<std::int16_t>(step % 128);
    for (const Shape& shape : tiny_rules.shapes) out.weights.layers.push_back(filled(shape, code));
    out.weights.config = "seed: 1\n# step " + std::to_string(step);
    out.weights.step = step;
    out.config_hash = "abc";
    out.epoch_loss = 0.1 * static_cast<double>(step);
    out.epoch_correct = step;
    out.epoch_samples = 2 * step;
    out.epochs = {{0, 12.5, 0.25, std::nullopt, 1000.0}, {1, 1.0 / 3.0, 0.1, 0.0625, 2000.5}};
    out.counters = {{"cycles", step}, {"dram/bytes", ~std::uint64_t{0}}};
    return out;
}

void expect_same(const Checkpoint& found, const Checkpoint& expected)
{
    ASSERT_EQ(found.weights.layers.size(), expected.weights.layers.size());
    for (std::size_t layer = 0; layer < expected.weights.layers.size(); ++layer) {
        const auto& x = found.weights.layers[layer];
        const auto& y = expected.weights.layers[layer];
        ASSERT_EQ(x.shape(), y.shape());
        EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin()));
    }
    EXPECT_EQ(found.weights.config, expected.weights.config);
    EXPECT_EQ(found.weights.step, expected.weights.step);
    EXPECT_EQ(found.config_hash, expected.config_hash);
    EXPECT_EQ(found.epoch_loss, expected.epoch_loss);
    EXPECT_EQ(found.epoch_correct, expected.epoch_correct);
    EXPECT_EQ(found.epoch_samples, expected.epoch_samples);
    EXPECT_EQ(found.counters, expected.counters);
    ASSERT_EQ(found.epochs.size(), expected.epochs.size());
    for (std::size_t i = 0; i < expected.epochs.size(); ++i) {
        EXPECT_EQ(found.epochs[i].epoch, expected.epochs[i].epoch);
        EXPECT_EQ(found.epochs[i].loss, expected.epochs[i].loss);
        EXPECT_EQ(found.epochs[i].train_error, expected.epochs[i].train_error);
        EXPECT_EQ(found.epochs[i].test_error, expected.epochs[i].test_error);
        EXPECT_EQ(found.epochs[i].images_per_second, expected.epochs[i].images_per_second);
    }
}

TEST(Checkpoint, ComesBackBitForBit)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("checkpoint.npz");
    save_checkpoint(path, checkpoint_of(117));
    expect_same(load_checkpoint(path, tiny_rules, "abc"), checkpoint_of(117));
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(Checkpoint, BeforeTheFirstEpochAndWithoutAChip)
{
    const TemporaryDirectory dir;
    Checkpoint early = checkpoint_of(0);
    early.epochs.clear();
    early.counters.clear();
    save_checkpoint(dir.file("c.npz"), early);
    expect_same(load_checkpoint(dir.file("c.npz"), tiny_rules, "abc"), early);
}

TEST(Checkpoint, StandsWhereWeightsAreAskedFor)
{
    const TemporaryDirectory dir;
    save_checkpoint(dir.file("c.npz"), checkpoint_of(5));
    const Weights weights = load_weights(dir.file("c.npz"), tiny_rules);
    EXPECT_EQ(weights.step, 5U);
    EXPECT_EQ(weights.layers.at(1)[1999], 5);
}

TEST(Checkpoint, RefusesWhatIsNotThisRuns)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("c.npz");
    save_checkpoint(path, checkpoint_of(5));
    EXPECT_EQ(refusal([&] { (void)load_checkpoint(path, tiny_rules, "xyz"); }),
              path + ": got a checkpoint of another configuration (abc), allowed xyz");
    save_weights(path, checkpoint_of(5).weights);
    EXPECT_EQ(refusal([&] { (void)load_checkpoint(path, tiny_rules, "abc"); }),
              path + ": entry 'config_hash': missing");
    EXPECT_THAT(refusal([&] { (void)load_checkpoint(dir.file("none"), tiny_rules, "abc"); }),
                HasSubstr("no such file"));
}

/// A copy of a checkpoint in which `change(name, writer)` wrote some entries instead.
std::string forged(const TemporaryDirectory& dir, const std::function<bool(const std::string&, NpzWriter&)>& change)
{
    save_checkpoint(dir.file("c.npz"), checkpoint_of(5));
    const NpzReader whole(dir.file("c.npz"));
    NpzWriter broken(dir.file("broken.npz"));
    for (const std::string& name : whole.names()) {
        if (change(name, broken)) continue;
        const NpyArray array = whole.read(name);
        if (array.header.type == NpyType::text) {
            broken.add_text(name, array.text());
        } else {
            broken.add(name, array.header.type, array.header.shape, array.bytes.data());
        }
    }
    broken.finish();
    return dir.file("broken.npz");
}

TEST(Checkpoint, RefusesEpochColumnsOfDifferentLengths)
{
    const TemporaryDirectory dir;
    const std::string path = forged(dir, [](const std::string& name, NpzWriter& file) {
        if (name != "epochs/loss") return false;
        file.add_vector(name, std::vector<double>{1.0});
        return true;
    });
    EXPECT_THAT(refusal([&] { (void)load_checkpoint(path, tiny_rules, "abc"); }),
                HasSubstr("entry 'epochs/loss': got 1 rows, allowed 2"));
}

TEST(Checkpoint, RefusesEpochsThatCannotBe)
{
    const TemporaryDirectory dir;
    const auto with = [&](const std::string& entry, const std::vector<double>& values) {
        const std::string path = forged(dir, [&](const std::string& name, NpzWriter& file) {
            if (name != entry) return false;
            if (entry == "epochs/epoch") {
                file.add_vector(name, std::vector<std::uint64_t>(values.begin(), values.end()));
            } else if (entry == "epoch/loss") {
                file.add_scalar(name, values.front());
            } else {
                file.add_vector(name, values);
            }
            return true;
        });
        return refusal([&] { (void)load_checkpoint(path, tiny_rules, "abc"); });
    };
    EXPECT_THAT(with("epochs/epoch", {0, 7}), HasSubstr("got epochs row 1 of epoch 7"));
    EXPECT_THAT(with("epochs/loss", {-1, 1}), HasSubstr("got epochs row 0"));
    EXPECT_THAT(with("epochs/train_error", {0.5, 1.5}), HasSubstr("got epochs row 1"));
    EXPECT_THAT(with("epochs/test_error", {9, 0.5}), HasSubstr("got epochs row 0"));
    EXPECT_THAT(with("epoch/loss", {-4}), HasSubstr("got a loss of -4"));
}

TEST(Checkpoint, RefusesLayersThatTheNetworkHasNot)
{
    const TemporaryDirectory dir;
    const std::string path = forged(dir, [](const std::string& name, NpzWriter& file) {
        if (name == "step") file.add_vector("layer9/weight_stored", std::vector<double>{1.0});
        return false;
    });
    EXPECT_THAT(refusal([&] { (void)load_checkpoint(path, tiny_rules, "abc"); }),
                HasSubstr("got entry 'layer9/weight_stored', allowed 2 layers"));
}

TEST(Checkpoint, RefusesOneWithoutItsStep)
{
    const TemporaryDirectory dir;
    NpzWriter broken(dir.file("broken.npz"));
    broken.add_text("config_hash", "abc");
    broken.add_text("config", "");
    for (const std::size_t layer : {0U, 1U}) {
        broken.add("layer" + std::to_string(layer) + "/weight_stored", checkpoint_of(5).weights.layers[layer].view());
    }
    broken.finish();
    EXPECT_EQ(refusal([&] { (void)load_checkpoint(dir.file("broken.npz"), tiny_rules, "abc"); }),
              dir.file("broken.npz") + ": entry 'step': missing");
}

TEST(Checkpoint, RefusesEveryTruncation)
{
    const TemporaryDirectory dir;
    save_checkpoint(dir.file("c.npz"), checkpoint_of(5));
    const std::string whole = test::read_bytes(dir.file("c.npz"));
    for (std::size_t length = 0; length < whole.size(); length += 61) {
        test::write_bytes(dir.file("short.npz"), whole.substr(0, length));
        EXPECT_THAT(refusal([&] { (void)load_checkpoint(dir.file("short.npz"), tiny_rules, "abc"); }),
                    StartsWith(dir.file("short.npz")));
    }
}

TEST(Weights, ReadsThoseOfAnyIntegerTypeAndWithoutConfig)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("w.npz");
    NpzWriter writer(path);
    writer.add_vector("other", std::vector<double>{1.5});
    writer.add("layer0/weight_stored", NpyType::int64, {2, 1}, std::vector<std::int64_t>{-127, 127}.data());
    writer.finish();
    const Weights weights = load_weights(path, {{{2, 1}}, 127});
    EXPECT_EQ(weights.layers.at(0)[0], -127);
    EXPECT_EQ(weights.layers.at(0)[1], 127);
    EXPECT_EQ(weights.config, "");
    EXPECT_EQ(weights.step, 0U);
}

TEST(Weights, RefusesThoseOfAnotherNetwork)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("w.npz");
    save_weights(path, checkpoint_of(100).weights);
    const auto line = [&](const StoredWeightRules& rules) { return refusal([&] { (void)load_weights(path, rules); }); };
    EXPECT_EQ(line({{{8, 1, 3, 3}, {10, 100}}, 127}),
              path + ": entry 'layer1/weight_stored': got int16 of 10x200, allowed integers of 10x100");
    EXPECT_EQ(line({{{8, 9}, {10, 200}}, 127}),
              path + ": entry 'layer0/weight_stored': got int16 of 8x1x3x3, allowed integers of 8x9");
    EXPECT_EQ(line({{{8, 1, 3, 3}, {10, 200}, {10, 10}}, 127}), path + ": entry 'layer2/weight_stored': missing");
    EXPECT_EQ(line({{{8, 1, 3, 3}}, 127}),
              path + ": got entry 'layer1/weight_stored', allowed 1 layers, as the network has");
    EXPECT_EQ(line({tiny_rules.shapes, 64}),
              path + ": entry 'layer0/weight_stored': got 100 at index 0, allowed -64..64");
    Weights negative = checkpoint_of(0).weights;
    negative.layers[1][7] = -65;
    save_weights(path, negative);
    EXPECT_EQ(line({tiny_rules.shapes, 64}),
              path + ": entry 'layer1/weight_stored': got -65 at index 7, allowed -64..64");
}

TEST(Weights, RulesFollowFromNetworkAndWidths)
{
    const test::GoldenTraining golden("tiny_lenet");
    const auto layers = make_geometry(golden.network(), golden.widths());
    const StoredWeightRules kg = stored_weight_rules(layers, {2, 8, 8, 8}, WeightClip::kg);
    EXPECT_EQ(kg.largest, 127);
    EXPECT_EQ(stored_weight_rules(layers, {2, 8, 8, 8}, WeightClip::kw).largest, 64);
    ASSERT_EQ(kg.shapes.size(), 4U);
    EXPECT_EQ(kg.shapes[1], (Shape{16, 8, 5, 5}));
    EXPECT_EQ(kg.shapes[2], (Shape{32, 144}));
}

/// Saves checkpoints of growing steps until it is killed.
[[noreturn]] void save_for_ever(const std::string& path)
{
    for (std::uint64_t step = 1;; ++step) {
        try {
            save_checkpoint(path, checkpoint_of(step));
        } catch (...) {
            ::_exit(1);
        }
    }
}

TEST(Checkpoint, SurvivesBeingKilledAtAnyMoment)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("checkpoint.npz");
    save_checkpoint(path, checkpoint_of(0));
    std::uint64_t furthest = 0;
    bool died_while_writing = false;
    unsigned slowness = 1;
    for (unsigned round = 0; round < 60; ++round) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) save_for_ever(path);
        if (round % 10 == 9 && furthest == 0) slowness *= 4;  // sanitized, or beside other work
        ::usleep((1000 + round * 397 % 7000) * slowness);
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the saving process ended by itself";
        died_while_writing = died_while_writing || std::filesystem::exists(path + ".tmp");
        const Checkpoint found = load_checkpoint(path, tiny_rules, "abc");
        expect_same(found, checkpoint_of(found.weights.step));
        furthest = std::max(furthest, found.weights.step);
    }
    EXPECT_GT(furthest, 0U);
    EXPECT_TRUE(died_while_writing);
    // What a killed process left is no hindrance to the next one.
    save_checkpoint(path, checkpoint_of(3));
    EXPECT_EQ(load_checkpoint(path, tiny_rules, "abc").weights.step, 3U);
}

TEST(Checkpoint, AFullDiskLeavesTheOldOne)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("checkpoint.npz");
    save_checkpoint(path, checkpoint_of(1));
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // A limit on the file's size fails writes the way a full disk does.
        const rlimit limit = {2000, 2000};
        std::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &limit);
        try {
            save_checkpoint(path, checkpoint_of(2));
            ::_exit(1);
        } catch (const DataError& error) {
            ::_exit(std::string(error.what()).find("cannot write: File too large") != std::string::npos ? 0 : 2);
        }
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_EQ(load_checkpoint(path, tiny_rules, "abc").weights.step, 1U);
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

}  // namespace
}  // namespace wagesim
