// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wear.json of a run's folder: what programming did to the cells of each group, as figures and as a map
// (docs/energy.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tlm/chip/group_wear.hpp"

namespace wagesim::inspect {

/// {steps, endurance, units: [{unit, layers, resident, transposed, cells, pulses, most, map}]}. `endurance` 0: not
/// known.
[[nodiscard]] std::string wear_json(const std::vector<chip::GroupWear>& wear, std::uint64_t steps,
                                    std::uint64_t endurance);

}  // namespace wagesim::inspect
