// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A byte convolution over few channels, on machines that multiply bytes into 32 bits (AVX-512 VNNI). oneDNN pads
// channels to its vectors, which leaves a first layer of 1 or 3 channels at a tenth of its speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/convolution_shape.hpp"

namespace wagesim::ref {

/// A kernel row over a padded channel-last image is kernel_w * in_c neighbouring bytes: four of them are one step of
/// the product's K, broadcast from the image where it lies, against a panel of weights.
class DirectForward {
public:
    /// Sums within 32 bits, and the instructions.
    [[nodiscard]] static bool is_exact(std::int64_t bound_of_sums);
    /// Few enough channels that oneDNN's primitives do worse.
    [[nodiscard]] static bool pays(const ConvolutionShape& shape);

    /// `nonnegative`: no input element is below 0.
    DirectForward(const ConvolutionShape& shape, bool nonnegative);

    /// o, kh, kw, i; copied.
    void set_weights(const std::int8_t* weights);
    /// input n, in_h, in_w, in_c; sums n, out_h, out_w, o.
    void run(const std::int8_t* input, std::size_t samples, std::int32_t* sums) const;

private:
    void pad_image(const std::int8_t* input, std::uint8_t* image) const;
    void run_sample(const std::uint8_t* image, std::int32_t* sums) const;

    ConvolutionShape shape_;
    int offset_;                        ///< what makes the input unsigned: 0 or 128
    std::size_t row_;                   ///< bytes of a padded image's row
    std::size_t image_bytes_;           ///< of a padded image, with what the last step reads beyond it
    std::size_t groups_;                ///< steps of K in a kernel row
    std::vector<std::uint8_t> panels_;  ///< block of 64 outputs, kh, group, output, 4
    std::vector<std::int32_t> start_;   ///< of each output's sums: takes the offset back
};

}  // namespace wagesim::ref
