// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What dice would need too long for: every legal setting, every bit below and beside a tie, a limit and the square root
// of two. Each sweep is a list of settings with the elements that show a wrong one.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "tests/rtl/bench/traffic.hpp"
#include "tests/unit/rtl/expected_unit.hpp"

namespace wagesim::test {

struct SweepStep {
    QuantizeUpdateMode mode;
    Settings settings;
    Traffic traffic;
};

/// Activation, error, update, requantize and output_error over all legal widths, attenuations, gammas and learning
/// rates, with operands at and beside ties, limits, targets.
[[nodiscard]] std::vector<SweepStep> settings_sweep();
/// Error codes at every shift: a tie with each lower bit added and taken away, next to an even and an odd value, and a
/// limit likewise, to the left and to the right.
[[nodiscard]] std::vector<SweepStep> rounding_sweep();
/// Every byte through tables of random codes.
[[nodiscard]] std::vector<std::array<std::uint32_t, 64>> table_sweep();
[[nodiscard]] Traffic all_bytes();
/// Weight steps whose fraction is the weight's random word, one more, and either with one bit flipped.
[[nodiscard]] std::vector<SweepStep> stochastic_sweep();
/// Beats of which two lanes differ in one bit, for every bit, and all others are 0: the larger one is the maximum.
[[nodiscard]] std::vector<SweepStep> comparison_sweep(int lanes);
/// Maxima: each power of two with each lower bit beside it; floor(sqrt(2^(2f+1))), one more, and either with one bit
/// flipped.
[[nodiscard]] std::vector<std::uint64_t> maximum_sweep();

}  // namespace wagesim::test
