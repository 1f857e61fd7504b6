// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The converter bits with which no conversion of a layer loses anything, whatever data it meets.
#pragma once

#include <optional>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mapping/layer_plan.hpp"
#include "tlm/mapping/placement.hpp"

namespace wagesim::chip {

struct ExactConverters {
    int forward = 0;
    std::optional<int> backward;  ///< none for the first layer, which delivers no errors
};

/// With `adc_mode: saturate` a layer that drives fewer lines than `active_lines` needs fewer; `truncate` drops bits of
/// every layer alike.
[[nodiscard]] ExactConverters exact_converters(const CrossbarConfig& config, const LayerPlan& plan,
                                               const LayerPlacement& placement, int activation_bits);

}  // namespace wagesim::chip
