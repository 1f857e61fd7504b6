// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The Verilated unit cycle by cycle, pin by pin: for benches that stall, reset and watch it. Bursts at full speed are
// verilated_quantize_update.hpp's.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace wagesim::rtl {

/// What is driven during one clock cycle. Missing operands and side values are 0.
struct PinInputs {
    bool reset_n = true;

    bool register_write = false;
    bool register_read = false;
    std::uint32_t register_address = 0;
    std::uint32_t register_write_data = 0;

    bool in_valid = false;
    std::vector<std::int64_t> operands;  ///< one a lane, taken modulo 2^48
    std::vector<std::uint16_t> side;     ///< one a lane
    std::uint64_t in_keep = 0;
    bool in_last = false;

    bool out_ready = true;
};

/// What is seen during the same cycle: a beat moves where both sides' valid and ready are set.
struct PinOutputs {
    std::uint32_t register_read_data = 0;  ///< of the cycle before
    bool in_ready = false;
    bool out_valid = false;
    std::vector<std::int16_t> data;  ///< one a lane
    std::vector<std::uint8_t> side;  ///< one a lane
    std::int64_t error = 0;
    std::uint16_t predicted_class = 0;
    std::uint64_t out_keep = 0;
    bool out_last = false;
    bool idle = false;
};

class QuantizeUpdatePins {
public:
    virtual ~QuantizeUpdatePins() = default;
    QuantizeUpdatePins() = default;
    QuantizeUpdatePins(const QuantizeUpdatePins&) = delete;
    QuantizeUpdatePins& operator=(const QuantizeUpdatePins&) = delete;

    [[nodiscard]] virtual int lanes() const noexcept = 0;
    /// One clock cycle: drives, lets the logic settle, looks, and clocks.
    virtual PinOutputs cycle(const PinInputs& inputs) = 0;
};

/// Pins of a model of its own, not yet reset; its flops hold random values of that seed (0: zeros). Throws as
/// make_verilated_unit does.
[[nodiscard]] std::unique_ptr<QuantizeUpdatePins> make_verilated_pins(int lanes, int seed);

}  // namespace wagesim::rtl
