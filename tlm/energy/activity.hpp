// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How much of what could depend on data did: measured in a run that carries data, used in one that does not. Fractions
// of events that do not depend on data, so that they serve chips of other sizes, too.
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/energy/activity_factors.hpp"
#include "tlm/energy/ledger.hpp"

namespace wagesim::chip {

/// Of one layer in all training steps, where no row is left out; `rows_changed` of them had something to change.
struct ProgrammingCounts {
    std::uint64_t rows_due = 0, rows_changed = 0, cells_due = 0;
};

/// What a run did; `programming` of each layer. What did not happen at all keeps the upper bound.
[[nodiscard]] Activity measured_activity(const Ledger& training, const Ledger& evaluation,
                                         const std::vector<ProgrammingCounts>& programming);

/// The events that depend on data, from those of the same command that do not; rounded to nearest.
[[nodiscard]] std::vector<EventCount> estimated_events(const std::vector<EventCount>& events, Phase phase,
                                                       const LayerActivity& activity);

}  // namespace wagesim::chip
