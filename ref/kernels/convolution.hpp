// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The three exact products of a convolution layer, prepared once for a shape and proven bounds: forward, backward to
// the input, gradient of the weights. Channel-last (convolution_shape.hpp). Naive twins: naive.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ref/kernels/buffer.hpp"
#include "ref/kernels/byte_digits.hpp"
#include "ref/kernels/convolution_shape.hpp"
#include "ref/kernels/direct_convolution.hpp"
#include "ref/kernels/direct_gradient.hpp"
#include "ref/kernels/integer_product.hpp"
#include "ref/kernels/sum_strip.hpp"

namespace wagesim::ref {

/// What is proven of a convolution's operands and sums.
struct ConvolutionBounds {
    std::int64_t input = 127;
    bool input_nonnegative = false;
    std::int64_t weight = 127;
    std::int64_t error = 127;
    std::int64_t sum = INT32_MAX;        ///< of forward
    std::int64_t error_sum = INT32_MAX;  ///< of backward
    std::int64_t gradient = INT32_MAX;
};

class Convolution {
public:
    Convolution(const ConvolutionShape& shape, const ConvolutionBounds& bounds);

    /// o, kh, kw, i; copied.
    void set_weights(const std::int8_t* weights);

    /// input n, in_h, in_w, in_c -> sums n, out_h, out_w, o. int32, or int64 where the bound needs it.
    void forward(const std::int8_t* input, std::size_t samples, const SumTarget& target);
    /// error n, out_h, out_w, o (int8, int16 or int32) -> sums n, in_h, in_w, in_c, likewise.
    void backward(const Buffer& error, std::size_t samples, const SumTarget& target);
    /// -> gradient o, kh, kw, i, over all samples.
    void weight_gradient(const std::int8_t* input, const Buffer& error, std::size_t samples, Buffer& gradient);

private:
    [[nodiscard]] ConstMatrix weight_matrix() const;
    [[nodiscard]] ConstMatrix error_matrix(const Buffer& error, std::size_t sample, std::size_t samples) const;
    [[nodiscard]] ConstMatrix patch_matrix(const std::int8_t* input, std::size_t sample, std::size_t samples,
                                           std::int8_t* patches) const;
    void set_turned_weights(const std::int8_t* weights);
    void gathered_forward(const std::int8_t* input, std::size_t samples, const SumTarget& target) const;
    template <class Sum>
    void scattered_backward(const Buffer& error, std::size_t samples, const SumTarget& target) const;
    template <class Sum>
    void gathered_gradient(const std::int8_t* input, const Buffer& error, std::size_t samples, Buffer& gradient) const;
    /// Whether a digit's gradients over so many samples fit 32 bits.
    [[nodiscard]] bool digits_have_exact_gradients(std::size_t samples) const;
    template <class Sum>
    void gradient_of_digits(const std::int8_t* input, const Buffer& error, std::size_t samples, Buffer& gradient);

    ConvolutionShape shape_;
    ConvolutionBounds bounds_;
    std::vector<std::int8_t> weights_;
    std::vector<std::int8_t> turned_weights_;
    ByteDigits error_digits_;
    std::vector<std::int32_t> digit_gradient_;            ///< where errors have several digits
    std::unique_ptr<DirectConvolution> direct_forward_;   ///< where exact
    std::unique_ptr<DirectConvolution> direct_backward_;  ///< where exact
    std::unique_ptr<DirectGradient> direct_gradient_;     ///< where exact for one sample at least
};

}  // namespace wagesim::ref
