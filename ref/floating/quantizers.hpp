// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Q_W, Q_A and Q_E on float32 (Eq. 3, 6, 8, 9): values on the grid of k bits, still float32. Where an input is a
// multiple of the exact steps they give the values that docs/numerics.md gives as codes. Ties go to even. No threads:
// callers cut.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim::floating {

/// sigma(k) = 2^(1-k) (Eq. 2).
[[nodiscard]] float grid_step(int bits) noexcept;
/// 1 - sigma(k), the largest value of k bits (Eq. 3).
[[nodiscard]] float grid_limit(int bits) noexcept;

/// Q(x, k) of Eq. 3 for each value; Eq. 6 is this with kW. `from` and `to` may be the same.
void quantize(int bits, const float* from, std::size_t n, float* to);

/// What forward leaves for backward of each output.
inline constexpr std::uint8_t kActive = 1;     ///< the output was above 0
inline constexpr std::uint8_t kUnclipped = 2;  ///< the output was not above the largest value

/// ReLU, and Q_A where `bits` is not 0 (Eq. 8): from[i] * scale -> outputs and flags. scale is a power of two, 1 /
/// alpha.
void activate(int bits, float scale, const float* from, std::size_t n, float* outputs, std::uint8_t* flags);

/// Largest |error| where all bits of `required` are set, NaN where one is none.
[[nodiscard]] float largest_magnitude(const float* errors, const std::uint8_t* flags, std::uint8_t required,
                                      std::size_t n);

/// round(log2 m) of Eq. 4 for m > 0, finite; floats never tie, sqrt(2) being irrational.
[[nodiscard]] int exponent(float m) noexcept;

/// Q_E in force for one layer and batch.
struct ErrorRule {
    float first_factor = 0.0F;  ///< 2^(kE-1) * gamma / Shift(m), as two powers of two that are both float32
    float second_factor = 0.0F;
    float limit = 0.0F;  ///< N(kE)
    float step = 0.0F;   ///< sigma(kE), and whatever the error is multiplied by afterwards
};

/// For the largest |error| m of the layer and batch: Q(e * gamma / Shift(m), kE) * scale. m = 0 gives zeros, a NaN or
/// an infinite m gives NaN everywhere: a training that has diverged stays visible.
[[nodiscard]] ErrorRule error_rule(float largest, int gamma_log2, int bits, float scale) noexcept;

/// In place; 0 where a bit of `required` is not set. `flags` may be null where `required` is 0.
void quantize_errors(const ErrorRule& rule, const std::uint8_t* flags, std::uint8_t required, std::size_t n,
                     float* errors);

/// Without Q_E: errors[i] * scale where all bits of `required` are set, else 0. In place.
void mask_errors(float scale, const std::uint8_t* flags, std::uint8_t required, std::size_t n, float* errors);

}  // namespace wagesim::floating
