// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Hands and eyes at the pins: clocks the unit, drives its register port and its streams with pauses, and holds it to
// the handshake. What results are worth it leaves to a scoreboard.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "rtl/verilated/quantize_update_pins.hpp"

namespace wagesim::test {

/// Chance that a side pauses in a cycle.
struct Pauses {
    double input = 0;
    double output = 0;
};

class PinAgent {
public:
    /// `watch` sees every result beat that moves.
    PinAgent(std::unique_ptr<rtl::QuantizeUpdatePins> pins, std::uint64_t seed,
             std::function<void(const rtl::PinOutputs&)> watch);

    /// Holds reset for some cycles, whatever else the pins say, and releases it.
    void reset(std::uint64_t cycles);
    /// One cycle that writes a register; what follows from it may still be under way.
    void write(std::uint32_t address, std::uint32_t value);
    [[nodiscard]] std::uint32_t read(std::uint32_t address);
    /// Cycles until idle_o is 1. Throws BenchFailure where that takes more than `limit`.
    std::uint64_t wait_until_idle(std::uint64_t limit);

    struct Streamed {
        std::uint64_t cycles = 0;  ///< from the first offer until idle
        bool whole = true;         ///< false: given up after `give_up_after` cycles
    };
    /// Offers the beats and takes what comes until the unit is idle. Now and then reads `read_address` meanwhile, which
    /// must give `read_value`.
    Streamed stream(const std::vector<rtl::PinInputs>& beats, const Pauses& pauses, std::uint64_t give_up_after,
                    std::uint32_t read_address, std::uint32_t read_value);

private:
    rtl::PinOutputs cycle(const rtl::PinInputs& inputs);
    [[nodiscard]] bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

    std::unique_ptr<rtl::QuantizeUpdatePins> pins_;
    std::mt19937_64 random_;
    std::function<void(const rtl::PinOutputs&)> watch_;
    bool stalled_ = false;  ///< the cycle before offered a result that was not taken
    rtl::PinOutputs held_;  ///< that result
};

}  // namespace wagesim::test
