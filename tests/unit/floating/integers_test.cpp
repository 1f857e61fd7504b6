// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where float32 is exact, the float companions are the integer trainer: the same forward pass for 28ff, the same errors
// and gradients for 28f8, bit for bit. Nothing of the two is shared but the network.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "ref/floating/float_trainer.hpp"
#include "ref/trainer/trainer.hpp"
#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

/// Stored weights before a step and gradients of all layers.
class Collector final : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId& id) const override { return id.name == TensorName::gradient; }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        visit_element_type(tensor.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(tensor.data);
            for (std::size_t i = 0; i < tensor.size(); ++i) {
                gradients[id.layer].push_back(static_cast<std::int64_t>(data[i]));
            }
        });
    }
    std::map<std::uint32_t, std::vector<std::int64_t>> gradients;
};

struct Variant {
    Widths widths;
    int gamma_log2;
    InputRange range;
};

/// The stored integers as real numbers.
FloatTensors weights_of(const ref::Trainer& trainer, const Widths& widths)
{
    FloatTensors out;
    for (std::size_t layer = 0; layer < trainer.geometry().size(); ++layer) {
        const Tensor<std::int16_t>& stored = trainer.stored_weights(layer);
        FloatTensor& tensor = out["layer" + std::to_string(layer) + "/weight_stored"];
        tensor.shape = stored.shape();
        for (const std::int16_t n : stored) tensor.values.push_back(std::ldexp(static_cast<float>(n), 1 - widths.g));
    }
    return out;
}

void expect_same_step(const Network& network, const Variant& variant)
{
    constexpr std::size_t kSamples = 8;
    ref::TrainerOptions integers;
    integers.widths = variant.widths;
    integers.gamma_log2 = variant.gamma_log2;
    integers.range = variant.range;
    integers.batch = kSamples;
    ref::Trainer reference(network, integers);
    const auto geometry = make_geometry(network, variant.widths);

    FloatOptions options;
    options.bits = {variant.widths.w, variant.widths.a, variant.widths.e, variant.gamma_log2};
    options.range = variant.range;
    options.batch = kSamples;
    options.momentum = 0.5;  // the first velocity is the gradient
    FloatTrainer trainer(geometry, options);
    trainer.set_tensors(weights_of(reference, variant.widths));

    const test::Batch batch(network, kSamples, 5);
    EXPECT_EQ(trainer.predict(batch.view()), reference.predict(batch.view()));
    Collector sink;
    const ref::StepResult expected = reference.train_step(batch.view(), 0, 0, &sink);
    const StepResult got = trainer.train_step(batch.view(), 0.0);
    EXPECT_EQ(got.loss, expected.loss);
    EXPECT_EQ(got.correct, expected.correct);
    const FloatTensors after = trainer.tensors();
    for (std::size_t layer = 0; layer < geometry.size(); ++layer) {
        const std::vector<float>& velocity = after.at("layer" + std::to_string(layer) + "/weight_velocity").values;
        const std::vector<std::int64_t>& gradient = sink.gradients.at(static_cast<std::uint32_t>(layer));
        // e_q 2^(1-kE), a 2^(1-kA), 1 / alpha, and the mean over 8 samples.
        const int scale = (variant.widths.e - 1) + (variant.widths.a - 1) + geometry[layer].attenuation + 3;
        ASSERT_EQ(velocity.size(), gradient.size());
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            ASSERT_LT(std::abs(gradient[i]), 1 << 24) << "not exact in float32: choose another network";
            ASSERT_EQ(velocity[i], std::ldexp(static_cast<float>(gradient[i]), -scale))
                << "layer " << layer << " " << i;
        }
    }
}

TEST(FloatIsInteger, EveryStepOf28f8UpToTheUpdate)
{
    const std::vector<Variant> variants = {{{2, 8, 8, 8}, 0, InputRange::unit},
                                           {{2, 8, 8, 8}, 2, InputRange::symmetric},
                                           {{3, 6, 9, 5}, 0, InputRange::symmetric},
                                           {{2, 2, 4, 2}, 0, InputRange::unit}};
    for (const Variant& variant : variants) {
        expect_same_step(test::small_network(), variant);
        expect_same_step({"", {1, 7, 7}, {}, {test::conv(8, 3, {}, 2, 1), test::dense(10), test::dense(10)}}, variant);
    }
}

TEST(FloatIsInteger, ForwardOf28ff)
{
    const Network network = test::small_network();
    ref::TrainerOptions integers;
    integers.batch = 8;
    ref::Trainer reference(network, integers);
    FloatOptions options;
    options.bits = {2, 8, 0, 0};
    options.batch = 8;
    FloatTrainer trainer(make_geometry(network, integers.widths), options);
    trainer.set_tensors(weights_of(reference, integers.widths));
    const test::Batch batch(network, 8, 6);
    EXPECT_EQ(trainer.train_step(batch.view(), 0.0).loss, reference.train_step(batch.view(), 0, 0).loss);
}

}  // namespace
}  // namespace wagesim::floating
