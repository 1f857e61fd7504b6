// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Losses and their errors against closed forms in extended precision and against differences of the loss itself.
#include "ref/floating/loss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

double loss_of(Loss loss, const std::vector<float>& outputs, std::uint16_t label)
{
    std::vector<float> errors(outputs.size());
    return loss_and_errors(loss, outputs.data(), &label, 1, outputs.size(), errors.data());
}

TEST(FloatLoss, SoftmaxIsItsClosedForm)
{
    std::mt19937_64 engine(1);
    for (const std::size_t classes : {1U, 2U, 10U, 1000U}) {
        const std::vector<float> outputs = test::random_floats(classes, engine, 4.0F);
        for (std::uint16_t label = 0; label < classes; label = static_cast<std::uint16_t>(label + 1 + classes / 7)) {
            std::vector<float> errors(classes);
            const double loss = loss_and_errors(Loss::softmax, outputs.data(), &label, 1, classes, errors.data());
            long double sum = 0.0L;
            for (const float output : outputs) sum += std::exp(static_cast<long double>(output));
            const long double expected = std::log(sum) - static_cast<long double>(outputs[label]);
            EXPECT_NEAR(loss, static_cast<double>(expected), 1e-12);
            for (std::size_t c = 0; c < classes; ++c) {
                const long double share = std::exp(static_cast<long double>(outputs[c])) / sum;
                const long double error = share - (c == label ? 1.0L : 0.0L);
                EXPECT_NEAR(errors[c], static_cast<double>(error), 1e-7 * std::abs(static_cast<double>(error)) + 1e-12);
            }
        }
    }
}

TEST(FloatLoss, SoftmaxBearsOutputsOfAnySize)
{
    const std::vector<float> outputs = {1e30F, -1e30F, 3e4F};
    std::vector<float> errors(3);
    const std::uint16_t label = 0;
    EXPECT_EQ(loss_and_errors(Loss::softmax, outputs.data(), &label, 1, 3, errors.data()), 0.0);
    EXPECT_EQ(errors, (std::vector<float>{0.0F, 0.0F, 0.0F}));
}

TEST(FloatLoss, ErrorsAreTheSlopesOfTheLoss)
{
    std::mt19937_64 engine(2);
    for (const Loss loss : {Loss::sse, Loss::softmax}) {
        const std::vector<float> outputs = test::random_floats(7, engine);
        const std::uint16_t label = 3;
        std::vector<float> errors(7);
        (void)loss_and_errors(loss, outputs.data(), &label, 1, 7, errors.data());
        for (std::size_t c = 0; c < 7; ++c) {
            std::vector<float> more = outputs;
            std::vector<float> less = outputs;
            more[c] += 1.0F / 128;
            less[c] -= 1.0F / 128;
            const double width = static_cast<double>(more[c]) - static_cast<double>(less[c]);
            const double slope = (loss_of(loss, more, label) - loss_of(loss, less, label)) / width;
            EXPECT_NEAR(errors[c], slope, 1e-4) << c;
        }
    }
}

TEST(FloatLoss, SamplesAddUpAndTheFirstOfEqualsIsPredicted)
{
    const std::vector<float> outputs = {0.5F, 0.5F, -1.0F, 0.25F};
    const std::vector<std::uint16_t> labels = {1, 0};
    std::vector<float> errors(4);
    EXPECT_EQ(loss_and_errors(Loss::sse, outputs.data(), labels.data(), 2, 2, errors.data()),
              0.5 * (0.25 + 0.25 + 4.0 + 0.0625));
    EXPECT_EQ(errors, (std::vector<float>{0.5F, -0.5F, -2.0F, 0.25F}));
    std::vector<std::uint16_t> predictions(2);
    predict_classes(outputs.data(), 2, 2, predictions.data());
    EXPECT_EQ(predictions, (std::vector<std::uint16_t>{0, 1}));
}

}  // namespace
}  // namespace wagesim::floating
