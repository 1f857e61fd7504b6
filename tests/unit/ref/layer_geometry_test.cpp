// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Extents, refusals, and bounds that are held against the largest sums that worst-case operands really give.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <vector>

#include "ref/kernels/naive.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim {
namespace {

Layer conv(int filters, int kernel)
{
    Layer layer;
    layer.kind = Layer::Kind::conv;
    layer.units = filters;
    layer.kernel = kernel;
    return layer;
}

Layer dense(int units)
{
    Layer layer;
    layer.units = units;
    return layer;
}

Network lenet()
{
    Layer first = conv(32, 5);
    Layer second = conv(64, 5);
    first.pool = second.pool = Pooling{2, 2};
    return {"lenet", {1, 28, 28}, {}, {first, second, dense(512), dense(10)}};
}

TEST(LayerGeometry, Lenet)
{
    const auto layers = make_geometry(lenet(), {});
    ASSERT_EQ(layers.size(), 4U);
    EXPECT_EQ(layers[0].weight_shape().text(), "32x1x5x5");
    EXPECT_EQ(layers[0].acc_shape(128).text(), "128x32x28x28");
    EXPECT_EQ(layers[0].output_shape(128).text(), "128x32x14x14");
    EXPECT_EQ(layers[1].input_shape(128).text(), "128x32x14x14");
    EXPECT_EQ(layers[2].weight_shape().text(), "512x3136");
    EXPECT_EQ(layers[2].input_shape(128).text(), "128x3136");
    EXPECT_EQ(layers[3].acc_shape(128).text(), "128x10");
    EXPECT_TRUE(layers[2].hidden);
    EXPECT_FALSE(layers[3].hidden);
    const std::vector<int> attenuations = {layers[0].attenuation, layers[1].attenuation, layers[2].attenuation,
                                           layers[3].attenuation};
    EXPECT_EQ(attenuations, (std::vector<int>{1, 3, 4, 3}));
    std::int64_t macs = 0;
    for (const LayerGeometry& layer : layers) macs += layer.macs();
    EXPECT_EQ(macs, 12273152);
}

TEST(LayerGeometry, StridesPaddingsAndPoolsRoundDown)
{
    Network network{"", {3, 10, 9}, {}, {conv(4, 3), dense(2)}};
    network.layers[0].stride = 2;
    network.layers[0].padding = 2;
    network.layers[0].pool = Pooling{3, 2};
    const auto layers = make_geometry(network, {});
    EXPECT_EQ(layers[0].acc_h, 6);  // (10 + 4 - 3) / 2 + 1
    EXPECT_EQ(layers[0].acc_w, 6);  // (9 + 4 - 3) / 2 + 1
    EXPECT_EQ(layers[0].out_h, 2);  // (6 - 3) / 2 + 1
    EXPECT_EQ(layers[0].out_w, 2);
    EXPECT_EQ(layers[0].pool_overlap(), 2);
    EXPECT_EQ(layers[1].fan_in(), 16);
}

TEST(LayerGeometry, RefusesWhatIsNoNetwork)
{
    const auto refusal = [](const std::function<void(Network&)>& change) -> std::string {
        Network network = lenet();
        change(network);
        try {
            (void)make_geometry(network, {});
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(refusal([](Network&) {}), "accepted");
    EXPECT_EQ(refusal([](Network& n) { n.layers.clear(); }), "layers: got none, allowed one or more");
    EXPECT_EQ(refusal([](Network& n) { n.layers[1].kernel = 4; }),
              "layers[1]: kernel: got 4, allowed odd numbers from 1");
    EXPECT_EQ(refusal([](Network& n) { n.layers[1].stride = 2; }),
              "layers[1]: padding: got same with stride 2, allowed same with stride 1 only");
    EXPECT_EQ(refusal([](Network& n) { n.layers[0].stride = 0; }), "layers[0]: stride: got 0, allowed 1 or more");
    EXPECT_EQ(refusal([](Network& n) { n.layers[0].padding = -1; }), "layers[0]: padding: got -1, allowed 0 or more");
    EXPECT_EQ(refusal([](Network& n) { n.layers[0].padding = 2147483647; }),
              "layers[0]: padding: got 2147483647, allowed 16384 or less");
    EXPECT_EQ(refusal([](Network& n) { n.layers[2].units = 0; }), "layers[2]: units: got 0, allowed 1 or more");
    EXPECT_EQ(refusal([](Network& n) { n.layers[3].attenuation = 25; }),
              "layers[3]: attenuation: got 25, allowed 0..24");
    EXPECT_EQ(refusal([](Network& n) {
                  n.layers[1].pool = Pooling{15, 1};
              }),
              "layers[1]: pool: got size 15 on 14x14, allowed a window that fits");
    EXPECT_EQ(refusal([](Network& n) { n.layers.resize(2); }), "layers[1]: the last layer: got conv, allowed dense");
    EXPECT_NE(refusal([](Network& n) { n.input.height = 0; }), "accepted");
    EXPECT_NE(refusal([](Network& n) { n.input = {65535, 65535, 65535}; }), "accepted");
    EXPECT_NE(refusal([](Network& n) { n.layers[0].pool = Pooling{0, 1}; }), "accepted");
}

/// A winner of 256 x 256 is 65535: the last that 16 bits hold.
TEST(LayerGeometry, PoolsWindowsUpTo256)
{
    Network network{"", {1, 262, 262}, {}, {conv(3, 3), dense(4)}};
    network.layers[0].pool = Pooling{256, 1};
    EXPECT_EQ(make_geometry(network, {})[0].out_h, 7);
    network.layers[0].pool = Pooling{257, 1};
    EXPECT_THROW((void)make_geometry(network, {}), std::invalid_argument);
}

/// The largest backward sum and gradient when every operand is at its bound: products counted by the naive loops.
TEST(LayerBounds, AreReachedOrNearlySo)
{
    for (const int stride : {1, 2, 3}) {
        for (const int kernel : {1, 3, 5}) {
            Network network{"", {2, 12, 12}, {}, {conv(3, kernel), dense(4)}};
            network.layers[0].stride = stride;
            network.layers[0].padding = (kernel - 1) / 2;
            network.layers[0].pool = Pooling{3, 2};
            const Widths widths{3, 5, 8, 6};
            const auto layers = make_geometry(network, widths);
            const std::int64_t batch = 6;
            const auto bounds = make_bounds(layers, widths, batch);
            const LayerGeometry& g = layers[0];
            const std::int64_t operand = 4 * numerics::max_code(6);  // 2 x 2 windows share an accumulator
            EXPECT_EQ(bounds[0].error_mac, operand);
            EXPECT_EQ(bounds[0].acc, g.fan_in() * 15 * 3);
            EXPECT_EQ(bounds[0].gradient, batch * g.positions() * operand * 15);

            ref::ConvolutionShape s;
            s.in_h = s.in_w = 12;
            s.out_h = static_cast<std::size_t>(g.acc_h);
            s.out_w = static_cast<std::size_t>(g.acc_w);
            s.kernel_h = s.kernel_w = static_cast<std::size_t>(kernel);
            s.stride = static_cast<std::size_t>(stride);
            s.pad = static_cast<std::size_t>(g.pad);
            s.in_c = 2;
            s.out_c = 3;
            const std::vector<std::int8_t> weights(s.weights(), 3);
            const std::vector<std::int64_t> error(s.outputs(), operand);
            std::vector<std::int64_t> sums(s.inputs());
            ref::naive::convolution_backward(s, 1, error.data(), weights.data(), sums.data());
            EXPECT_EQ(bounds[0].error_out, *std::max_element(sums.begin(), sums.end())) << kernel << " " << stride;
        }
    }
}

TEST(LayerBounds, LastLayerAndDelivery)
{
    const auto layers = make_geometry(lenet(), {});
    const auto bounds = make_bounds(layers, {}, 128);
    EXPECT_EQ(bounds[3].acc, 512 * 127);
    EXPECT_EQ(bounds[3].error_in, 512 * 127 + (1 << (7 + 1 + 3)));
    EXPECT_EQ(bounds[3].error_mac, 127);
    EXPECT_EQ(bounds[3].error_out, 10 * 127);
    EXPECT_EQ(bounds[2].error_in, bounds[3].error_out);
    EXPECT_EQ(bounds[0].error_in, bounds[1].error_out);
    EXPECT_EQ(bounds[1].error_out, 25 * 64 * 127);
    EXPECT_EQ(bounds[2].gradient, 128 * 127 * 127);
    // docs/numerics.md section 1: a 128 x 32 x 32 batch already takes a gradient sum to 2,114,060,288.
    Network wide{"", {3, 32, 32}, {}, {conv(8, 3), dense(10)}};
    EXPECT_EQ(make_bounds(make_geometry(wide, {}), {}, 128)[0].gradient, 2114060288);
    EXPECT_THROW((void)make_bounds(make_geometry(wide, {}), {}, std::int64_t{1} << 40), std::overflow_error);
}

}  // namespace
}  // namespace wagesim
