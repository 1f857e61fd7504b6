// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The four bit widths of WAGE and their legal ranges (docs/numerics.md section 1). Plain values, no behaviour.
#pragma once

namespace wagesim {

/// Bit widths of weights in a MAC (w), activations (a), stored weights and gradients (g), errors (e).
struct Widths {
    int w = 2;  ///< kW, 2..8, at most g
    int a = 8;  ///< kA, 2..8
    int g = 8;  ///< kG, kW..16
    int e = 8;  ///< kE, 2..16

    friend constexpr bool operator==(const Widths& x, const Widths& y) noexcept
    {
        return x.w == y.w && x.a == y.a && x.g == y.g && x.e == y.e;
    }
};

/// How far stored weights may move (Eq. 12): the kG range of the paper, or the kW range of the published code.
enum class WeightClip { kg, kw };

}  // namespace wagesim
