// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the gradient array (chip file key `gradient`). SystemC-free.
#pragma once

namespace wagesim::chip {

enum class GradientAccumulate { chip, batch, image };

struct GradientArrayConfig {
    int macs_per_cycle = 4096;
    GradientAccumulate accumulate = GradientAccumulate::chip;
    int spill_bits = 15;        ///< of a gradient written out per image
    int accumulator_bits = 48;  ///< a larger proven bound is refused
};

}  // namespace wagesim::chip
