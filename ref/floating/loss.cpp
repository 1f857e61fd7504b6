// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/loss.hpp"

#include <algorithm>
#include <cmath>

namespace wagesim::floating {
namespace {

double sse(const float* outputs, std::size_t label, std::size_t classes, float* errors)
{
    double squares = 0.0;
    for (std::size_t c = 0; c < classes; ++c) {
        errors[c] = outputs[c] - (c == label ? 1.0F : 0.0F);
        squares += static_cast<double>(errors[c]) * static_cast<double>(errors[c]);
    }
    return 0.5 * squares;
}

double softmax(const float* outputs, std::size_t label, std::size_t classes, float* errors)
{
    // Nothing overflows: every exponent is 0 or less.
    const auto largest = static_cast<double>(*std::max_element(outputs, outputs + classes));
    double sum = 0.0;
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(outputs[c]) - largest);
    for (std::size_t c = 0; c < classes; ++c) {
        const double share = std::exp(static_cast<double>(outputs[c]) - largest) / sum;
        errors[c] = static_cast<float>(share - (c == label ? 1.0 : 0.0));
    }
    return std::log(sum) - (static_cast<double>(outputs[label]) - largest);
}

}  // namespace

void predict_classes(const float* outputs, std::size_t samples, std::size_t classes, std::uint16_t* predictions)
{
    for (std::size_t n = 0; n < samples; ++n, outputs += classes) {
        // max_element returns the first of equals.
        predictions[n] = static_cast<std::uint16_t>(std::max_element(outputs, outputs + classes) - outputs);
    }
}

double loss_and_errors(Loss loss, const float* outputs, const std::uint16_t* labels, std::size_t samples,
                       std::size_t classes, float* errors)
{
    double total = 0.0;
    for (std::size_t n = 0; n < samples; ++n) {
        const std::size_t at = n * classes;
        total += loss == Loss::sse ? sse(outputs + at, labels[n], classes, errors + at)
                                   : softmax(outputs + at, labels[n], classes, errors + at);
    }
    return total;
}

}  // namespace wagesim::floating
