// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What would relieve each part of a chip, in the words of the chip file.
#pragma once

#include <map>
#include <string>

#include "tlm/mapping/mapping.hpp"

namespace wagesim::cli {

/// By unit, `buffer` and `dram`: what to give the chip more of where that part is the busiest.
[[nodiscard]] std::map<std::string, std::string> reliefs_of(const chip::Mapping& mapping);

}  // namespace wagesim::cli
