// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Ranks that share a batch against a single process that has all of it: random networks, widths and batches, parts that
// are uneven and parts that are empty.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <vector>

#include "ref/communicator/share.hpp"
#include "ref/trainer/trainer.hpp"
#include "tests/support/ranks.hpp"
#include "tests/unit/ref/random_tensor.hpp"

namespace wagesim::ref {
namespace {

using test::between;

int number(int low, int high, std::mt19937_64& engine)
{
    return static_cast<int>(between(static_cast<std::size_t>(low), static_cast<std::size_t>(high), engine));
}

Network random_network(std::mt19937_64& engine)
{
    Network network;
    network.input = {number(1, 3, engine), number(6, 12, engine), number(6, 12, engine)};
    for (int i = number(0, 2, engine); i > 0; --i) {
        Layer layer;
        layer.kind = Layer::Kind::conv;
        layer.units = number(1, 9, engine);
        layer.kernel = 2 * number(0, 1, engine) + 1;
        if (number(0, 1, engine) == 1) layer.pool = Pooling{2, number(1, 2, engine)};
        network.layers.push_back(layer);
    }
    for (int i = number(0, 2, engine); i >= 0; --i) {
        Layer layer;
        layer.units = number(2, 20, engine);
        network.layers.push_back(layer);
    }
    // Losses whose sum needs more than 64 bits, too.
    if (number(0, 1, engine) == 1) network.layers.back().attenuation = number(0, 24, engine);
    return network;
}

/// int32 and int64 gradients, narrow and wide errors.
TrainerOptions random_options(std::mt19937_64& engine)
{
    TrainerOptions options;
    options.widths.w = number(2, 8, engine);
    options.widths.a = number(2, 8, engine);
    options.widths.g = number(options.widths.w, 16, engine);
    options.widths.e = number(2, 16, engine);
    options.gamma_log2 = number(0, 2, engine);
    options.loss = number(0, 2, engine) == 0 ? Loss::softmax : Loss::sse;
    options.seed = engine();
    options.range = number(0, 1, engine) == 0 ? InputRange::unit : InputRange::symmetric;
    options.batch = between(1, 2 * test::ranks().size() + 3, engine);
    return options;
}

struct Data {
    Data(const Network& network, std::size_t samples, std::mt19937_64& engine)
        : image(static_cast<std::size_t>(network.input.channels * network.input.height * network.input.width)),
          images(samples * image),
          labels(samples)
    {
        for (std::uint8_t& byte : images) byte = static_cast<std::uint8_t>(engine());
        const auto classes = static_cast<std::size_t>(network.layers.back().units);
        for (std::uint16_t& label : labels) label = static_cast<std::uint16_t>(between(0, classes - 1, engine));
    }
    [[nodiscard]] BatchView part(const Share& share) const
    {
        return {share.count, images.data() + share.first * image, labels.data() + share.first};
    }
    std::size_t image;
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;
};

void train_beside_a_single_process(std::mt19937_64& engine)
{
    Communicator& ranks = test::ranks();
    const Network network = random_network(engine);
    const TrainerOptions options = random_options(engine);
    Trainer whole(network, options);
    Trainer shared(network, options, ranks);
    for (std::uint64_t step = 0; step < 3; ++step) {
        const Data data(network, options.batch, engine);
        const int eta = number(0, 8, engine) - 4;
        const StepResult expected = whole.train_step(data.part({0, options.batch}), step, eta);
        const StepResult got = shared.train_step(data.part(share_of(options.batch, ranks)), step, eta);
        ASSERT_EQ(got.loss, expected.loss);
        ASSERT_EQ(got.correct, expected.correct);
        for (std::size_t layer = 0; layer < network.layers.size(); ++layer) {
            const auto& one = whole.stored_weights(layer);
            const auto& other = shared.stored_weights(layer);
            ASSERT_TRUE(std::equal(one.begin(), one.end(), other.begin(), other.end())) << "layer " << layer;
        }
        const Share all{0, options.batch};
        ASSERT_EQ(shared.predict(data.part(all)), whole.predict(data.part(all)));
    }
}

TEST(Ranks, OfRandomNetworksTrainAsASingleProcess)
{
    std::uint64_t seed = std::random_device{}();
    test::ranks().broadcast(&seed, sizeof seed, 0);
    if (test::ranks().rank() == 0) std::cout << "random seed " << seed << std::endl;
    std::mt19937_64 engine(seed);
    for (int i = 0; i < 40; ++i) {
        SCOPED_TRACE(i);
        ASSERT_NO_FATAL_FAILURE(train_beside_a_single_process(engine));
    }
}

TEST(Ranks, AreRefusedMoreThanTheirShare)
{
    Communicator& ranks = test::ranks();
    std::mt19937_64 engine(1);
    const Network network = random_network(engine);
    TrainerOptions options;
    options.batch = 4 * ranks.size();
    Trainer trainer(network, options, ranks);
    const Data data(network, options.batch, engine);
    EXPECT_THROW((void)trainer.train_step(data.part({0, 5}), 0, 0), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::ref
