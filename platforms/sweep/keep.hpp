// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which designs a stage takes over from the one before.
#pragma once

#include <cstdint>
#include <vector>

#include "platforms/config/sweep_config.hpp"
#include "platforms/sweep/overview.hpp"

namespace wagesim::sweep {

/// The designs, in the order of their numbers, that `stage`, one of those after the first, takes over. `overview` is of
/// the stages before it alone: what it has done itself must not change the choice. Objectives that no design has yet
/// are left out.
[[nodiscard]] std::vector<std::uint64_t> kept_designs(const Overview& overview, std::size_t stage,
                                                      const config::Keep& keep);

}  // namespace wagesim::sweep
