// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The trainer against the literal step on networks that no golden file has (strides, paddings, overlapping pools, all
// widths), and its own promises: threads, partial batches, sinks, weights.
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>
#include <stdexcept>

#include "ref/trainer/trainer.hpp"
#include "tests/unit/ref/literal_step.hpp"

namespace wagesim::ref {
namespace {

using test::LiteralTensors;
using test::LiteralTrainer;

class Collector final : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId&) const override { return true; }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        if (id.name == TensorName::loss) {
            loss = *static_cast<const double*>(tensor.data);
            return;
        }
        auto& values = tensors[{id.layer, id.name}];
        EXPECT_TRUE(values.empty()) << "delivered twice: " << text_of(id.name);
        visit_element_type(tensor.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(tensor.data);
            for (std::size_t i = 0; i < tensor.size(); ++i) values.push_back(static_cast<std::int64_t>(data[i]));
        });
    }
    LiteralTensors tensors;
    double loss = -1.0;
};

struct Data {
    Data(const Network& network, std::size_t samples, std::uint64_t seed)
    {
        std::mt19937_64 engine(seed);
        const InputShape& in = network.input;
        for (int i = 0; i < in.channels * in.height * in.width * static_cast<int>(samples); ++i) {
            images.push_back(static_cast<std::uint8_t>(engine()));
        }
        for (std::size_t n = 0; n < samples; ++n) {
            labels.push_back(
                static_cast<std::uint16_t>(engine() % static_cast<std::uint64_t>(network.layers.back().units)));
        }
    }
    [[nodiscard]] BatchView view(std::size_t samples) const { return {samples, images.data(), labels.data()}; }
    [[nodiscard]] BatchView view() const { return view(labels.size()); }
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;
};

Layer conv(int filters, int kernel, int stride = 1, std::optional<int> padding = {}, std::optional<Pooling> pool = {})
{
    Layer layer;
    layer.kind = Layer::Kind::conv;
    layer.units = filters;
    layer.kernel = kernel;
    layer.stride = stride;
    layer.padding = padding;
    layer.pool = pool;
    return layer;
}

Layer dense(int units, std::optional<int> attenuation = {})
{
    Layer layer;
    layer.units = units;
    layer.attenuation = attenuation;
    return layer;
}

struct Setup {
    std::string name;
    Network network;
};

const std::vector<Setup>& setups()
{
    static const std::vector<Setup> all = {
        {"strided", {"", {2, 9, 8}, {}, {conv(5, 3, 2, 1), conv(4, 3, 3, 2), dense(6), dense(4)}}},
        {"explicit_padding", {"", {1, 7, 7}, {}, {conv(3, 5, 1, 0), conv(6, 1, 1, 1), conv(2, 3, 1, 4), dense(3)}}},
        {"overlapping_pools",
         {"", {3, 10, 10}, {}, {conv(6, 3, 1, {}, Pooling{3, 2}), conv(5, 3, 1, {}, Pooling{2, 1}), dense(7)}}},
        {"pools_that_leave_rows_out", {"", {1, 11, 9}, {}, {conv(4, 3, 1, {}, Pooling{2, 3}), dense(5), dense(3)}}},
        {"large_window", {"", {1, 18, 18}, {}, {conv(2, 3, 1, {}, Pooling{17, 1}), dense(3)}}},
        {"dense_only", {"", {3, 4, 5}, {}, {dense(17), dense(9), dense(10)}}},
        {"one_layer", {"", {1, 5, 5}, {}, {dense(1)}}},
        {"attenuation_given", {"", {1, 6, 6}, {}, {dense(8, 24), dense(8, 0), dense(3, 5)}}},
        // An image's sums are more than a strip: of the first layer's forward pass, of the second one's backward pass.
        {"several_strips", {"", {1, 40, 40}, {}, {conv(21, 1), conv(4, 1), dense(3)}}},
        {"several_strips_pooled", {"", {1, 40, 40}, {}, {conv(21, 1, 1, {}, Pooling{}), dense(3)}}},
        {"conv_after_dense", {"", {2, 4, 4}, {}, {dense(6), conv(4, 3), conv(3, 1, 2, 1), dense(2)}}},
    };
    return all;
}

/// kW, kA, kG, kE
const std::vector<Widths>& widths()
{
    static const std::vector<Widths> all = {{2, 8, 8, 8},  {8, 8, 16, 16}, {8, 8, 8, 8},  {2, 2, 2, 2},
                                            {3, 5, 11, 9}, {2, 8, 8, 16},  {5, 3, 16, 2}, {8, 2, 8, 12}};
    return all;
}

double expected_loss(const LiteralTensors& tensors, const std::vector<LayerGeometry>& layers, const Widths& w)
{
    __extension__ using Int128 = __int128;
    Int128 squares = 0;
    for (const std::int64_t e : tensors.at({layers.size() - 1, TensorName::error_in})) squares += Int128{e} * e;
    const int scale = (w.a - 1) + (w.w - 1) + layers.back().attenuation;
    return std::ldexp(static_cast<double>(squares), -(2 * scale + 1));
}

class TrainerAgainstLiteral : public testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {};

TEST_P(TrainerAgainstLiteral, EveryTensorOfEveryStep)
{
    const Network& network = setups()[std::get<0>(GetParam())].network;
    const std::size_t variant = std::get<1>(GetParam());
    TrainerOptions options;
    options.widths = widths()[variant];
    options.weight_clip = variant % 2 == 0 ? WeightClip::kg : WeightClip::kw;
    options.gamma_log2 = static_cast<int>(variant) % 3 == 2 ? 8 : static_cast<int>(variant) % 3;
    options.range = variant % 3 == 1 ? InputRange::symmetric : InputRange::unit;
    options.seed = 100 + variant;
    options.batch = 5;
    Trainer trainer(network, options);
    LiteralTrainer literal(network, options);
    const int eta = static_cast<int>(variant) * 3 - 13;
    for (std::uint64_t step = 0; step < 3; ++step) {
        const Data data(network, step == 1 ? 3 : 5, step);  // a partial batch between whole ones
        Collector got;
        const StepResult result = trainer.train_step(data.view(), step + (std::uint64_t{1} << 33), eta, &got);
        const LiteralTensors expected = literal.step(data.view(), step + (std::uint64_t{1} << 33), eta);
        ASSERT_EQ(got.tensors.size(), expected.size());
        for (const auto& [id, values] : expected) {
            const auto found = got.tensors.find(id);
            ASSERT_NE(found, got.tensors.end()) << text_of(id.second);
            ASSERT_EQ(found->second, values) << "step " << step << " layer " << id.first << " " << text_of(id.second);
        }
        EXPECT_EQ(result.loss, expected_loss(expected, trainer.geometry(), options.widths));
        EXPECT_EQ(got.loss, result.loss);
    }
}

INSTANTIATE_TEST_SUITE_P(Networks, TrainerAgainstLiteral,
                         testing::Combine(testing::Range(std::size_t{0}, setups().size()),
                                          testing::Range(std::size_t{0}, widths().size())),
                         [](const auto& param) {
                             return setups()[std::get<0>(param.param)].name + "_widths" +
                                    std::to_string(std::get<1>(param.param));
                         });

Network small()
{
    return {"", {1, 12, 12}, {}, {conv(8, 5, 1, {}, Pooling{}), conv(20, 3), dense(16), dense(10)}};
}

std::vector<std::int16_t> weights_after(int threads, bool with_sink)
{
    omp_set_num_threads(threads);
    TrainerOptions options;
    options.batch = 7;
    Trainer trainer(small(), options);
    const Data data(small(), 7, 1);
    Collector sink;
    for (std::uint64_t step = 0; step < 3; ++step) {
        sink.tensors.clear();
        (void)trainer.train_step(data.view(), step, 0, with_sink ? &sink : nullptr);
    }
    std::vector<std::int16_t> out;
    for (std::size_t layer = 0; layer < trainer.geometry().size(); ++layer) {
        const auto& weights = trainer.stored_weights(layer);
        out.insert(out.end(), weights.begin(), weights.end());
    }
    return out;
}

TEST(Trainer, ThreadsAndSinksDoNotChangeResults)
{
    const auto expected = weights_after(1, false);
    for (const int threads : {1, 2, 3, 8}) {
        for (const bool sink : {false, true}) EXPECT_EQ(weights_after(threads, sink), expected) << threads;
    }
}

TEST(Trainer, PredictsAnyNumberOfImages)
{
    TrainerOptions options;
    options.batch = 4;
    Trainer trainer(small(), options);
    const Data data(small(), 11, 2);
    const auto all = trainer.predict(data.view());
    ASSERT_EQ(all.size(), 11U);
    const std::size_t image = 144;
    for (std::size_t n = 0; n < 11; ++n) {
        const BatchView one{1, data.images.data() + n * image, nullptr};
        EXPECT_EQ(trainer.predict(one).at(0), all[n]);
    }
    EXPECT_TRUE(trainer.predict(data.view(0)).empty());
    Collector sink;
    const StepResult result = trainer.train_step(data.view(4), 0, 0, &sink);
    std::size_t correct = 0;
    for (std::size_t n = 0; n < 4; ++n) {
        EXPECT_EQ(sink.tensors.at({0, TensorName::prediction})[n], all[n]);
        if (all[n] == data.labels[n]) ++correct;
    }
    EXPECT_EQ(result.correct, correct);
}

TEST(Trainer, WeightsGoInAndOut)
{
    TrainerOptions options;
    options.batch = 4;
    Trainer source(small(), options);
    const Data data(small(), 4, 3);
    for (std::uint64_t step = 0; step < 2; ++step) (void)source.train_step(data.view(), step, 0);
    options.seed = 77;
    Trainer copy(small(), options);
    for (std::size_t layer = 0; layer < 4; ++layer) {
        const auto& weights = source.stored_weights(layer);
        EXPECT_EQ(weights.shape(), source.geometry()[layer].weight_shape());
        copy.set_stored_weights(layer, weights);
        EXPECT_TRUE(std::equal(weights.begin(), weights.end(), copy.stored_weights(layer).begin()));
    }
    EXPECT_EQ(copy.predict(data.view()), source.predict(data.view()));

    Tensor<std::int16_t> bad(source.geometry()[3].weight_shape());
    bad[5] = 128;  // Nw is 127
    EXPECT_THROW(copy.set_stored_weights(3, bad), std::invalid_argument);
    bad[5] = -128;
    EXPECT_THROW(copy.set_stored_weights(3, bad), std::invalid_argument);
    EXPECT_THROW(copy.set_stored_weights(3, Tensor<std::int16_t>({10, 15})), std::invalid_argument);
    EXPECT_THROW(copy.set_stored_weights(4, bad), std::out_of_range);
    EXPECT_EQ(copy.predict(data.view()), source.predict(data.view())) << "a refused tensor changes nothing";
}

/// Wants one tensor only.
class Picky final : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId& id) const override
    {
        return id.layer == 1 && id.name == TensorName::delta;
    }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        EXPECT_TRUE(wants(id));
        EXPECT_EQ(id.step, 9U);
        EXPECT_EQ(tensor.shape, (Shape{20, 8, 3, 3}));
        ++received;
    }
    int received = 0;
};

TEST(Trainer, DeliversOnlyWhatIsWanted)
{
    TrainerOptions options;
    options.batch = 2;
    Trainer trainer(small(), options);
    const Data data(small(), 2, 4);
    Picky sink;
    (void)trainer.train_step(data.view(), 9, 0, &sink);
    EXPECT_EQ(sink.received, 1);
}

TEST(Trainer, RefusesWhatIsOutOfRange)
{
    const auto with = [](auto change) {
        TrainerOptions options;
        change(options);
        Trainer trainer(small(), options);
    };
    EXPECT_NO_THROW(with([](TrainerOptions&) {}));
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.w = 1; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.w = 9; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.g = 1; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.g = 17; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.a = 9; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.widths.e = 17; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.gamma_log2 = 9; }), std::invalid_argument);
    EXPECT_THROW(with([](TrainerOptions& o) { o.batch = 0; }), std::invalid_argument);

    TrainerOptions options;
    options.batch = 2;
    Trainer trainer(small(), options);
    const Data data(small(), 3, 5);
    EXPECT_THROW((void)trainer.train_step(data.view(3), 0, 0), std::invalid_argument);
    EXPECT_THROW((void)trainer.train_step(data.view(0), 0, 0), std::invalid_argument);
    EXPECT_THROW((void)trainer.train_step(data.view(2), 0, 9), std::invalid_argument);
    EXPECT_THROW((void)trainer.train_step(data.view(2), 0, -17), std::invalid_argument);
}

TEST(Trainer, AGradientOfZeroChangesNothing)
{
    // Black images: the first layer's inputs, and so its gradient, are all 0.
    const Network network{"", {1, 3, 3}, {}, {dense(4), dense(3)}};
    TrainerOptions options;
    options.batch = 2;
    Trainer trainer(network, options);
    const std::vector<std::uint8_t> images(18);
    const std::vector<std::uint16_t> labels = {0, 2};
    const auto before = trainer.stored_weights(0);
    Collector sink;
    (void)trainer.train_step({2, images.data(), labels.data()}, 0, 8, &sink);
    EXPECT_EQ(sink.tensors.at({0, TensorName::max_gradient}).at(0), 0);
    EXPECT_EQ(sink.tensors.at({0, TensorName::exponent_g}).at(0), -1);
    EXPECT_EQ(sink.tensors.at({0, TensorName::delta}), std::vector<std::int64_t>(36, 0));
    EXPECT_TRUE(std::equal(before.begin(), before.end(), trainer.stored_weights(0).begin()));
}

}  // namespace
}  // namespace wagesim::ref
