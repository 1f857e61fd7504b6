// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many of a value's pulses drive a line at all: what drivers and cells spend depends on it, and no cycle does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {

class PulseCounter {
public:
    explicit PulseCounter(const PulseCode& code);

    /// Pulses of one value whose digit is not 0.
    [[nodiscard]] std::uint32_t of(std::int32_t value) const noexcept
    {
        return value >= -128 && value <= 127 ? of_byte_[static_cast<std::uint8_t>(value)] : counted(value);
    }

    /// to[i] += the pulses of all values at i, i + stride, ..., `rows` of them; i < `columns`. int8, int16 or int32.
    /// Count is std::uint32_t or std::uint64_t.
    template <class Count>
    void add_columns(const void* values, ElementType type, std::size_t rows, std::size_t columns, std::size_t stride,
                     Count* to) const;

private:
    [[nodiscard]] std::uint32_t counted(std::int32_t value) const noexcept;
    template <class Count>
    void add_bytes(const std::int8_t* values, std::size_t rows, std::size_t columns, std::size_t stride,
                   Count* to) const;

    PulseCode code_;
    std::array<std::uint8_t, 256> of_byte_{};
};

}  // namespace wagesim::chip
