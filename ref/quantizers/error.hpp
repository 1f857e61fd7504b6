// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Q_E (Eq. 9, docs/numerics.md section 6), the largest magnitude that it and Q_G need.
// Plain rows of elements: no shapes, no threads.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim::ref {

/// Largest |value|; where `flags` is given, values that are not unclipped count as 0. Sum: int32, int64.
template <class Sum>
[[nodiscard]] std::int64_t largest_magnitude(const Sum* values, const std::uint8_t* flags, std::size_t n);

struct ErrorRule {
    int shift = 0;             ///< t - (kE - 1), t = exponent(m) - log2(gamma)
    std::int32_t limit = 0;    ///< N(kE)
    std::int64_t largest = 0;  ///< m; 0 gives all zeros
    std::int64_t bound = 0;    ///< proven largest |e|, clipped outputs included: those are masked after rounding
};

/// m over the layer and batch -> the rule of its errors, of `bits` = kE.
[[nodiscard]] ErrorRule error_rule(std::int64_t largest, std::int64_t bound, int gamma_log2, int bits);

/// codes = clip(rne(e, shift), N(kE)) where the flags have all bits of `required`, else 0. Before the active mask,
/// `required` is kUnclipped; after it kUnclipped | kActive; `flags` may be absent, then nothing is masked.
/// Sum: int32, int64; Code: int8, int16.
template <class Sum, class Code>
void quantize_error(const ErrorRule& rule, const Sum* errors, const std::uint8_t* flags, std::uint8_t required,
                    std::size_t n, Code* codes);

}  // namespace wagesim::ref
