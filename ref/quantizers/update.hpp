// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Q_G, the stochastic weight step and Q_W (Eq. 6, 10, 11, 12; docs/numerics.md section 7). Plain rows of weights: no
// shapes, no threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/numerics/widths.hpp"

namespace wagesim::ref {

struct UpdateRule {
    int shift = 0;                  ///< 16 + h - exponent(M)
    std::int32_t stored_limit = 0;  ///< Nw
    int code_shift = 0;             ///< kG - kW
    std::int32_t code_limit = 0;    ///< N(kW)
};

/// The rule for a layer whose largest gradient is M = `largest` >= 1.
[[nodiscard]] UpdateRule update_rule(std::int64_t largest, int eta_exponent, const Widths& widths, WeightClip clip);

/// stored = clip(stored - d, Nw) and codes = Q_W(stored), with d from each weight's gradient and 16-bit random word.
/// Gradient: int32, int64. `steps`, where given, receives d.
template <class Gradient>
void update_weights(const UpdateRule& rule, const Gradient* gradients, const std::uint16_t* words, std::size_t n,
                    std::int16_t* stored, std::int8_t* codes, std::int16_t* steps);

/// Q_W alone.
void weight_codes(const Widths& widths, const std::int16_t* stored, std::size_t n, std::int8_t* codes);

}  // namespace wagesim::ref
