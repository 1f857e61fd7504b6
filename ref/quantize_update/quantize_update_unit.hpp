// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit as its surroundings see it: registers and bursts. tlm/ has a C++ twin, rtl/verilated the
// Verilated SystemVerilog, and lockstep runs both; none of them knows another. No SystemC, no time: cycles are counts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/quantize_update/registers.hpp"
#include "ref/tensor/element_type.hpp"

namespace wagesim {

/// One stream of a burst: elements as they lie in memory, packed. An absent stream has data == nullptr.
struct ConstStream {
    const void* data = nullptr;
    ElementType type = ElementType::int32;
};
struct MutableStream {
    void* data = nullptr;
    ElementType type = ElementType::int32;
};

/// One burst in the mode that MODE holds.
///
/// | mode             | operand (count)    | auxiliary              | result          | auxiliary_result    |
/// |------------------|--------------------|------------------------|-----------------|---------------------|
/// | input            | uint8              | -                      | int8            | -                   |
/// | activation       | int32, int64       | -                      | int8            | uint8 flags         |
/// | abs_max          | int32, int64       | uint8 flags or absent  | -               | -                   |
/// | error            | int32, int64       | uint8 flags or absent  | int8, int16     | -                   |
/// | output_error     | int32, int64       | uint16 label a segment | int32, int64    | uint16 class a segment |
/// | gradient_abs_max | int32, int64       | -                      | -               | -                   |
/// | update           | int32, int64       | -                      | int16           | -                   |
/// | requantize       | int16              | int16 step or absent   | int16           | int8                |
///
/// Absent flags mean "all unclipped", an absent step means 0. In output_error a segment is one sample's `segment`
/// accumulators and `count` is a multiple of it; elsewhere `segment` is unused. Streams must not overlap, except that
/// result may be operand where both have one type.
struct Burst {
    std::size_t count = 0;
    std::size_t segment = 0;
    ConstStream operand;
    ConstStream auxiliary;
    MutableStream result;
    MutableStream auxiliary_result;
};

/// One operation's clock cycles.
using CycleCount = std::uint64_t;

class QuantizeUpdateUnit {
public:
    virtual ~QuantizeUpdateUnit() = default;
    QuantizeUpdateUnit() = default;
    QuantizeUpdateUnit(const QuantizeUpdateUnit&) = delete;
    QuantizeUpdateUnit& operator=(const QuantizeUpdateUnit&) = delete;

    [[nodiscard]] virtual int lanes() const noexcept = 0;
    /// Puts every register to its reset value.
    virtual void reset() = 0;
    /// Writes one register and waits until it took effect (a key schedule, an exponent); returns the cycles used.
    /// `address` is a QuantizeUpdateRegister, or table + 4 i. Throws std::out_of_range for an address without one.
    virtual CycleCount write_register(std::uint32_t address, std::uint32_t value) = 0;
    [[nodiscard]] virtual std::uint32_t read_register(std::uint32_t address) = 0;
    /// Streams one burst through at full rate; returns the cycles from the first operand's to the last result's.
    /// Throws std::invalid_argument for streams that the mode does not take.
    virtual CycleCount run(const Burst& burst) = 0;
};

}  // namespace wagesim
