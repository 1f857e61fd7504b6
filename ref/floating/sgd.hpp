// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Stochastic gradient descent with momentum and L2 weight decay, on one array of parameters.
#pragma once

#include <cstddef>
#include <limits>

#include "ref/floating/float_array.hpp"

namespace wagesim::floating {

/// What is the same for all parameters of a step.
struct Sgd {
    double learning_rate = 0.0;
    double momentum = 0.0;  ///< 0: none, and velocities may be empty
    bool nesterov = false;
    double weight_decay = 0.0;
};

/// g = gradient * gradient_scale + weight_decay * value; v = momentum * v + g; value -= learning_rate * (nesterov ?
/// g + momentum * v : v), then kept within +-limit. Sizes are equal, velocities' may be 0 without momentum.
void descend(const Sgd& sgd, const FloatArray& gradient, double gradient_scale, FloatArray& values,
             FloatArray& velocities, float limit = std::numeric_limits<float>::infinity());

}  // namespace wagesim::floating
