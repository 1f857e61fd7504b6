// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The constrained-random bench: rounds of register traffic and streams in every mode, with pauses on both sides, resets
// in the middle and modes that follow each other without a gap, against registers and result beats as they must be.
// A round has a model, a seed and a fate of its own: its seed alone replays it. What dice would take too long for is
// swept.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "ref/quantize_update/registers.hpp"
#include "rtl/verilated/quantize_update_pins.hpp"

namespace wagesim::test {

/// A model of its own, not yet reset, its flops at random values of that seed.
using PinsFactory = std::function<std::unique_ptr<rtl::QuantizeUpdatePins>(int seed)>;

struct BenchCounts {
    std::map<QuantizeUpdateMode, std::uint64_t> elements;  ///< compared, by mode
    std::uint64_t streams = 0;
    std::uint64_t resets = 0;     ///< in the middle of a stream
    std::uint64_t registers = 0;  ///< values read and compared
    std::uint64_t cycles = 0;     ///< lengths of streams compared with the page
};

class RandomBench {
public:
    explicit RandomBench(PinsFactory make_pins) : make_pins_(std::move(make_pins)) {}

    /// Throws BenchFailure, or std::logic_error of a failed assertion in the SystemVerilog.
    void round(std::uint64_t seed);
    /// Every legal setting and every edge of the arithmetic once (sweeps.hpp).
    void sweep(std::uint64_t seed);
    /// A segment of 65536 elements, the longest there is, with its largest accumulator near the end.
    void longest_segment(std::uint64_t seed);

    [[nodiscard]] const BenchCounts& counts() const noexcept { return counts_; }

private:
    PinsFactory make_pins_;
    BenchCounts counts_;
};

}  // namespace wagesim::test
