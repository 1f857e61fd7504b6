// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random networks, widths and chips, the chip against the reference trainer: every tensor of two steps, the loss, the
// predictions, and the predictions of an evaluation afterwards. Seeds are the parameters, and printed with a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "ref/trainer/trainer.hpp"
#include "tests/unit/tlm/chip/tensor_recorder.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::test {
namespace {

/// What the reference delivers, widened.
class ReferenceRecorder : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId& id) const override { return id.name != TensorName::loss; }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        std::vector<std::int64_t>& to = tensors[{id.layer, id.name}];
        visit_element_type(tensor.type, [&](auto zero) {
            const auto* const data = static_cast<const decltype(zero)*>(tensor.data);
            for (std::size_t i = 0; i < tensor.size(); ++i) to.push_back(static_cast<std::int64_t>(data[i]));
        });
    }
    std::map<std::pair<std::uint32_t, TensorName>, std::vector<std::int64_t>> tensors;
};

class Case {
public:
    explicit Case(std::uint64_t seed) : engine_(seed)
    {
        options.widths.w = pick({2, 2, 3, 4, 8});
        options.widths.a = pick({2, 5, 8, 8});
        options.widths.g = std::max(options.widths.w, pick({4, 8, 8, 12, 16}));
        options.widths.e = pick({2, 6, 8, 8, 11, 16});
        options.weight_clip = chance() ? WeightClip::kg : WeightClip::kw;
        options.gamma_log2 = pick({0, 0, 2, 8});
        options.seed = seed;
        options.range = chance() ? InputRange::unit : InputRange::symmetric;
        options.batch = static_cast<std::size_t>(between(1, 7));
        options.check_protocol = true;
        make_network();
        make_chip();
    }

    int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }

    chip::ChipOptions options;
    chip::ChipConfig config;
    Network network;

private:
    bool chance() { return between(0, 1) == 1; }
    int pick(std::initializer_list<int> of) { return of.begin()[between(0, static_cast<int>(of.size()) - 1)]; }

    void make_network()
    {
        int extent = between(3, 11);
        network.input = {pick({1, 1, 2, 3}), extent, extent};
        for (int i = between(0, 3); i > 0; --i) {
            Layer layer;
            layer.kind = Layer::Kind::conv;
            layer.units = between(1, 9);
            layer.kernel = pick({1, 3, 3, 5});
            if (chance()) {
                layer.stride = between(1, 2);
                layer.padding = between(0, 2);
            }
            const int padding = layer.padding.value_or((layer.kernel - 1) / 2);
            if (extent + 2 * padding < layer.kernel) continue;
            extent = (extent + 2 * padding - layer.kernel) / layer.stride + 1;
            if (chance() && extent >= 2) {
                layer.pool = Pooling{between(1, std::min(extent, 3)), between(1, 3)};
                extent = (extent - layer.pool->size) / layer.pool->stride + 1;
            }
            network.layers.push_back(layer);
        }
        for (int i = between(0, 2); i >= 0; --i) {
            Layer layer;
            layer.units = i == 0 ? between(2, 12) : between(1, 20);
            if (chance()) layer.attenuation = between(0, 5);
            network.layers.push_back(layer);
        }
    }

    void make_chip()
    {
        config.crossbar.rows = pick({8, 16, 128});
        config.crossbar.columns = pick({8, 16, 128});
        config.crossbar.cell_bits = pick({1, 1, 2, 7});
        config.partitions.count = pick({1, 2, 64});
        config.partitions.arrays = pick({1, 3, 16});
        config.gradient.macs_per_cycle = pick({1, 24, 4096});
        config.buffer.kib = pick({1, 8, 2048});
        config.sequencer.chunk_samples = between(1, 4);
        config.sequencer.command_cycles = between(0, 4);
        config.quantize_update.lanes = pick({4, 16, 64});
        config.interconnect.kind = chance() ? chip::InterconnectKind::router : chip::InterconnectKind::mesh;
        config.clock_ghz = pick({1, 2}) * 0.75;
    }

    std::mt19937_64 engine_;
};

class ChipAgainstTrainer : public testing::TestWithParam<int> {};

void expect_same_tensors(const ReferenceRecorder& expected, const TensorRecorder& got)
{
    ASSERT_GT(expected.tensors.size(), 10U);
    for (const auto& [key, values] : expected.tensors) {
        const auto tensor = got.tensor(key.first, key.second);
        ASSERT_TRUE(tensor) << "layer " << key.first << " " << text_of(key.second) << " was not shown";
        ASSERT_EQ(*tensor, values) << "layer " << key.first << " " << text_of(key.second);
    }
    for (const auto& [key, recorded] : got.tensors()) {
        if (key.second == TensorName::loss) continue;
        EXPECT_EQ(expected.tensors.count(key), 1U) << "layer " << key.first << " " << text_of(key.second);
    }
}

TEST_P(ChipAgainstTrainer, EveryTensor)
{
    Case with(static_cast<std::uint64_t>(GetParam()));
    ASSERT_EQ(chip::chip_faults(with.config, with.network, with.options), std::vector<std::string>{});
    ref::TrainerOptions options;
    options.widths = with.options.widths;
    options.weight_clip = with.options.weight_clip;
    options.gamma_log2 = with.options.gamma_log2;
    options.seed = with.options.seed;
    options.range = with.options.range;
    options.batch = with.options.batch;
    ref::Trainer trainer(with.network, options);
    chip::Chip chip("chip", with.config, with.network, with.options,
                    std::make_unique<chip::QuantizeUpdateTwin>(with.config.quantize_update.lanes));
    std::vector<std::vector<std::int16_t>> weights;
    for (std::size_t layer = 0; layer < with.network.layers.size(); ++layer) {
        const Tensor<std::int16_t>& stored = trainer.stored_weights(layer);
        weights.emplace_back(stored.begin(), stored.end());
    }
    chip.load_weights(weights);

    const auto bytes = static_cast<std::size_t>(chip.geometry().front().inputs());
    const int classes = chip.geometry().back().out_c;
    const std::size_t images = 2 * with.options.batch + 1;
    std::vector<std::uint8_t> data(images * bytes);
    std::vector<std::uint16_t> labels(images);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(with.between(0, 255));
    for (auto& label : labels) label = static_cast<std::uint16_t>(with.between(0, classes - 1));

    for (std::uint64_t step = 0; step < 2; ++step) {
        // The second step is a smaller batch.
        const std::size_t samples = step == 0 ? with.options.batch : (with.options.batch + 1) / 2;
        const int eta = with.between(-2, 4);
        ReferenceRecorder expected;
        TensorRecorder got(samples);
        const auto reference = trainer.train_step({samples, data.data(), labels.data()}, step, eta, &expected);
        const auto outcome = chip.train_step({samples, data.data(), labels.data()}, step, eta, &got);
        expect_same_tensors(expected, got);
        if (HasFatalFailure()) return;
        EXPECT_EQ(outcome.loss, reference.loss);
        EXPECT_EQ(outcome.correct, reference.correct);
    }
    EXPECT_EQ(chip.predict({images, data.data(), nullptr}), trainer.predict({images, data.data(), labels.data()}));
    for (std::size_t layer = 0; layer < with.network.layers.size(); ++layer) {
        const Tensor<std::int16_t>& stored = trainer.stored_weights(layer);
        EXPECT_EQ(chip.stored_weights(layer), std::vector<std::int16_t>(stored.begin(), stored.end()));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChipAgainstTrainer, testing::Range(0, 40));

}  // namespace
}  // namespace wagesim::test
