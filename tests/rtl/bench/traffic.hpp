// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Elements of one mode's bursts on their way to the pins, and how they are cut into beats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "rtl/verilated/quantize_update_pins.hpp"

namespace wagesim::test {

/// Elements in stream order. `lengths` are those of bursts, of segments in output_error, one right after the other.
struct Traffic {
    std::vector<std::int64_t> operands;
    std::vector<std::uint16_t> side;  ///< one an element; in output_error the segment's label at each of its elements
    std::vector<std::size_t> lengths;
};

/// The beats of the traffic. Lanes without an element hold whatever `random` gives: it must not matter.
[[nodiscard]] std::vector<rtl::PinInputs> beats_of(const Traffic& traffic, int lanes, std::mt19937_64& random);

}  // namespace wagesim::test
