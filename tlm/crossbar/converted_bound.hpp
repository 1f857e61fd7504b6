// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How large the sum of all conversions for one line can be, whatever cells and inputs hold. No data.
#pragma once

#include <cstdint>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {

/// Of a line that crosses `driven_lines` lines in arrays of `array_lines` each, inputs of `bits` bits, weights of
/// `weight_bits`; at most 2^50, which no accumulator
/// has.
[[nodiscard]] std::int64_t converted_bound(const CrossbarConfig& config, const PairRead& read, int bits,
                                           int weight_bits, std::int64_t array_lines, std::int64_t driven_lines);

}  // namespace wagesim::chip
