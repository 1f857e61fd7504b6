// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The weight gradient of a byte convolution without gathering patches, on machines that multiply bytes into 32 bits
// (AVX-512 VNNI). oneDNN has no such product: its convolutions go forward only and round sums above 2^24.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/convolution_shape.hpp"

namespace wagesim::ref {

/// The sum over samples and positions of error * input is a product of two byte matrices with K = samples x positions.
/// Four neighbouring positions of a row are one step of K. One operand is laid in *planes*, a line's positions
/// contiguous, of which a step is one unaligned 32-bit load that is broadcast; so a plane serves every tap of the
/// kernel, moved. The other is laid in *panels*, steps x 64 lines x 4, which the vector holds.
/// Several taps: planes of the input, panels of the error. One tap (a dense layer is one over a row of samples):
/// planes of the error, panels of the input, and the sums come out in their final order.
class DirectGradient {
public:
    /// Stride 1, bytes, sums within 32 bits, and the instructions.
    [[nodiscard]] static bool is_exact(const ConvolutionShape& shape, std::int64_t error_bound,
                                       std::int64_t gradient_bound);

    /// `nonnegative`: no input element is below 0.
    DirectGradient(const ConvolutionShape& shape, bool nonnegative);

    /// input n, in_h, in_w, in_c; error n, out_h, out_w, o; gradient o, kh, kw, i.
    void run(const std::int8_t* input, const std::int8_t* error, std::size_t samples, std::int32_t* gradient);

private:
    void lay_out(const std::int8_t* input, const std::int8_t* error, std::size_t sample, std::size_t samples);
    void accumulate(std::size_t samples, std::size_t first_line, std::size_t lines, std::int32_t* sums) const;
    void finish(const std::int8_t* error, std::size_t samples, std::int32_t* gradient);

    [[nodiscard]] std::size_t plane_offset(std::size_t line) const;
    [[nodiscard]] std::size_t panel_bytes(std::size_t block) const;

    ConvolutionShape shape_;
    bool one_tap_;
    std::int32_t offset_;                   ///< what makes the input unsigned: 0 or 128
    std::size_t groups_;                    ///< steps of K in a row of positions
    std::size_t plane_h_, plane_w_;         ///< with the kernel's reach
    std::size_t plane_lines_;               ///< lines that have a plane: input channels, or outputs
    std::size_t panel_lines_;               ///< lines in panels: outputs, or input channels
    std::vector<std::uint8_t> planes_;      ///< n, line, plane_h, plane_w
    std::vector<std::uint8_t> panels_;      ///< block of 64 lines, n, y, group, line, 4
    std::vector<std::int32_t> sums_;        ///< several taps: kh, kw, i, o
    std::vector<std::int32_t> error_sums_;  ///< of each output, for a signed input
};

}  // namespace wagesim::ref
