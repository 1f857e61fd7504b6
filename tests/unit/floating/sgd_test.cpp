// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The rules of descent against themselves written out in binary64.
#include "ref/floating/sgd.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/unit/floating/float_networks.hpp"

namespace wagesim::floating {
namespace {

FloatArray array_of(const std::vector<float>& values)
{
    FloatArray out(values.size());
    std::copy(values.begin(), values.end(), out.data());
    return out;
}

void expect_rule(const Sgd& sgd, float limit)
{
    std::mt19937_64 engine(3);
    constexpr std::size_t kCount = 40000;  // more than one run
    const std::vector<float> start = test::random_floats(kCount, engine);
    std::vector<double> value(start.begin(), start.end());
    std::vector<double> velocity(kCount, 0.0);
    FloatArray values = array_of(start);
    FloatArray velocities(sgd.momentum > 0.0 ? kCount : 0);
    for (int step = 0; step < 4; ++step) {
        const std::vector<float> slope = test::random_floats(kCount, engine);
        descend(sgd, array_of(slope), 0.125, values, velocities, limit);
        for (std::size_t i = 0; i < kCount; ++i) {
            const double g = static_cast<double>(slope[i]) * 0.125 + sgd.weight_decay * value[i];
            velocity[i] = sgd.momentum * velocity[i] + g;
            const double direction = sgd.nesterov ? g + sgd.momentum * velocity[i] : velocity[i];
            value[i] -= sgd.learning_rate * direction;
            value[i] = std::clamp(value[i], -static_cast<double>(limit), static_cast<double>(limit));
            ASSERT_NEAR(values[i], value[i], 2e-6) << i;
            if (velocities.empty()) continue;
            ASSERT_NEAR(velocities[i], velocity[i], 2e-6) << i;
        }
    }
}

TEST(Sgd, PlainMomentumNesterovDecayAndLimit)
{
    expect_rule({0.5, 0.0, false, 0.0}, std::numeric_limits<float>::infinity());
    expect_rule({0.5, 0.0, false, 0.01}, 1.0F);
    expect_rule({0.1, 0.9, false, 0.0}, std::numeric_limits<float>::infinity());
    expect_rule({0.1, 0.9, true, 1e-2}, std::numeric_limits<float>::infinity());
    expect_rule({0.3, 0.5, true, 0.0}, 0.5F);
}

}  // namespace
}  // namespace wagesim::floating
