// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Weights and checkpoints of float companions: bit for bit there and back, and what is refused.
#include "ref/data/float_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ref/data/checkpoint.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using test::refusal;
using test::TemporaryDirectory;

StoredWeightRules float_rules()
{
    StoredWeightRules rules;
    rules.floats = {{"layer0/weight_stored", {2, 1, 3, 3}}, {"layer1/weight_stored", {3, 8}}};
    rules.float_state = {{"layer0/weight_velocity", {2, 1, 3, 3}}, {"layer1/weight_velocity", {3, 8}}};
    rules.needs_float_state = true;
    return rules;
}

FloatTensors tensors_of(const FloatExtents& extents)
{
    FloatTensors out;
    float value = -1.0F / 3.0F;
    for (const auto& [name, shape] : extents) {
        FloatTensor& tensor = out[name];
        tensor.shape = shape;
        for (std::size_t i = 0; i < shape.size(); ++i) tensor.values.push_back(value *= -1.37F);
    }
    return out;
}

Checkpoint float_checkpoint()
{
    const StoredWeightRules rules = float_rules();
    Checkpoint out;
    out.weights.floats = tensors_of(rules.floats);
    out.weights.floats.merge(tensors_of(rules.float_state));
    out.weights.config = "x";
    out.weights.step = 5;
    out.config_hash = "abc";
    return out;
}

TEST(FloatFile, ACheckpointComesBackBitForBit)
{
    const TemporaryDirectory dir;
    Checkpoint kept = float_checkpoint();
    std::vector<float>& values = kept.weights.floats.at("layer1/weight_stored").values;
    values[0] = std::numeric_limits<float>::denorm_min();
    values[1] = -0.0F;
    values[2] = std::numeric_limits<float>::max();
    save_checkpoint(dir.file("c.npz"), kept);
    const Checkpoint found = load_checkpoint(dir.file("c.npz"), float_rules(), "abc");
    EXPECT_TRUE(found.weights.layers.empty());
    ASSERT_EQ(found.weights.floats.size(), 4U);
    for (const auto& [name, tensor] : kept.weights.floats) {
        EXPECT_EQ(found.weights.floats.at(name).shape, tensor.shape);
        EXPECT_EQ(found.weights.floats.at(name).values, tensor.values) << name;
    }
    EXPECT_TRUE(std::signbit(found.weights.floats.at("layer1/weight_stored").values[1]));
    // And as weights.
    EXPECT_EQ(load_weights(dir.file("c.npz"), float_rules()).step, 5U);
}

TEST(FloatFile, RefusesWhatIsNotThisNetworks)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("c.npz");
    const auto refusal_of = [&](const auto& change) {
        Checkpoint broken = float_checkpoint();
        change(broken.weights.floats);
        save_checkpoint(path, broken);
        return refusal([&] { (void)load_checkpoint(path, float_rules(), "abc"); });
    };
    EXPECT_EQ(refusal_of([](FloatTensors& t) { t.erase("layer1/weight_stored"); }),
              path + ": entry 'layer1/weight_stored': missing");
    EXPECT_EQ(refusal_of([](FloatTensors& t) { t.erase("layer1/weight_velocity"); }),
              path + ": entry 'layer1/weight_velocity': missing");
    EXPECT_EQ(refusal_of([](FloatTensors& t) {
                  t["layer1/weight_stored"].shape = {8, 3};
              }),
              path + ": entry 'layer1/weight_stored': got float32 of 8x3, allowed float32 of 3x8");
    EXPECT_EQ(refusal_of([](FloatTensors& t) { t["layer2/weight_stored"] = t["layer1/weight_stored"]; }),
              path + ": got entry 'layer2/weight_stored', allowed what this run's network has");
    NpzWriter doubles(path);
    doubles.add_vector("layer0/weight_stored", std::vector<double>{1.0});
    doubles.finish();
    EXPECT_EQ(refusal([&] { (void)load_weights(path, float_rules()); }),
              path + ": entry 'layer0/weight_stored': got float64 of 1, allowed float32 of 2x1x3x3");
}

TEST(FloatFile, VelocitiesMayBeMissingInWeights)
{
    const TemporaryDirectory dir;
    Weights weights;
    weights.floats = tensors_of(float_rules().floats);
    save_weights(dir.file("w.npz"), weights);
    EXPECT_EQ(load_weights(dir.file("w.npz"), float_rules()).floats.size(), 2U);
    const NpzReader reader(dir.file("w.npz"));
    EXPECT_EQ(refusal([&] { (void)reader.read("layer1/weight_stored").values<double>(); }),
              dir.file("w.npz") + ": entry 'layer1/weight_stored': got float32 of 3x8, allowed float64");
    EXPECT_EQ(refusal([&] { (void)reader.read("layer1/weight_stored").values<int>(); }),
              dir.file("w.npz") + ": entry 'layer1/weight_stored': got float32 of 3x8, allowed integers");
}

}  // namespace
}  // namespace wagesim
