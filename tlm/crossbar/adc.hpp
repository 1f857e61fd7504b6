// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a conversion makes of a line's value (docs/modules/crossbar.md): code = clip(rne(v, s), range of adc_bits), and
// code * 2^s is handed on. No time, no noise.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ref/numerics/integer.hpp"
#include "tlm/crossbar/crossbar_config.hpp"

namespace wagesim::chip {

/// Codes of one conversion, and the bits that it drops below them.
struct AdcRange {
    std::int32_t least = 0;
    std::int32_t most = 0;
    int shift = 0;

    [[nodiscard]] constexpr std::int32_t convert(std::int32_t value) const noexcept
    {
        const std::int64_t code = numerics::round_half_even_shift(value, shift);
        return static_cast<std::int32_t>(std::clamp<std::int64_t>(code, least, most) * (std::int64_t{1} << shift));
    }
};

/// V, the largest value that driven lines can give a line: active_lines (2^dac_bits - 1) (2^cell_bits - 1).
[[nodiscard]] constexpr std::int64_t full_scale(const CrossbarConfig& config) noexcept
{
    return std::int64_t{config.active_lines} * ((std::int64_t{1} << config.dac_bits) - 1) *
           ((std::int64_t{1} << config.cell_bits) - 1);
}

/// L, the values that a conversion may meet: 2V + 1 signed, V + 1 unsigned.
[[nodiscard]] constexpr std::int64_t conversion_levels(const CrossbarConfig& config, bool is_signed) noexcept
{
    return (is_signed ? 2 : 1) * full_scale(config) + 1;
}

/// The least adc_bits with which no conversion loses anything: ceil(log2 L).
[[nodiscard]] constexpr int exact_adc_bits(const CrossbarConfig& config, bool is_signed) noexcept
{
    int bits = 0;
    while ((std::int64_t{1} << bits) < conversion_levels(config, is_signed)) ++bits;
    return bits;
}

[[nodiscard]] constexpr AdcRange adc_range(const CrossbarConfig& config, bool is_signed) noexcept
{
    const int shift =
        config.adc_mode == AdcMode::truncate ? std::max(0, exact_adc_bits(config, is_signed) - config.adc_bits) : 0;
    const int bits = std::min(config.adc_bits, 30);  // no array gives a line more than 2^27
    if (!is_signed) return {0, (1 << bits) - 1, shift};
    return {-(1 << (bits - 1)), (1 << (bits - 1)) - 1, shift};
}

/// The largest magnitude that one conversion hands on: the converter's, or that of the value, which rounding takes to
/// at most twice itself.
[[nodiscard]] constexpr std::int64_t largest_conversion(const CrossbarConfig& config, const AdcRange& adc) noexcept
{
    const std::int64_t code = std::max(std::int64_t{adc.most}, -std::int64_t{adc.least});
    return std::min(code * (std::int64_t{1} << adc.shift), (adc.shift > 0 ? 2 : 1) * full_scale(config));
}

}  // namespace wagesim::chip
