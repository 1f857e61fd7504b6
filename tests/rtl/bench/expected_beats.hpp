// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What bursts must hand over, beat by beat, and what they leave in MAX and LOSS: the formulas of expected_unit, and for
// all that the contract covers the normative functions of ref/numerics, which have to agree with them.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/rtl/bench/register_shadow.hpp"
#include "tests/rtl/bench/traffic.hpp"

namespace wagesim::test {

struct ExpectedBeat {
    std::vector<std::int16_t> data;  ///< one an element; none in output_error
    std::vector<std::uint8_t> side;  ///< one an element where the mode has flags or weight codes
    std::int64_t error = 0;
    std::uint16_t predicted_class = 0;  ///< with `last`
    std::uint64_t keep = 0;
    bool last = false;
};

struct ExpectedBeats {
    std::vector<ExpectedBeat> beats;
    std::uint64_t maximum = 0;
    Uint128 loss = 0;
};

/// Throws std::logic_error where the formulas and ref/numerics disagree: then a test is wrong, or the reference.
[[nodiscard]] ExpectedBeats expected_beats(const Traffic& traffic, const RegisterShadow& registers, int lanes);

}  // namespace wagesim::test
