// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The weight gradient of a byte convolution without gathering patches. oneDNN has no such product: its convolutions go
// forward only and round sums above 2^24.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/byte_tile.hpp"
#include "ref/kernels/cache_aligned.hpp"
#include "ref/kernels/convolution_shape.hpp"
#include "ref/kernels/quads.hpp"

namespace wagesim::ref {

/// The sum over samples and positions of error * input is a product of two byte matrices with K = samples x positions.
/// Both are laid out as quads, so that a step of K is one position of four samples, and a tap of the kernel only moves
/// the input. Many channels: tiles of 6 outputs by 64 channels of a tap, and sums come out in their final order. Few:
/// tiles of 6 taps and channels by 64 outputs.
class DirectGradient {
public:
    /// Bytes, and sums within 32 bits.
    [[nodiscard]] static bool is_exact(std::int64_t input_bound, std::int64_t error_bound, std::int64_t gradient_bound);

    /// `nonnegative`: no input element is below 0. Errors may be any bytes, -128 included.
    DirectGradient(const ConvolutionShape& shape, bool nonnegative);

    /// input n, in_h, in_w, in_c; error n, out_h, out_w, o; gradient o, kh, kw, i.
    void run(const std::int8_t* input, const std::int8_t* error, std::size_t samples, std::int32_t* gradient);

private:
    struct Part {
        std::size_t first_quad, quads, first_row, rows;
    };
    [[nodiscard]] Part part(std::size_t index) const;
    [[nodiscard]] std::size_t parts() const;
    void by_outputs(const Part& part, std::size_t first_group, std::size_t last_group, std::int32_t* gradient) const;
    void by_taps(const Part& part, std::size_t first_line, std::size_t last_line);
    void turn_sums(std::int32_t* gradient) const;
    void take_offset_off(const std::int8_t* error, std::size_t samples, std::int32_t* gradient);

    ConvolutionShape shape_;
    bool by_outputs_;
    std::int32_t offset_;  ///< what makes the input unsigned: 0 or 128
    byte_tile::Multiplier multiply_;
    std::size_t rows_at_once_;  ///< of an image, or all
    std::size_t quads_at_once_;
    Quads input_;
    Quads error_;
    CacheAligned<std::int32_t> sums_;       ///< by taps: kh, kw, i, o
    std::vector<std::int32_t> error_sums_;  ///< o, where there is an offset
};

}  // namespace wagesim::ref
