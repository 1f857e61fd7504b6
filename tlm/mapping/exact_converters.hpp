// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The converter bits with which no conversion of a layer loses anything, whatever data it meets.
#pragma once

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mapping/layer_plan.hpp"
#include "tlm/mapping/placement.hpp"

namespace wagesim::chip {

struct ExactConverters {
    int forward = 0;
    int backward = 0;  ///< of a layer that delivers errors: all but the first
};

/// With `adc_mode: saturate` a layer needs fewer where it drives fewer lines than `active_lines`, or where its weights
/// do not fill a cell; `truncate` drops bits of every layer alike.
[[nodiscard]] ExactConverters exact_converters(const CrossbarConfig& config, const Widths& widths,
                                               const LayerPlan& plan, const LayerPlacement& placement);

}  // namespace wagesim::chip
