// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The end of the network: prediction, error and loss of the last layer (docs/numerics.md sections 5 and 6).
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/kernels/buffer.hpp"
#include "ref/quantizers/error.hpp"

namespace wagesim::ref {

/// Largest accumulator of each sample, lowest class among equals. sums n, classes.
void predict_classes(const Buffer& sums, std::size_t samples, std::size_t classes, std::uint16_t* predictions);

__extension__ using Uint128 = unsigned __int128;

/// errors = sums - one-hot(label) * 2^scale, scale = (kA - 1) + (kW - 1) + sA. Returns the exact sum of errors^2.
[[nodiscard]] Uint128 output_error(const Buffer& sums, const std::uint16_t* labels, std::size_t samples,
                                   std::size_t classes, int scale, Buffer& errors);

/// The loss of a batch: its exact sum of squares times 2^-(2 scale + 1), converted to binary64 once.
[[nodiscard]] double loss_of(Uint128 squares, int scale);

/// Q_E of the last layer, which has no masks: codes of the first n errors, int8 or int16.
void quantize_output_error(const ErrorRule& rule, const Buffer& errors, std::size_t n, Buffer& codes);

/// Largest |value| of the first n.
[[nodiscard]] std::int64_t largest_of(const Buffer& values, std::size_t n);

}  // namespace wagesim::ref
