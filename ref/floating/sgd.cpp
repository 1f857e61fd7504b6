// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/sgd.hpp"

#include "ref/floating/parts.hpp"
#include "ref/kernels/multiversion.hpp"

namespace wagesim::floating {
namespace {

constexpr std::size_t kTogether = 16384;

struct Factors {
    float rate, gradient, decay, momentum, limit;
};

float within(float value, float limit)
{
    const float below = value > limit ? limit : value;
    return below < -limit ? -limit : below;
}

WAGESIM_MULTIVERSION void plain(const Factors& given, const float* gradient, std::size_t n, float* values)
{
    const Factors f = given;
    for (std::size_t i = 0; i < n; ++i) {
        const float g = gradient[i] * f.gradient + values[i] * f.decay;
        values[i] = within(values[i] - f.rate * g, f.limit);
    }
}

WAGESIM_MULTIVERSION void heavy(const Factors& given, const float* gradient, std::size_t n, float* values,
                                float* velocities)
{
    const Factors f = given;
    for (std::size_t i = 0; i < n; ++i) {
        const float v = velocities[i] * f.momentum + (gradient[i] * f.gradient + values[i] * f.decay);
        velocities[i] = v;
        values[i] = within(values[i] - f.rate * v, f.limit);
    }
}

WAGESIM_MULTIVERSION void nesterov(const Factors& given, const float* gradient, std::size_t n, float* values,
                                   float* velocities)
{
    const Factors f = given;
    for (std::size_t i = 0; i < n; ++i) {
        const float g = gradient[i] * f.gradient + values[i] * f.decay;
        const float v = velocities[i] * f.momentum + g;
        velocities[i] = v;
        values[i] = within(values[i] - f.rate * (g + f.momentum * v), f.limit);
    }
}

}  // namespace

void descend(const Sgd& sgd, const FloatArray& gradient, double gradient_scale, FloatArray& values,
             FloatArray& velocities, float limit)
{
    const Factors factors{static_cast<float>(sgd.learning_rate), static_cast<float>(gradient_scale),
                          static_cast<float>(sgd.weight_decay), static_cast<float>(sgd.momentum), limit};
    for_each_part(values.size(), kTogether, [&](std::size_t, std::size_t first, std::size_t count) {
        const float* slope = gradient.data() + first;
        float* value = values.data() + first;
        if (velocities.empty()) {
            plain(factors, slope, count, value);
        } else if (sgd.nesterov) {
            nesterov(factors, slope, count, value, velocities.data() + first);
        } else {
            heavy(factors, slope, count, value, velocities.data() + first);
        }
    });
}

}  // namespace wagesim::floating
