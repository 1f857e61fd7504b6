// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A convolution as a matrix product: gathering each position's patch into a row, and adding rows back to the input
// they came from. Data movement and, on the way back, additions only.
#pragma once

#include <cstdint>

#include "ref/kernels/convolution_shape.hpp"

namespace wagesim::ref {

/// input in_h, in_w, in_c of one sample -> positions x (kh, kw, i); padding is zero.
void gather_patches(const ConvolutionShape& shape, const std::int8_t* input, std::int8_t* patches);

/// positions x (kh, kw, i) of one sample -> sums in_h, in_w, in_c of all elements that came from there. Sum: int32,
/// int64.
template <class Sum>
void scatter_patches(const ConvolutionShape& shape, const Sum* patches, Sum* sums);

}  // namespace wagesim::ref
