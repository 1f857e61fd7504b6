// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Q_A of a hidden layer's accumulators with ReLU (Eq. 8, docs/numerics.md section 5), and input bytes to codes
// (section 3). Plain rows of elements: no shapes, no threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wagesim::ref {

/// Bits of a flags byte: what the way back must know of an output.
inline constexpr std::uint8_t kActive = 1;     ///< acc > 0
inline constexpr std::uint8_t kUnclipped = 2;  ///< acc <= N(kA) * 2^S

struct ActivationRule {
    int shift = 0;           ///< S = (kW - 1) + sA
    std::int32_t limit = 0;  ///< N(kA)
    std::int64_t bound = 0;  ///< proven largest |acc|
};

/// codes = clip(rne(max(acc, 0), S), N(kA)) and the flags of each. Sum: int32, int64.
template <class Sum>
void activate(const ActivationRule& rule, const Sum* sums, std::size_t n, std::int8_t* codes, std::uint8_t* flags);

/// One image c, h * w of bytes -> codes h * w, c.
void input_codes(const std::array<std::int8_t, 256>& table, const std::uint8_t* bytes, std::size_t channels,
                 std::size_t pixels, std::int8_t* codes);

}  // namespace wagesim::ref
