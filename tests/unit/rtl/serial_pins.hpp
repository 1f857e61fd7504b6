// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The Verilated unit behind its byte streams (rtl/ice40/quantize_update_serial.sv), cycle by cycle.
#pragma once

#include <cstdint>
#include <memory>

namespace wagesim::test {

/// What moved in one clock cycle.
struct SerialCycle {
    bool taken = false;   ///< the offered byte
    bool handed = false;  ///< `byte`
    std::uint8_t byte = 0;
};

class SerialPins {
public:
    virtual ~SerialPins() = default;
    SerialPins() = default;
    SerialPins(const SerialPins&) = delete;
    SerialPins& operator=(const SerialPins&) = delete;

    virtual SerialCycle cycle(bool offered, std::uint8_t byte, bool ready) = 0;
};

/// After a reset from random flops of that seed. `lanes`: 1 or 2; std::invalid_argument otherwise.
[[nodiscard]] std::unique_ptr<SerialPins> make_serial_pins(int lanes, int seed);

}  // namespace wagesim::test
