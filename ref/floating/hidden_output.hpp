// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What follows a hidden layer's sums, and its way back: max pooling, batch normalization or the constant 1 / alpha in
// its place (section 3.3.2 of the paper), ReLU and Q_A; then Q_E, the masks, and unpooling. No multiply-accumulate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ref/floating/batch_norm.hpp"
#include "ref/floating/float_array.hpp"
#include "ref/floating/operands.hpp"
#include "ref/kernels/convolution_shape.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::floating {

/// Of one layer and up to `batch` samples; remembers winners and flags from forward to backward. Channel-last.
class HiddenOutput {
public:
    HiddenOutput(const LayerGeometry& geometry, const OperandBits& bits, bool batch_norm, std::size_t batch);

    /// sums -> outputs(). `training`: batch statistics, which move the running ones; else these.
    void forward(const float* sums, std::size_t samples, bool training);
    [[nodiscard]] const float* outputs() const { return outputs_.data(); }

    /// Errors of the outputs (overwritten) -> errors of the sums, which stay valid until the next call. `sums`: what
    /// forward got.
    [[nodiscard]] const float* backward(const float* sums, std::size_t samples, float* errors);

    /// Null without.
    [[nodiscard]] BatchNorm* batch_norm() { return norm_ ? &*norm_ : nullptr; }
    [[nodiscard]] const BatchNorm* batch_norm() const { return norm_ ? &*norm_ : nullptr; }

private:
    void pool(const float* sums, std::size_t samples);
    void unpool(const float* errors, std::size_t samples);
    void quantize_or_mask(std::size_t samples, float* errors);

    OperandBits bits_;
    float scale_;         ///< 1 / alpha
    std::size_t inputs_;  ///< sums of one sample
    std::size_t outputs_of_sample_;
    std::size_t part_;  ///< samples
    std::optional<ref::PoolShape> pool_;
    std::optional<BatchNorm> norm_;
    FloatArray pooled_, normalized_, outputs_, unpooled_;
    std::vector<std::uint8_t> flags_;
    std::vector<std::int32_t> winners_;
};

/// Largest |error| of a whole batch, by parts.
[[nodiscard]] float largest_error(const float* errors, const std::uint8_t* flags, std::uint8_t required,
                                  std::size_t samples, std::size_t outputs_of_sample, std::size_t part);

}  // namespace wagesim::floating
