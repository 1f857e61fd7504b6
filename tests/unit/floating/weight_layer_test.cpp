// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// oneDNN's convolutions and products against loops in binary64, for every kind of shape, and for any number of threads.
#include "ref/floating/weight_layer.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

struct Case {
    std::string name;
    Network network;  ///< its first layer is tested
    std::size_t batch;
};

const std::vector<Case>& cases()
{
    using test::conv;
    using test::dense;
    static const std::vector<Case> all = {
        {"grey", {"", {1, 12, 12}, {}, {conv(32, 5), dense(2)}}, 5},
        {"colour", {"", {3, 9, 8}, {}, {conv(16, 3), dense(2)}}, 33},
        {"wide", {"", {64, 6, 6}, {}, {conv(48, 3), dense(2)}}, 20},
        {"odd_channels", {"", {17, 7, 5}, {}, {conv(19, 3), dense(2)}}, 4},
        {"strided", {"", {2, 9, 8}, {}, {conv(5, 3, {}, 2, 1), dense(2)}}, 3},
        {"rows_left_out", {"", {4, 10, 11}, {}, {conv(8, 3, {}, 3, 0), dense(2)}}, 2},
        {"padded", {"", {3, 5, 5}, {}, {conv(6, 1, {}, 1, 2), dense(2)}}, 17},
        {"dense", {"", {3, 4, 5}, {}, {dense(70), dense(2)}}, 40},
        {"dense_of_one", {"", {1, 1, 1}, {}, {dense(1)}}, 1},
        {"dense_long", {"", {1, 30, 30}, {}, {dense(33)}}, 7},
    };
    return all;
}

struct Results {
    std::vector<float> sums, input_errors, gradient;
    friend bool operator==(const Results& x, const Results& y)
    {
        return x.sums == y.sums && x.input_errors == y.input_errors && x.gradient == y.gradient;
    }
};

struct Operands {
    std::vector<float> input, weights, errors;
};

Operands operands_of(const LayerGeometry& g, std::size_t samples)
{
    std::mt19937_64 engine(7);
    const auto count = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    return {test::random_floats(samples * count(g.inputs()), engine), test::random_floats(count(g.weights()), engine),
            test::random_floats(samples * count(g.accumulators()), engine)};
}

Results run(WeightLayer& layer, const LayerGeometry& g, const Operands& operands, std::size_t samples)
{
    Results out;
    out.sums.resize(samples * static_cast<std::size_t>(g.accumulators()));
    out.input_errors.resize(samples * static_cast<std::size_t>(g.inputs()));
    out.gradient.resize(static_cast<std::size_t>(g.weights()));
    layer.set_weights(operands.weights.data());
    layer.forward(operands.input.data(), samples, out.sums.data());
    layer.backward(operands.errors.data(), samples, out.input_errors.data());
    layer.weight_gradient(operands.input.data(), operands.errors.data(), samples, out.gradient.data());
    return out;
}

std::unique_ptr<WeightLayer> make(const LayerGeometry& g, std::size_t batch)
{
    return g.kind == Layer::Kind::conv ? make_convolution_layer(g, batch) : make_dense_layer(g);
}

/// The same in binary64, with the magnitudes that rounding errors are proportional to.
struct Twin {
    std::vector<double> sums, input_errors, gradient;
    std::vector<double> sum_sizes, input_error_sizes, gradient_sizes;
};

Twin naive(const LayerGeometry& g, const Operands& operands, std::size_t samples)
{
    Twin t;
    const auto inputs = static_cast<std::size_t>(g.inputs());
    const auto outputs = static_cast<std::size_t>(g.accumulators());
    t.sums.resize(samples * outputs);
    t.input_errors.resize(samples * inputs);
    t.gradient.resize(static_cast<std::size_t>(g.weights()));
    t.sum_sizes.resize(t.sums.size());
    t.input_error_sizes.resize(t.input_errors.size());
    t.gradient_sizes.resize(t.gradient.size());
    const auto index = [](int a, int n, int b) { return a * n + b; };
    const auto at = [](std::size_t before, int i) { return before + static_cast<std::size_t>(i); };
    for (std::size_t n = 0; n < samples; ++n)
        for (int y = 0; y < g.acc_h; ++y)
            for (int x = 0; x < g.acc_w; ++x)
                for (int o = 0; o < g.out_c; ++o)
                    for (int kh = 0; kh < g.kernel_h; ++kh)
                        for (int kw = 0; kw < g.kernel_w; ++kw) {
                            const int iy = y * g.stride + kh - g.pad;
                            const int ix = x * g.stride + kw - g.pad;
                            if (iy < 0 || iy >= g.in_h || ix < 0 || ix >= g.in_w) continue;
                            for (int i = 0; i < g.in_c; ++i) {
                                const std::size_t in = at(n * inputs, index(index(iy, g.in_w, ix), g.in_c, i));
                                const std::size_t out = at(n * outputs, index(index(y, g.acc_w, x), g.out_c, o));
                                const std::size_t w =
                                    at(0, index(index(index(o, g.kernel_h, kh), g.kernel_w, kw), g.in_c, i));
                                const double a = operands.input[in];
                                const double weight = operands.weights[w];
                                const double e = operands.errors[out];
                                t.sums[out] += a * weight;
                                t.input_errors[in] += e * weight;
                                t.gradient[w] += e * a;
                                t.sum_sizes[out] += std::abs(a * weight);
                                t.input_error_sizes[in] += std::abs(e * weight);
                                t.gradient_sizes[w] += std::abs(e * a);
                            }
                        }
    return t;
}

void expect_near(const std::vector<float>& got, const std::vector<double>& expected, const std::vector<double>& sizes)
{
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-6 * sizes[i] + 1e-30) << i;
}

class FloatWeightLayer : public ::testing::TestWithParam<std::size_t> {};

TEST_P(FloatWeightLayer, IsItsNaiveTwin)
{
    const Case& c = cases()[GetParam()];
    const LayerGeometry g = make_geometry(c.network, Widths{}).front();
    const auto layer = make(g, c.batch);
    // A whole batch, one image, and a part that is not full.
    for (const std::size_t samples : {c.batch, std::size_t{1}, (c.batch + 1) / 2}) {
        const Operands operands = operands_of(g, samples);
        const Results got = run(*layer, g, operands, samples);
        const Twin expected = naive(g, operands, samples);
        expect_near(got.sums, expected.sums, expected.sum_sizes);
        expect_near(got.input_errors, expected.input_errors, expected.input_error_sizes);
        expect_near(got.gradient, expected.gradient, expected.gradient_sizes);
    }
}

TEST_P(FloatWeightLayer, IsTheSameBitsForAnyNumberOfThreads)
{
    const Case& c = cases()[GetParam()];
    const LayerGeometry g = make_geometry(c.network, Widths{}).front();
    const Operands operands = operands_of(g, c.batch);
    omp_set_num_threads(1);
    const Results expected = run(*make(g, c.batch), g, operands, c.batch);
    for (const int threads : {2, 3, 8}) {
        omp_set_num_threads(threads);
        const auto layer = make(g, c.batch);
        EXPECT_TRUE(run(*layer, g, operands, c.batch) == expected) << threads << " threads";
        omp_set_num_threads(1);
        EXPECT_TRUE(run(*layer, g, operands, c.batch) == expected) << "made with " << threads << ", used with one";
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, FloatWeightLayer, ::testing::Range(std::size_t{0}, cases().size()),
                         [](const auto& each) { return cases()[each.param].name; });

}  // namespace
}  // namespace wagesim::floating
