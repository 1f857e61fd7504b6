// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What reading real devices in one direction takes, and its two implementations. Internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "tlm/crossbar/device/analog_planes.hpp"
#include "tlm/crossbar/device/device_random.hpp"

namespace wagesim::chip {

struct DeviceReading {
    const AnalogPlanes& planes;
    PulseCode code;
    AnalogConverter converter;
    std::size_t slices = 1;
    int cell_bits = 1;
    const std::vector<std::int32_t>& noise;  ///< of NormalTable's quantiles; empty without noise
    std::uint64_t key = 0;                   ///< of this read: program, layer, direction, block, group of arrays
    std::size_t first_position = 0;

    /// Key of an array's noise.
    [[nodiscard]] std::uint64_t array_key(std::size_t driven_tile, std::size_t read_tile,
                                          std::size_t slice) const noexcept
    {
        return numerics::mix64(numerics::mix64(numerics::mix64(key ^ driven_tile) ^ read_tile) ^ slice);
    }
    /// Key of the conversions of all read lines of an array in one pulse of one position.
    [[nodiscard]] std::uint64_t row_key(std::uint64_t array_key, std::size_t position, int pulse, std::size_t group,
                                        std::size_t polarity) const noexcept
    {
        const std::uint64_t event = (static_cast<std::uint64_t>(first_position + position) << 20U) | (group << 8U) |
                                    (static_cast<std::uint64_t>(pulse) << 1U) | polarity;
        return numerics::mix64(array_key ^ event);
    }
};

/// What a line drives during one pulse, in units of one level (docs/modules/crossbar.md).
[[nodiscard]] inline std::int32_t digit(std::int32_t value, const PulseCode& code, int pulse) noexcept
{
    const int shift = pulse * code.bits_a_pulse;
    const std::int32_t mask = (1 << code.bits_of(pulse)) - 1;
    if (code.sign_magnitude) {
        const std::int32_t bits = (std::abs(value) >> shift) & mask;
        return value < 0 ? -bits : bits;
    }
    if (pulse + 1 < code.pulses() || code.sign_alone()) return (value >> shift) & mask;
    return value >> shift;  // the uppermost digit with its sign
}

/// The fast implementation may be used: 32 bits hold every value and every sum.
[[nodiscard]] bool fits_32_bits(const DeviceReading& reading);
void read_fast(const DeviceReading& reading, const ConstMatrix& inputs, const MutableMatrix& sums, bool accumulate);
void read_by_definition(const DeviceReading& reading, const ConstMatrix& inputs, const MutableMatrix& sums,
                        bool accumulate);

}  // namespace wagesim::chip
