// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip, with the C++ quantize/update unit, against the golden trainings: every tensor of every step, on a chip that
// holds the network and on chips that are far too small for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "ref/data/batcher.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/tlm/chip/tensor_recorder.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::test {
namespace {

chip::ChipOptions options_of(const GoldenTraining& golden)
{
    chip::ChipOptions options;
    options.widths = golden.widths();
    options.weight_clip = golden.options().weight_clip;
    options.gamma_log2 = golden.options().gamma_log2;
    options.seed = golden.options().seed;
    options.range = golden.options().range;
    options.batch = golden.options().batch;
    options.check_protocol = true;
    return options;
}

void expect_step(const GoldenTraining& golden, std::uint64_t step, const TensorRecorder& recorder,
                 const chip::StepOutcome& outcome)
{
    for (std::size_t layer = 0; layer < golden.layers(); ++layer) {
        const std::vector<TensorName> names = golden.names(step, layer);
        ASSERT_GT(names.size(), 15U);
        for (const TensorName name : names) {
            const auto expected = golden.tensor(step, layer, name);
            const auto got = recorder.tensor(static_cast<std::uint32_t>(layer), name);
            ASSERT_TRUE(expected && got) << text_of(name);
            ASSERT_EQ(*got, expected->values) << "step " << step << " layer " << layer << " " << text_of(name);
        }
    }
    EXPECT_EQ(outcome.loss, golden.loss(step));
    const std::vector<std::int64_t> predictions = golden.prediction(step);
    EXPECT_EQ(recorder.tensor(0, TensorName::prediction), predictions);
    EXPECT_TRUE(
        std::equal(predictions.begin(), predictions.end(), outcome.predictions.begin(), outcome.predictions.end()));
}

void expect_training(const std::string& name, const chip::ChipConfig& config)
{
    const GoldenTraining golden(name);
    chip::Chip chip("chip", config, golden.network(), options_of(golden),
                    std::make_unique<chip::QuantizeUpdateTwin>(config.quantize_update.lanes));
    std::vector<std::vector<std::int16_t>> weights;
    for (std::size_t layer = 0; layer < golden.layers(); ++layer) {
        const auto stored = golden.tensor(0, layer, TensorName::weight_stored);
        ASSERT_TRUE(stored);
        weights.emplace_back(stored->values.begin(), stored->values.end());
    }
    chip.load_weights(weights);
    Batcher batcher(golden.data(), golden.options().batcher());
    for (std::uint64_t step = 0; step < golden.steps(); ++step) {
        const BatchView batch = batcher.batch(step);
        TensorRecorder recorder(batch.samples);
        const chip::StepOutcome outcome = chip.train_step({batch.samples, batch.images, batch.labels}, step,
                                                          golden.options().eta_exponent, &recorder);
        expect_step(golden, step, recorder, outcome);
        if (testing::Test::HasFatalFailure()) return;
    }
}

class ChipGolden : public testing::TestWithParam<std::string> {};

TEST_P(ChipGolden, HoldsTheNetwork)
{
    expect_training(GetParam(), chip::ChipConfig{});
}

TEST_P(ChipGolden, OddChunks)
{
    chip::ChipConfig config;
    config.sequencer.chunk_samples = 3;
    config.buffer.kib = 1;
    config.gradient.macs_per_cycle = 32;
    expect_training(GetParam(), config);
}

TEST_P(ChipGolden, ColumnPasses)
{
    chip::ChipConfig config;
    config.crossbar.rows = 512;
    config.crossbar.columns = 4;
    config.crossbar.active_lines = 512;
    config.partitions.count = 1;
    config.partitions.arrays = 7;
    expect_training(GetParam(), config);
}

TEST_P(ChipGolden, OneArray)
{
    chip::ChipConfig config;
    config.crossbar.rows = 64;
    config.crossbar.columns = 8;
    config.partitions.count = 1;
    config.partitions.arrays = 1;
    expect_training(GetParam(), config);
}

INSTANTIATE_TEST_SUITE_P(Trainings, ChipGolden, testing::ValuesIn(golden_trainings()),
                         [](const auto& training) { return identifier_of(training.param); });

}  // namespace
}  // namespace wagesim::test
