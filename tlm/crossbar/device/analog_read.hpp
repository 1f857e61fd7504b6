// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One array of real cells, pulse by pulse: conductances and digits as integers, a line's value as their sum of
// products, one conversion after the other. Compiled for several vector extensions and chosen at run time; none changes
// a result.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ref/numerics/integer.hpp"
#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {

/// A converter whose input has fraction bits: code = clip(rne(v, shift), least, most); code 2^out_shift is handed on.
/// Whatever devices do, it hands on no more than ideal ones could (largest_conversion): widths stay as proven.
struct AnalogConverter {
    std::int32_t least = 0, most = 0;
    int shift = 0;
    int out_shift = 0;

    [[nodiscard]] constexpr std::int64_t convert(std::int64_t value) const noexcept
    {
        const std::int64_t code = numerics::round_half_even_shift(value, shift);
        return std::clamp<std::int64_t>(code, least, most) * (std::int64_t{1} << out_shift);
    }
};

[[nodiscard]] constexpr AnalogConverter analog_converter(const CrossbarConfig& config, bool is_signed,
                                                         int fraction_bits) noexcept
{
    const AdcRange adc = adc_range(config, is_signed);
    const auto most = static_cast<std::int32_t>(largest_conversion(config, adc) >> adc.shift);
    return {std::max(adc.least, -most), std::min(adc.most, most), adc.shift + fraction_bits, adc.shift};
}

/// Read lines come in multiples of this, and digits of positions, too.
inline constexpr std::size_t kAnalogLines = 16;
inline constexpr std::size_t kAnalogRows = 8;

/// What one conversion of each read line sees of a group of driven lines.
struct AnalogPlane {
    const std::int16_t* cells = nullptr;  ///< [pair of driven lines][read line][the two]
    std::size_t pairs = 0;
    std::size_t read_lines = 0;             ///< a multiple of kAnalogLines
    const std::int32_t* offsets = nullptr;  ///< of each read line's converter
};

/// Digits of a block of positions: a row for every pulse of every position.
struct AnalogDigits {
    const std::int32_t* pairs = nullptr;  ///< [row][pair]: two int16, the lower driven line in the low half
    std::size_t rows = 0;                 ///< positions x pulses; digits of up to kAnalogRows - 1 more rows are there
};

/// Noise of every conversion; none without a table.
struct AnalogNoise {
    const std::int32_t* table = nullptr;  ///< NormalTable::kSize values: a conversion adds two of them
    const std::uint64_t* keys = nullptr;  ///< of each row
};

/// sums[position][line] += sign x sum over pulses q of the converted values x 2^(q bits_a_pulse). `sums` has `stride`
/// elements from position to position. The caller has proven that all of it fits int32.
void read_analog(const AnalogPlane& plane, const AnalogDigits& digits, const PulseCode& code,
                 const AnalogConverter& converter, const AnalogNoise& noise, bool negative, std::int32_t* sums,
                 std::size_t stride);

}  // namespace wagesim::chip
