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

/// What a run did; `rows` of each layer. Layers and directions without events keep the upper bound.
[[nodiscard]] Activity measured_activity(const Ledger& training, const Ledger& evaluation,
                                         const std::vector<double>& rows);

/// The events that depend on data, from those of the same command that do not; rounded to nearest.
[[nodiscard]] std::vector<EventCount> estimated_events(const std::vector<EventCount>& events, Phase phase,
                                                       const LayerActivity& activity);

}  // namespace wagesim::chip
