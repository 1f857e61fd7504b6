// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the interface refuses before anything reaches the pins: addresses without a register, streams that a mode does
// not take. The table is that of ref/quantize_update/quantize_update_unit.hpp.
#pragma once

#include <cstdint>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::rtl {

/// Throws std::out_of_range for an address without a register.
void check_register_address(std::uint32_t address);

/// Throws std::invalid_argument for streams that the mode does not take.
void check_burst(QuantizeUpdateMode mode, const Burst& burst);

}  // namespace wagesim::rtl
