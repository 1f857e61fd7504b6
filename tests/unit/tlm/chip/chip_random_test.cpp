// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random networks, widths and chips, the chip against the reference trainer: every tensor of two steps, the loss, the
// predictions, and the predictions of an evaluation afterwards. Seeds are the parameters, and printed with a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "ref/trainer/trainer.hpp"
#include "tests/unit/tlm/chip/random_chip.hpp"
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
    RandomChip with(static_cast<std::uint64_t>(GetParam()));
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
