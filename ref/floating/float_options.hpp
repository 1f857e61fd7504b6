// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a float companion trains with. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/floating/operands.hpp"
#include "ref/network/loss.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/numerics/widths.hpp"

namespace wagesim::floating {

struct FloatOptions {
    OperandBits bits;  ///< all 0: vanilla
    bool batch_norm = false;
    Loss loss = Loss::sse;
    double momentum = 0.0;  ///< 0 up to, not including, 1
    bool nesterov = false;
    double weight_decay = 0.0;  ///< L2, of weights only
    /// Quantized weights are kept within +-1 (kg: Eq. 12 without a kG) or +-(1 - sigma(kW)) (kw).
    WeightClip weight_clip = WeightClip::kg;
    numerics::Initialisation init;
    std::uint64_t seed = 1;
    InputRange range = InputRange::unit;
    std::size_t batch = 128;  ///< largest batch that train_step will be given
};

}  // namespace wagesim::floating
