// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One round of the random bench: a unit, what it must be, and the dice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "tests/rtl/bench/beat_scoreboard.hpp"
#include "tests/rtl/bench/operand_source.hpp"
#include "tests/rtl/bench/pin_agent.hpp"
#include "tests/rtl/bench/random_bench.hpp"
#include "tests/rtl/bench/register_shadow.hpp"

namespace wagesim::test {

class BenchRound {
public:
    BenchRound(std::unique_ptr<rtl::QuantizeUpdatePins> pins, std::uint64_t seed, BenchCounts& counts);

    /// Reset, then phases drawn at random.
    void run();
    /// Reset, then all sweeps.
    void run_sweeps();
    /// Reset, then one segment.
    void run_segment(std::size_t length);

private:
    void reset();
    void write(std::uint32_t address, std::uint32_t value);
    void check_register(std::uint32_t address);
    void check_registers();

    /// Writes to any address, legal values or not; then every register is read.
    void scramble_registers();
    /// MAX at and beside powers of two and of sqrt(2); CONTROL's bits in all combinations.
    void exercise_control();
    /// Takes the exponent of a maximum that is written.
    void check_exponent_of(std::uint64_t maximum, std::uint32_t control);
    void configure(QuantizeUpdateMode mode, const Settings& settings);
    void write_table();
    void stream_bursts();
    /// Streams the traffic in the mode that is set; true where it went through, false where a reset ended it, which
    /// happens where `resets` and by chance.
    bool stream(const Traffic& traffic, const Pauses& pauses, bool resets);
    [[nodiscard]] std::vector<std::size_t> drawn_lengths(QuantizeUpdateMode mode);
    [[nodiscard]] Pauses drawn_pauses();
    [[nodiscard]] int drawn(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    [[nodiscard]] bool chance(int percent) { return drawn(1, 100) <= percent; }

    int lanes_;
    std::mt19937_64 random_;
    BenchCounts& counts_;
    BeatScoreboard scoreboard_;
    RegisterShadow registers_;
    PinAgent agent_;
    std::optional<Traffic> maximum_of_;  ///< what the last maximum was taken of
    bool ready_ = true;                  ///< no key schedule is under way
};

}  // namespace wagesim::test
