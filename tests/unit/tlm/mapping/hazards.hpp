// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Pairs of a program's commands that touch the same bytes, at least one of them writing, without one having to be
// complete before the other. A correct program has none.
#pragma once

#include <string>
#include <vector>

#include "tlm/mapping/program.hpp"

namespace wagesim::test {

struct HazardReport {
    std::vector<std::string> hazards;  ///< "12 and 34"
    std::size_t ordered_pairs = 0;     ///< pairs on the same bytes that are in order
};

[[nodiscard]] HazardReport find_hazards(const chip::Program& program);

}  // namespace wagesim::test
