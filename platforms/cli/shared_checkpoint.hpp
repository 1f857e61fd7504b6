// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rank 0's checkpoint or weights on all ranks: one file is read, whatever the other machines' file systems hold.
#pragma once

#include "platforms/cli/ranks.hpp"
#include "ref/data/checkpoint.hpp"

namespace wagesim::cli {

/// Collective. `weights` has `rules`' shapes on rank 0, and thereafter everywhere.
void share(const Ranks& ranks, StoredWeights& weights, const StoredWeightRules& rules);

/// Collective. All but its texts, which only files need.
void share(const Ranks& ranks, Checkpoint& checkpoint, const StoredWeightRules& rules);

}  // namespace wagesim::cli
