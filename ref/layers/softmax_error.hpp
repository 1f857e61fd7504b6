// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Error and loss of a last layer with softmax, in exact integers (docs/softmax.md).
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/kernels/buffer.hpp"
#include "ref/numerics/exponential.hpp"

namespace wagesim::ref {

/// Errors of softmax are in units of 2^-30: no magnitude is above 2^30.
inline constexpr int kSoftmaxErrorBits = 30;

/// errors = rne(2^30 * share / sum of shares) - one-hot(label) * 2^30, share the integer nearest to
/// 2^32 exp((acc - largest acc) * 2^-scale), scale = (kA - 1) + (kW - 1) + sA. Returns the exact
/// loss, the sum of the samples' losses in units of 2^-40. sums, errors n, classes.
[[nodiscard]] numerics::Wide128 softmax_error(const Buffer& sums, const std::uint16_t* labels, std::size_t samples,
                                              std::size_t classes, int scale, Buffer& errors);

/// The loss of a batch: its exact sum, converted to binary64 once.
[[nodiscard]] double softmax_loss(numerics::Wide128 exact);

}  // namespace wagesim::ref
