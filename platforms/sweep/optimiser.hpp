// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Designs chosen generation by generation by a multi-objective optimiser of pagmo. It knows nothing of points, runs or
// databases: it names designs and is told what they cost.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "platforms/sweep/design_grid.hpp"

namespace wagesim::sweep {

/// What a design costs in each objective, less is better; nothing for one that must not be chosen.
using Cost = std::optional<std::vector<double>>;

/// The costs of these designs, some of which may have been asked for before. What it throws ends the optimisation.
using Evaluate = std::function<std::vector<Cost>(const std::vector<std::uint64_t>& designs)>;

/// Asks for a population drawn at random, then for as many designs in each of the generations. The same grid, sampling
/// and costs ask for the same designs. `objectives` is at least 2.
void optimise(const DesignGrid& grid, const config::Sampling& sampling, std::size_t objectives,
              const Evaluate& evaluate);

}  // namespace wagesim::sweep
