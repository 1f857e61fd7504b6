// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A layer's matrix cut into what stands in a group's cells at one time. Plain C++.
#pragma once

#include <cstddef>
#include <vector>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mapping/layer_plan.hpp"
#include "tlm/mapping/placement.hpp"

namespace wagesim::chip {

/// Passes of a matrix in a group of `arrays` arrays for each of its copies (docs/modules/mapping.md). `place` has tiles
/// and slices.
[[nodiscard]] std::vector<MatrixPass> make_passes(const LayerPlan& layer, const MatrixPlacement& place,
                                                  const CrossbarConfig& config, std::size_t arrays);

}  // namespace wagesim::chip
