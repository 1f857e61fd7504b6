// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The end of the network: prediction, loss and error of the last layer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/network/loss.hpp"

namespace wagesim::floating {

/// Largest output of each sample, lowest class among equals. outputs n, classes.
void predict_classes(const float* outputs, std::size_t samples, std::size_t classes, std::uint16_t* predictions);

/// The loss of the batch, its samples' losses added in their order in binary64, and errors = its derivative to the
/// outputs. sse: outputs - one-hot(label), half the sum of squares. softmax: softmax(outputs) - one-hot(label), the
/// negative logarithm of the label's share. errors n, classes.
[[nodiscard]] double loss_and_errors(Loss loss, const float* outputs, const std::uint16_t* labels, std::size_t samples,
                                     std::size_t classes, float* errors);

}  // namespace wagesim::floating
