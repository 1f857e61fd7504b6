// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which operands of a layer are quantized, and how. What float companions of WAGE differ in.
#pragma once

namespace wagesim::floating {

/// Bits of each operand; 0 leaves it in float32. Gradients are always float32.
struct OperandBits {
    int w = 0;           ///< kW, 2..8 (Eq. 6)
    int a = 0;           ///< kA, 2..8 (Eq. 8)
    int e = 0;           ///< kE, 2..16 (Eq. 9)
    int gamma_log2 = 0;  ///< of Q_E, 0..8
};

}  // namespace wagesim::floating
