// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A bench around the pins of the Verilated unit: a driver that offers beats with random gaps, a monitor that takes
// results with random stalls. It checks the handshake; what the results are worth is the tests' business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "rtl/verilated/quantize_update_pins.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {

/// Probability that a side pauses in a cycle.
struct Stalls {
    double input = 0;
    double output = 0;
};

/// Elements in stream order, with the beats that end a burst or segment.
struct PinStream {
    std::vector<std::int64_t> operands;
    std::vector<std::uint16_t> side;   ///< one an element, or none
    std::vector<std::size_t> lengths;  ///< elements of each burst or segment, in order
};

/// What came out, in order.
struct PinResults {
    std::vector<std::int16_t> data;
    std::vector<std::uint8_t> side;
    std::vector<std::int64_t> errors;
    std::vector<std::uint16_t> classes;
    std::size_t beats = 0;
    std::size_t lasts = 0;
    std::uint64_t cycles = 0;
};

class PinBench {
public:
    /// After a reset from random flops.
    PinBench(int lanes, int seed);

    void reset();
    void write(Register address, std::uint32_t value);
    [[nodiscard]] std::uint32_t read(Register address);
    /// Registers that `apply` writes to a unit.
    void apply(Mode mode, const Settings& settings);

    /// Until every beat was accepted and the unit is idle.
    PinResults run(Mode mode, const PinStream& stream, const Stalls& stalls);
    /// The same, but gives up after that many cycles with whatever is inside.
    PinResults run_for(Mode mode, const PinStream& stream, const Stalls& stalls, std::uint64_t cycles);

    [[nodiscard]] rtl::QuantizeUpdatePins& pins() noexcept { return *pins_; }

private:
    [[nodiscard]] std::vector<rtl::PinInputs> beats_of(const PinStream& stream) const;
    void take(Mode mode, const rtl::PinOutputs& outputs, PinResults& results) const;

    std::unique_ptr<rtl::QuantizeUpdatePins> pins_;
    std::mt19937_64 random_;
};

}  // namespace wagesim::test
