// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One array, pulse by pulse: cells and pulses as bit planes, a line's value by counting the ones that both have, one
// conversion after the other. Compiled for several vector extensions and chosen at run time; none changes a result.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"
#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {

/// Driven lines that a word of a plane has.
constexpr std::size_t kLinesPerWord = 32;
/// Lines that are read come in multiples of this; the last ones may have no cells.
constexpr std::size_t kReadStep = 16;

[[nodiscard]] constexpr std::size_t words_of(std::size_t driven_lines) noexcept
{
    return (driven_lines + kLinesPerWord - 1) / kLinesPerWord;
}
[[nodiscard]] constexpr std::size_t padded_lines(std::size_t read_lines) noexcept
{
    return (read_lines + kReadStep - 1) / kReadStep * kReadStep;
}

/// Cells where a group of driven lines crosses the lines that are read.
struct ArrayPlanes {
    /// [cell bit][positive, negative][word][read line]: bit i of a word is driven line 32 word + i.
    const std::uint32_t* planes = nullptr;
    int cell_bits = 1;
    std::size_t words = 0;
    std::size_t read_lines = 0;  ///< a multiple of kReadStep
};

/// What positions drive into the group.
struct PulsePlanes {
    /// Of each position [positive, negative magnitude][bit][word], one sign alone for two's complement.
    const std::uint32_t* planes = nullptr;
    std::size_t stride = 0;  ///< words from position to position
    std::size_t positions = 0;
};

/// Words of one position's pulses.
[[nodiscard]] constexpr std::size_t pulse_words(const PulseCode& code, std::size_t words) noexcept
{
    return static_cast<std::size_t>(code.driven_bits) * words * (code.sign_magnitude ? 2 : 1);
}

/// What neighbouring lines drive: int8, int16 or int32.
struct LineValues {
    const void* data = nullptr;
    ElementType type = ElementType::int8;
    std::size_t count = 0;
};

/// The pulses of one position for a group of lines. Values fit the code.
void make_pulses(const LineValues& values, const PulseCode& code, std::uint32_t* planes);

/// sums[position][line] += sum over pulses q of the converted values * 2^(q bits_a_pulse). The caller has proven that
/// these fit int32. `sums` has `stride` elements from position to position.
void read_array(const ArrayPlanes& array, const PulsePlanes& pulses, const PulseCode& code, const PairRead& read,
                const AdcRange& adc, std::int32_t* sums, std::size_t stride);

}  // namespace wagesim::chip
