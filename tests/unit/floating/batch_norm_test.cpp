// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Batch normalization against its formulas in binary64, and its way back against differences of the way forward.
#include "ref/floating/batch_norm.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <vector>

#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

constexpr std::size_t kChannels = 5;
constexpr std::size_t kPositions = 6;
constexpr std::size_t kBatch = 19;
constexpr std::size_t kElements = kChannels * kPositions * kBatch;

/// Sum of weights * y over the batch: its slopes are what backward() gives for errors = weights.
double projected(BatchNorm& norm, const std::vector<float>& x, const std::vector<float>& weights)
{
    std::vector<float> y(x.size());
    norm.measure(x.data(), kBatch);
    norm.forward(x.data(), kBatch, y.data());
    double sum = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += static_cast<double>(weights[i]) * static_cast<double>(y[i]);
    return sum;
}

BatchNorm with_parameters(std::mt19937_64& engine)
{
    BatchNorm norm(kChannels, kPositions, kBatch);
    const std::vector<float> values = test::random_floats(2 * kChannels, engine);
    for (std::size_t c = 0; c < kChannels; ++c) {
        norm.scale()[c] = 1.5F + 0.3F * values[c];
        norm.shift()[c] = values[kChannels + c];
    }
    return norm;
}

TEST(BatchNorm, IsItsNaiveTwin)
{
    std::mt19937_64 engine(11);
    BatchNorm norm = with_parameters(engine);
    std::vector<double> running_mean(kChannels, 0.0);
    std::vector<double> running_variance(kChannels, 1.0);
    for (int step = 0; step < 3; ++step) {
        std::vector<float> x = test::random_floats(kElements, engine, 3.0F);
        for (float& each : x) each += 2.0F;
        std::vector<float> y(kElements);
        norm.measure(x.data(), kBatch);
        norm.forward(x.data(), kBatch, y.data());
        for (std::size_t c = 0; c < kChannels; ++c) {
            double mean = 0.0;
            double variance = 0.0;
            for (std::size_t i = c; i < kElements; i += kChannels) mean += x[i];
            mean /= kBatch * kPositions;
            for (std::size_t i = c; i < kElements; i += kChannels) variance += (x[i] - mean) * (x[i] - mean);
            variance /= kBatch * kPositions;
            for (std::size_t i = c; i < kElements; i += kChannels) {
                const double expected = (x[i] - mean) / std::sqrt(variance + 1e-5) * norm.scale()[c] + norm.shift()[c];
                ASSERT_NEAR(y[i], expected, 1e-5);
            }
            running_mean[c] = 0.9 * running_mean[c] + 0.1 * mean;
            running_variance[c] = 0.9 * running_variance[c] + 0.1 * variance;
            EXPECT_NEAR(norm.running_mean()[c], running_mean[c], 1e-6);
            EXPECT_NEAR(norm.running_variance()[c], running_variance[c], 1e-5);
        }
    }
    const std::vector<float> x = test::random_floats(kChannels * kPositions, engine);
    std::vector<float> y(x.size());
    norm.use_running();
    norm.forward(x.data(), 1, y.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i % kChannels;
        const double deviation = std::sqrt(static_cast<double>(norm.running_variance()[c]) + 1e-5);
        const double normal = (static_cast<double>(x[i]) - static_cast<double>(norm.running_mean()[c])) / deviation;
        EXPECT_NEAR(y[i], normal * norm.scale()[c] + norm.shift()[c], 1e-5);
    }
}

TEST(BatchNorm, BackwardIsTheSlopeOfForward)
{
    std::mt19937_64 engine(12);
    BatchNorm norm = with_parameters(engine);
    const std::vector<float> x = test::random_floats(kElements, engine);
    const std::vector<float> weights = test::random_floats(kElements, engine);
    (void)projected(norm, x, weights);
    std::vector<float> errors = weights;
    norm.backward(x.data(), kBatch, errors.data());
    const std::vector<float> scale_slopes(norm.scale_gradient().data(), norm.scale_gradient().data() + kChannels);
    const std::vector<float> shift_slopes(norm.shift_gradient().data(), norm.shift_gradient().data() + kChannels);

    constexpr float kStep = 1.0F / 64;
    for (std::size_t i = 0; i < kElements; i += 7) {
        std::vector<float> more = x;
        std::vector<float> less = x;
        more[i] += kStep;
        less[i] -= kStep;
        const double width = static_cast<double>(more[i]) - static_cast<double>(less[i]);
        const double slope = (projected(norm, more, weights) - projected(norm, less, weights)) / width;
        EXPECT_NEAR(errors[i], slope, 2e-3) << i;
    }
    for (std::size_t c = 0; c < kChannels; ++c) {
        for (const bool of_scale : {true, false}) {
            float& parameter = of_scale ? norm.scale()[c] : norm.shift()[c];
            const float before = parameter;
            parameter = before + 1.0F;
            const double more = projected(norm, x, weights);
            parameter = before - 1.0F;
            const double less = projected(norm, x, weights);
            parameter = before;
            EXPECT_NEAR(of_scale ? scale_slopes[c] : shift_slopes[c], (more - less) / 2.0, 1e-3);
        }
    }
}

TEST(BatchNorm, IsTheSameBitsForAnyNumberOfThreads)
{
    const auto result = [](int threads) {
        omp_set_num_threads(threads);
        std::mt19937_64 engine(13);
        BatchNorm norm = with_parameters(engine);
        const std::vector<float> x = test::random_floats(kElements, engine);
        std::vector<float> y(kElements);
        norm.measure(x.data(), kBatch);
        norm.forward(x.data(), kBatch, y.data());
        norm.backward(x.data(), kBatch, y.data());
        return y;
    };
    const std::vector<float> expected = result(1);
    for (const int threads : {2, 3, 8}) EXPECT_EQ(result(threads), expected);
}

TEST(BatchNorm, AChannelWithoutVarianceStaysFinite)
{
    BatchNorm norm(1, 1, 4);
    std::vector<float> x(4, 3.0F);
    std::vector<float> y(4);
    norm.measure(x.data(), 4);
    norm.forward(x.data(), 4, y.data());
    for (const float each : y) EXPECT_EQ(each, 0.0F);
    std::vector<float> errors = {1.0F, 2.0F, 3.0F, 4.0F};
    norm.backward(x.data(), 4, errors.data());
    for (const float each : errors) EXPECT_TRUE(std::isfinite(each));
}

}  // namespace
}  // namespace wagesim::floating
