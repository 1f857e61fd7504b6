// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole steps: gradients against differences of the loss, the patterns' own rules, threads, weights that go in and out.
#include "ref/floating/float_trainer.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "ref/floating/tensor_extents.hpp"
#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

/// alpha 1 everywhere, as for weights in float32.
std::vector<LayerGeometry> plain_geometry(Network network)
{
    for (Layer& layer : network.layers) layer.attenuation = 0;
    return make_geometry(network, Widths{});
}

FloatOptions vanilla(bool batch_norm, Loss loss)
{
    FloatOptions options;
    options.batch_norm = batch_norm;
    options.loss = loss;
    options.momentum = 0.5;
    options.batch = 8;
    return options;
}

/// Mean loss of a batch with these tensors.
double mean_loss(FloatTrainer& trainer, const FloatTensors& tensors, const test::Batch& batch)
{
    trainer.set_tensors(tensors);
    return trainer.train_step(batch.view(), 0.0).loss / static_cast<double>(batch.labels.size());
}

/// The slope of the loss along a random direction of one tensor is the product of direction and gradient, which the
/// first step's velocity is.
void expect_slopes(bool batch_norm, Loss loss)
{
    const Network network = test::small_network();
    FloatTrainer trainer(plain_geometry(network), vanilla(batch_norm, loss));
    const test::Batch batch(network, 8, 21);
    FloatTensors start = trainer.tensors();
    for (auto& [name, tensor] : start) {  // no velocity, and normalization that is not the identity
        const bool shift = name.find("shift") != std::string::npos;
        if (shift && name.find("velocity") == std::string::npos)
            std::fill(tensor.values.begin(), tensor.values.end(), 0.1F);
    }
    (void)mean_loss(trainer, start, batch);
    const FloatTensors after = trainer.tensors();
    std::mt19937_64 engine(22);
    int checked = 0;
    for (const auto& [name, tensor] : after) {
        const std::size_t at = name.find("_velocity");
        if (at == std::string::npos) continue;
        const std::string parameter =
            name.find("weight") != std::string::npos ? name.substr(0, at) + "_stored" : name.substr(0, at);
        const std::vector<float> direction = test::random_floats(tensor.values.size(), engine);
        double expected = 0.0;
        for (std::size_t i = 0; i < direction.size(); ++i) {
            expected += static_cast<double>(direction[i]) * static_cast<double>(tensor.values[i]);
        }
        constexpr float kStep = 1.0F / 32768;
        const auto moved = [&](float step) {
            FloatTensors tensors = start;
            std::vector<float>& values = tensors.at(parameter).values;
            for (std::size_t i = 0; i < direction.size(); ++i) values[i] += step * direction[i];
            return mean_loss(trainer, tensors, batch);
        };
        const double slope = (moved(kStep) - moved(-kStep)) / (2.0 * static_cast<double>(kStep));
        EXPECT_NEAR(slope, expected, 0.03 * std::abs(expected) + 0.01) << name;
        ++checked;
    }
    EXPECT_EQ(checked, batch_norm ? 10 : 4);
}

TEST(FloatTrainer, GradientsOfVanillaAreSlopesOfTheLoss)
{
    expect_slopes(false, Loss::sse);
    expect_slopes(false, Loss::softmax);
    expect_slopes(true, Loss::sse);
    expect_slopes(true, Loss::softmax);
}

/// One dense layer after another, written out: what 28ff does that vanilla does not.
TEST(FloatTrainer, A28ffStepWrittenOut)
{
    const Network network{"", {1, 1, 3}, {}, {test::dense(2), test::dense(2)}};
    auto geometry = make_geometry(network, Widths{});
    geometry[0].attenuation = 1;
    geometry[1].attenuation = 2;
    FloatOptions options;
    options.bits = {2, 8, 0, 0};
    options.batch = 1;
    FloatTrainer trainer(geometry, options);
    FloatTensors tensors;
    tensors["layer0/weight_stored"] = {{2, 3}, {0.9F, -0.3F, 0.1F, -0.26F, -0.7F, 0.25F}};
    tensors["layer1/weight_stored"] = {{2, 2}, {0.6F, -0.2F, -0.9F, 0.4F}};
    trainer.set_tensors(tensors);
    // Q_W: {{0.5, -0.5, 0}, {-0.5, -0.5, 0}} and {{0.5, 0}, {-0.5, 0.5}}. Inputs, range unit: 127, 26, 0 of 128.
    const std::vector<std::uint8_t> image = {255, 51, 0};
    const std::vector<std::uint16_t> label = {1};
    // sums: (127 - 26) / 256 and less than 0; times 1/2: 50.5 / 256 = 25.25 / 128, rounded to 25 / 128; and 0.
    const double a = 25.0 / 128.0;
    const double z0 = 0.5 * a / 4.0;
    const double z1 = -0.5 * a / 4.0;
    const double e0 = z0;
    const double e1 = z1 - 1.0;
    const StepResult result = trainer.train_step({1, image.data(), label.data()}, 0.5);
    EXPECT_DOUBLE_EQ(result.loss, 0.5 * (e0 * e0 + e1 * e1));
    EXPECT_EQ(result.correct, 0U);
    const std::vector<float> last = trainer.tensors().at("layer1/weight_stored").values;
    EXPECT_NEAR(last[0], 0.6 - 0.5 * (e0 * a / 4.0), 1e-6);
    EXPECT_EQ(last[1], -0.2F) << "its input was 0";
    EXPECT_NEAR(last[2], -0.9 - 0.5 * (e1 * a / 4.0), 1e-6);
    EXPECT_EQ(last[3], 0.4F);
    const double e = (0.5 * e0 - 0.5 * e1) / 4.0 / 2.0;
    const std::vector<float> first = trainer.tensors().at("layer0/weight_stored").values;
    EXPECT_NEAR(first[0], 0.9 - 0.5 * e * 127.0 / 128.0, 1e-6);
    EXPECT_NEAR(first[1], -0.3 - 0.5 * e * 26.0 / 128.0, 1e-6);
    EXPECT_EQ(first[2], 0.1F);
    EXPECT_EQ(first[3], -0.26F) << "its output was not active";
}

TEST(FloatTrainer, QuantizedWeightsStayWithinTheirRange)
{
    for (const WeightClip clip : {WeightClip::kg, WeightClip::kw}) {
        FloatOptions options;
        options.bits = {2, 8, 8, 0};
        options.weight_clip = clip;
        options.batch = 8;
        const Network network = test::small_network();
        FloatTrainer trainer(make_geometry(network, Widths{}), options);
        const test::Batch batch(network, 8, 23);
        for (int step = 0; step < 5; ++step) (void)trainer.train_step(batch.view(), 100.0);
        float largest = 0.0F;
        for (const auto& [name, tensor] : trainer.tensors()) {
            for (const float value : tensor.values) largest = std::max(largest, std::abs(value));
        }
        EXPECT_EQ(largest, clip == WeightClip::kg ? 1.0F : 0.5F);
    }
}

TEST(FloatTrainer, InitialWeightsFollowEquationFive)
{
    const Network network = test::small_network();
    const auto bounds = [&](int bits, const std::string& name) {
        FloatOptions options;
        options.bits.w = bits;
        const FloatTensors tensors = FloatTrainer(make_geometry(network, Widths{}), options).tensors();
        float largest = 0.0F;
        for (const float value : tensors.at(name).values) largest = std::max(largest, std::abs(value));
        return largest;
    };
    const double l = std::sqrt(6.0 / 60.0);  // layer 2 has 5 x 3 x ... inputs; see its geometry
    const auto fan_in = static_cast<double>(make_geometry(network, Widths{})[2].fan_in());
    const double expected = l * std::sqrt(60.0 / fan_in);
    EXPECT_LE(bounds(0, "layer2/weight_stored"), expected);
    EXPECT_GT(bounds(0, "layer2/weight_stored"), 0.9 * expected);
    EXPECT_LE(bounds(2, "layer2/weight_stored"), 0.75F) << "Lmin = 1.5 / 2";
    EXPECT_GT(bounds(2, "layer2/weight_stored"), 0.7F);
}

FloatTensors trained(int threads, const FloatOptions& options)
{
    omp_set_num_threads(threads);
    const Network network = test::small_network();
    FloatTrainer trainer(make_geometry(network, Widths{}), options);
    const test::Batch batch(network, options.batch, 24);
    for (int step = 0; step < 3; ++step) (void)trainer.train_step(batch.view(), 0.05);
    (void)trainer.train_step(batch.view(options.batch - 3), 0.05);
    return trainer.tensors();
}

bool same(const FloatTensors& x, const FloatTensors& y)
{
    if (x.size() != y.size()) return false;
    return std::equal(x.begin(), x.end(), y.begin(), [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.shape == other.second.shape &&
               one.second.values == other.second.values;
    });
}

TEST(FloatTrainer, IsTheSameBitsForAnyNumberOfThreads)
{
    FloatOptions with_norm = vanilla(true, Loss::softmax);
    with_norm.batch = 21;
    with_norm.nesterov = true;
    with_norm.weight_decay = 1e-3;
    FloatOptions quantized;
    quantized.bits = {2, 8, 8, 0};
    quantized.batch = 35;
    for (const FloatOptions& options : {with_norm, quantized}) {
        const FloatTensors expected = trained(1, options);
        for (const int threads : {2, 3, 8}) EXPECT_TRUE(same(trained(threads, options), expected)) << threads;
    }
}

TEST(FloatTrainer, TensorsGoInAndOut)
{
    const Network network = test::small_network();
    const auto geometry = plain_geometry(network);
    FloatOptions options = vanilla(true, Loss::softmax);
    FloatTrainer source(geometry, options);
    const test::Batch batch(network, 8, 25);
    (void)source.train_step(batch.view(), 0.1);
    const FloatTensors kept = source.tensors();
    FloatExtents extents = weight_extents(geometry, true);
    extents.merge(velocity_extents(geometry, true));
    ASSERT_EQ(kept.size(), extents.size());
    for (const auto& [name, shape] : extents) {
        EXPECT_EQ(kept.at(name).shape, shape) << name;
        EXPECT_EQ(kept.at(name).values.size(), shape.size()) << name;
    }
    options.seed = 99;
    FloatTrainer copy(geometry, options);
    copy.set_tensors(kept);
    EXPECT_TRUE(same(copy.tensors(), kept));
    (void)source.train_step(batch.view(), 0.1);
    (void)copy.train_step(batch.view(), 0.1);
    EXPECT_TRUE(same(copy.tensors(), source.tensors())) << "a step after loading is the step it would have been";
    EXPECT_EQ(copy.predict(batch.view()), source.predict(batch.view()));

    FloatTensors without_velocities;
    for (const auto& [name, tensor] : kept) {
        if (name.find("velocity") == std::string::npos) without_velocities[name] = tensor;
    }
    copy.set_tensors(without_velocities);
    const FloatTensors reset = copy.tensors();
    for (const float velocity : reset.at("layer1/weight_velocity").values) ASSERT_EQ(velocity, 0.0F);
    FloatTensors broken = kept;
    broken.at("layer2/weight_stored").values.pop_back();
    EXPECT_THROW(copy.set_tensors(broken), std::invalid_argument);
    EXPECT_THROW(copy.set_tensors({}), std::out_of_range);
}

TEST(FloatTrainer, PredictsAnyNumberOfImagesOneByOneOrTogether)
{
    const Network network = test::small_network();
    FloatOptions options = vanilla(true, Loss::softmax);
    FloatTrainer trainer(plain_geometry(network), options);
    const test::Batch batch(network, 19, 26);
    (void)trainer.train_step(batch.view(8), 0.1);
    const auto all = trainer.predict(batch.view());
    ASSERT_EQ(all.size(), 19U);
    for (std::size_t n = 0; n < 19; ++n) {
        EXPECT_EQ(trainer.predict({1, batch.images.data() + n * 180, nullptr}).at(0), all[n]) << n;
    }
    EXPECT_TRUE(trainer.predict(batch.view(0)).empty());
}

TEST(FloatTrainer, RefusesWhatIsOutOfRange)
{
    const Network network = test::small_network();
    const auto with = [&](auto change) {
        FloatOptions options;
        options.batch = 2;
        change(options);
        FloatTrainer trainer(plain_geometry(network), options);
    };
    EXPECT_NO_THROW(with([](FloatOptions&) {}));
    EXPECT_THROW(with([](FloatOptions& o) { o.bits.w = 1; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.bits.a = 9; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.bits.e = 17; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.bits.gamma_log2 = 9; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.momentum = 1.0; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.weight_decay = -0.1; }), std::invalid_argument);
    EXPECT_THROW(with([](FloatOptions& o) { o.batch = 0; }), std::invalid_argument);
    FloatOptions options;
    options.batch = 2;
    FloatTrainer trainer(plain_geometry(network), options);
    const test::Batch batch(network, 3, 27);
    EXPECT_THROW((void)trainer.train_step(batch.view(3), 0.1), std::invalid_argument);
    EXPECT_THROW((void)trainer.train_step(batch.view(0), 0.1), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::floating
