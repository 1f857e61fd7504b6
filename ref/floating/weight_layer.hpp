// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The multiply-accumulates of one weight layer in float32: forward, backward and weight gradient. What happens between
// layers is in hidden_output.hpp and loss.hpp.
#pragma once

#include <cstddef>
#include <memory>

#include "ref/network/layer_geometry.hpp"

namespace wagesim::floating {

/// Activations and errors are channel-last (n, h, w, c), weights and gradients o, kh, kw, i. Every result is the same
/// bits for any number of threads.
class WeightLayer {
public:
    virtual ~WeightLayer() = default;
    WeightLayer() = default;
    WeightLayer(const WeightLayer&) = delete;
    WeightLayer& operator=(const WeightLayer&) = delete;

    /// They must stay where they are, unchanged, until the next call.
    virtual void set_weights(const float* weights) = 0;
    /// Products' sums before pooling.
    virtual void forward(const float* input, std::size_t samples, float* sums) = 0;
    /// Errors of the inputs from those of the sums.
    virtual void backward(const float* errors, std::size_t samples, float* input_errors) = 0;
    /// Sum over all samples.
    virtual void weight_gradient(const float* input, const float* errors, std::size_t samples, float* gradient) = 0;
};

/// `batch`: the largest number of samples that it will be given at once.
[[nodiscard]] std::unique_ptr<WeightLayer> make_convolution_layer(const LayerGeometry& geometry, std::size_t batch);
[[nodiscard]] std::unique_ptr<WeightLayer> make_dense_layer(const LayerGeometry& geometry);

}  // namespace wagesim::floating
