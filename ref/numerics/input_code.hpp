// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Image byte to activation code (docs/numerics.md section 3). Normative; exact rationals, no floating point.
#pragma once

#include <array>
#include <cstdint>

#include "ref/numerics/integer.hpp"

namespace wagesim {

/// The real interval that an image byte's 0..255 stands for.
enum class InputRange { unit, symmetric };

namespace numerics {

/// clip(round_half_even(v * 2^(kA-1)), N(kA)), v = p / 255 (unit) or p / 127.5 - 1 = (2p - 255) / 255 (symmetric).
[[nodiscard]] constexpr std::int64_t input_code(int byte, InputRange range, int ka) noexcept
{
    const std::int64_t numerator = range == InputRange::unit ? byte : 2 * byte - 255;
    const std::int64_t size = magnitude(numerator) * (std::int64_t{1} << (ka - 1));
    std::int64_t n = size / 255;  // 255 is odd: no ties, so nearest needs no even rule
    if (2 * (size % 255) > 255) ++n;
    return clip(numerator < 0 ? -n : n, max_code(ka));
}

[[nodiscard]] constexpr std::array<std::int8_t, 256> input_table(InputRange range, int ka) noexcept
{
    std::array<std::int8_t, 256> table{};
    for (int p = 0; p < 256; ++p) table[static_cast<unsigned>(p)] = static_cast<std::int8_t>(input_code(p, range, ka));
    return table;
}

}  // namespace numerics
}  // namespace wagesim
