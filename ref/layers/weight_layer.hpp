// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The multiply-accumulates of one weight layer: forward, backward and weight gradient, exact (docs/numerics.md sections
// 5 and 6). What happens between layers is in hidden_output.hpp and output_error.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ref/kernels/buffer.hpp"
#include "ref/kernels/sum_strip.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/widths.hpp"

namespace wagesim::ref {

/// Activations and errors are channel-last (n, h, w, c), weights and gradients o, kh, kw, i; `samples` may be anything
/// up to what the bounds were made for.
class WeightLayer {
public:
    virtual ~WeightLayer() = default;
    WeightLayer() = default;
    WeightLayer(const WeightLayer&) = delete;
    WeightLayer& operator=(const WeightLayer&) = delete;

    /// n_w; the layer keeps no reference.
    virtual void set_weights(const std::int8_t* codes) = 0;
    /// acc before pooling, of accumulator_for(bounds.acc).
    virtual void forward(const std::int8_t* input, std::size_t samples, const SumTarget& target) = 0;
    /// error_out, of accumulator_for(bounds.error_out), from error_mac.
    virtual void backward(const Buffer& operands, std::size_t samples, const SumTarget& target) = 0;
    /// gradient, of accumulator_for(bounds.gradient), over all samples.
    virtual void weight_gradient(const std::int8_t* input, const Buffer& operands, std::size_t samples,
                                 Buffer& gradient) = 0;
};

/// `nonnegative`: no input code is below 0.
[[nodiscard]] std::unique_ptr<WeightLayer> make_convolution_layer(const LayerGeometry& geometry,
                                                                  const LayerBounds& bounds, const Widths& widths,
                                                                  bool nonnegative);
[[nodiscard]] std::unique_ptr<WeightLayer> make_dense_layer(const LayerGeometry& geometry, const LayerBounds& bounds,
                                                            const Widths& widths, bool nonnegative);

}  // namespace wagesim::ref
