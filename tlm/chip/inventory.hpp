// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many of each part a chip file describes: all of the chip, used by a network or not. No figures.
#pragma once

#include "tlm/chip/chip_config.hpp"
#include "tlm/energy/energy.hpp"

namespace wagesim::chip {

[[nodiscard]] Inventory inventory_of(const ChipConfig& config);

}  // namespace wagesim::chip
