// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How an input becomes driver pulses (chip file key `crossbar.input_coding`), and what a conversion therefore meets.
// No data.
#pragma once

#include <algorithm>

#include "tlm/crossbar/crossbar_config.hpp"

namespace wagesim::chip {

/// Pulse q carries bits q * bits_a_pulse and up, as many as are left; the lowest bits go first.
struct PulseCode {
    int driven_bits = 8;  ///< of two's complement, or of the magnitude
    int bits_a_pulse = 1;
    bool sign_magnitude = false;  ///< the sign is every pulse's polarity

    [[nodiscard]] constexpr int pulses() const noexcept { return (driven_bits + bits_a_pulse - 1) / bits_a_pulse; }
    [[nodiscard]] constexpr int bits_of(int pulse) const noexcept
    {
        return std::min(bits_a_pulse, driven_bits - pulse * bits_a_pulse);
    }
    /// Two's complement: the sign bit has a pulse to itself, which counts negative. Otherwise its pulse carries
    /// magnitude bits, too, and drives lines whose digit is negative with the opposite polarity.
    [[nodiscard]] constexpr bool sign_alone() const noexcept
    {
        return !sign_magnitude && (driven_bits - 1) % bits_a_pulse == 0;
    }
    [[nodiscard]] constexpr bool bipolar_pulses() const noexcept { return sign_magnitude || !sign_alone(); }
};

[[nodiscard]] constexpr PulseCode pulse_code(const CrossbarConfig& config, int bits) noexcept
{
    const bool sign_magnitude = config.input_coding == InputCoding::sign_magnitude;
    return {sign_magnitude ? bits - 1 : bits, config.dac_bits, sign_magnitude};
}

/// What one read of a pair of cells takes.
struct PairRead {
    bool difference = true;  ///< one conversion of positive less negative cells; else one of each
    bool is_signed = true;   ///< a conversion may meet negative values
};

[[nodiscard]] constexpr PairRead forward_read(const CrossbarConfig& config, int bits) noexcept
{
    const bool difference = config.subtract == Subtract::analog;
    return {difference, difference || pulse_code(config, bits).bipolar_pulses()};
}

[[nodiscard]] constexpr PairRead backward_read(const CrossbarConfig& config, int bits) noexcept
{
    const bool difference = config.backward_read == BackwardRead::bipolar;
    return {difference, difference || pulse_code(config, bits).bipolar_pulses()};
}

}  // namespace wagesim::chip
