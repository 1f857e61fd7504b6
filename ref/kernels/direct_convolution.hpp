// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A convolution of bytes, or of integers made of them, without gathered patches: the forward product, and, with turned
// weights, the one back to the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/byte_tile.hpp"
#include "ref/kernels/cache_aligned.hpp"
#include "ref/kernels/convolution_shape.hpp"
#include "ref/kernels/sum_strip.hpp"

namespace wagesim::ref {

/// A kernel row over a padded channel-last image is kernel_w * in_c neighbouring bytes: four of them are one step of
/// the product's K, broadcast from the image where it lies, against a panel of weights. Any positions of a strip of
/// rows make a tile.
class DirectConvolution {
public:
    /// Sums within 32 bits.
    [[nodiscard]] static bool is_exact(std::int64_t bound_of_sums) { return bound_of_sums <= INT32_MAX; }

    /// `nonnegative`: no byte of the input is below 0.
    DirectConvolution(const ConvolutionShape& shape, bool nonnegative, std::int64_t weight_bound);

    /// o, kh, kw, i; copied.
    void set_weights(const std::int8_t* weights);
    /// `count` digits of the input, the highest first (byte_digits.hpp), each n, in_h, in_w, in_c; sums n, out_h,
    /// out_w, o, int32.
    void run(const std::int8_t* const* digits, std::size_t count, std::size_t samples, const SumTarget& target) const;

private:
    [[nodiscard]] std::size_t rows_of_strip(const SumTarget& target) const;
    void pad_image(const std::int8_t* input, std::uint8_t* image) const;
    /// Onto what the sums are, or, where they begin, onto `start_`.
    void add_products(const std::uint8_t* image, std::size_t first_row, std::size_t rows, bool begins,
                      std::int32_t* sums) const;

    ConvolutionShape shape_;
    int offset_;  ///< what makes the input unsigned: 0 or 128
    byte_tile::Multiplier multiply_;
    std::size_t row_;                    ///< bytes of a padded image's row
    std::size_t image_bytes_;            ///< of a padded digit of an image, with what the last step reads beyond it
    std::size_t groups_;                 ///< steps of K in a kernel row
    CacheAligned<std::uint8_t> panels_;  ///< block of 64 outputs, kh, group, output, 4
    std::vector<std::int32_t> start_;    ///< of each output's sums: takes the offset back
};

}  // namespace wagesim::ref
