// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Batch normalization of one layer's outputs over batch and positions (Ioffe and Szegedy 2015), with its trained scale
// and shift. Channel-last; statistics in binary64, each part of a batch by itself and added in the parts' order.
#pragma once

#include <cstddef>
#include <vector>

#include "ref/floating/float_array.hpp"

namespace wagesim::floating {

/// Added to a variance before its root is taken.
inline constexpr double kVarianceFloor = 1e-5;
/// How much of the running statistics a batch leaves.
inline constexpr double kRunningDecay = 0.9;

class BatchNorm {
public:
    /// `positions`: of one sample. Scale 1, shift 0, running mean 0, running variance 1.
    BatchNorm(std::size_t channels, std::size_t positions, std::size_t batch);

    /// Mean and variance of this batch; the running statistics move towards them.
    void measure(const float* x, std::size_t samples);
    /// The running statistics instead, for images that no batch surrounds.
    void use_running();
    /// y = scale * (x - mean) / sqrt(variance + floor) + shift with the statistics in force. May be in place.
    void forward(const float* x, std::size_t samples, float* y) const;
    /// Errors of y -> errors of x, in place, where `x` is what measure() saw. Keeps the gradients of scale and shift.
    void backward(const float* x, std::size_t samples, float* errors);

    /// channels each.
    [[nodiscard]] FloatArray& scale() { return scale_; }
    [[nodiscard]] FloatArray& shift() { return shift_; }
    [[nodiscard]] const FloatArray& scale() const { return scale_; }
    [[nodiscard]] const FloatArray& shift() const { return shift_; }
    [[nodiscard]] FloatArray& running_mean() { return running_mean_; }
    [[nodiscard]] FloatArray& running_variance() { return running_variance_; }
    [[nodiscard]] const FloatArray& running_mean() const { return running_mean_; }
    [[nodiscard]] const FloatArray& running_variance() const { return running_variance_; }
    /// Sums over the batch, of the last backward().
    [[nodiscard]] const FloatArray& scale_gradient() const { return scale_gradient_; }
    [[nodiscard]] const FloatArray& shift_gradient() const { return shift_gradient_; }

private:
    template <class Sum>
    void sum_over_parts(std::size_t samples, std::vector<double>& total, Sum&& sum);
    void set_statistics(const std::vector<double>& mean, const std::vector<double>& variance);

    std::size_t channels_;
    std::size_t positions_;
    std::size_t part_;  ///< samples
    FloatArray scale_, shift_, running_mean_, running_variance_;
    FloatArray scale_gradient_, shift_gradient_;
    FloatArray mean_, inverse_deviation_;  ///< in force
    FloatArray mean_error_, mean_product_;
    std::vector<double> partial_;  ///< parts x channels
    std::vector<double> first_, second_;
};

}  // namespace wagesim::floating
