// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cycles of a crossbar array by closed forms over its configuration (docs/modules/crossbar.md). All arrays of a group
// work in lockstep, so the largest tile's figures are the group's. No state, no data.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlm/crossbar/crossbar_config.hpp"

namespace wagesim::chip {

/// Magnitude slices of a kW-bit weight: ceil((kW - 1) / cell_bits) arrays for every tile.
[[nodiscard]] int weight_slices(const CrossbarConfig& config, int weight_bits);

/// Driver pulses of a `bits`-bit input. twos_complement drives every bit; sign_magnitude drives bits - 1 of them, the
/// sign being the pulse's polarity.
[[nodiscard]] std::uint64_t driver_pulses(const CrossbarConfig& config, int bits);

/// Cycles of one window position: pulses x driven groups x conversions one after the other in each ADC.
[[nodiscard]] std::uint64_t forward_position_cycles(const CrossbarConfig& config, int activation_bits,
                                                    std::size_t rows_driven, std::size_t columns_read);
[[nodiscard]] std::uint64_t backward_position_cycles(const CrossbarConfig& config, int error_bits,
                                                     std::size_t columns_driven, std::size_t rows_read);

/// Cycles to program every row of an array that holds weights; the arrays of a group are programmed at the same time.
[[nodiscard]] std::uint64_t programming_cycles(const CrossbarConfig& config, std::size_t rows);

}  // namespace wagesim::chip
