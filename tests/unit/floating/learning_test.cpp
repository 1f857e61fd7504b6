// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each pattern learns: on images of the synthetic set the loss falls and the error leaves chance far behind.
#include <gtest/gtest.h>

#include "ref/data/batcher.hpp"
#include "ref/data/synthetic.hpp"
#include "ref/floating/float_trainer.hpp"
#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

struct Pattern {
    const char* name;
    FloatOptions options;
    double learning_rate;
    std::uint64_t epochs;
    std::size_t most_wrong;  ///< of 200; chance is 180
};

std::vector<Pattern> patterns()
{
    FloatOptions base;
    base.batch = 32;
    std::vector<Pattern> out;
    FloatOptions p28ff = base;
    p28ff.bits = {2, 8, 0, 0};
    p28ff.momentum = 0.9;
    p28ff.nesterov = true;
    p28ff.loss = Loss::softmax;
    out.push_back({"28ff", p28ff, 0.2, 6, 40});
    FloatOptions p28f8 = base;
    p28f8.bits = {2, 8, 8, 0};
    p28f8.loss = Loss::softmax;
    out.push_back({"28f8", p28f8, 0.1, 20, 90});
    FloatOptions normed = p28ff;
    normed.batch_norm = true;
    out.push_back({"28ff_bn", normed, 0.1, 6, 40});
    FloatOptions vanilla = base;
    vanilla.batch_norm = true;
    vanilla.loss = Loss::softmax;
    vanilla.momentum = 0.9;
    vanilla.nesterov = true;
    vanilla.weight_decay = 1e-4;
    out.push_back({"vanilla", vanilla, 0.1, 6, 40});
    return out;
}

class Learning : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Learning, LossFallsAndErrorLeavesChance)
{
    const Pattern pattern = patterns()[GetParam()];
    Network network{"", {1, 12, 12}, {}, {test::conv(8, 3, Pooling{}), test::dense(32), test::dense(10)}};
    if (pattern.options.bits.w == 0) {
        for (Layer& layer : network.layers) layer.attenuation = 0;
    }
    SyntheticOptions synthetic;
    synthetic.count = 640;
    synthetic.test_count = 200;
    synthetic.classes = 10;
    const Dataset data = make_synthetic(synthetic, {1, 12, 12});
    FloatTrainer trainer(make_geometry(network, Widths{}), pattern.options);
    Batcher batcher(data.train, {32, 1, true, Augment::none});
    double first = 0.0;
    double last = 0.0;
    const std::uint64_t steps = pattern.epochs * batcher.steps_per_epoch();
    for (std::uint64_t step = 0; step < steps; ++step) {
        const double loss = trainer.train_step(batcher.batch(step), pattern.learning_rate).loss / 32.0;
        if (step < 5) first += loss / 5.0;
        if (step >= steps - 5) last += loss / 5.0;
    }
    EXPECT_LT(last, 0.8 * first);
    const auto predictions = trainer.predict({data.test.count(), data.test.images.data(), data.test.labels.data()});
    std::size_t wrong = 0;
    for (std::size_t n = 0; n < predictions.size(); ++n) wrong += predictions[n] == data.test.labels[n] ? 0U : 1U;
    EXPECT_LT(wrong, pattern.most_wrong);
}

INSTANTIATE_TEST_SUITE_P(Patterns, Learning, ::testing::Range(std::size_t{0}, patterns().size()),
                         [](const auto& each) { return std::string(patterns()[each.param].name); });

}  // namespace
}  // namespace wagesim::floating
