// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How much of what could depend on data did: measured in a run that carries data, used in one that does not. Fractions
// of events that do not depend on data, so that they serve chips of other sizes, too.
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/energy/ledger.hpp"

namespace wagesim::chip {

/// Of one layer and direction.
struct ReadActivity {
    double driven = 1.0;      ///< driver_pulse of line_pulse
    double conducting = 1.0;  ///< cell_read of cell_pulse
};

struct LayerActivity {
    ReadActivity forward, backward, evaluation;
    double set = 1.0;    ///< cell_set of cell_verify
    double reset = 1.0;  ///< cell_reset of cell_verify
};

/// By layer. Without a measurement everything happens that could: energies are upper bounds.
using Activity = std::vector<LayerActivity>;

/// What a run did. Layers and directions without events keep the upper bound.
[[nodiscard]] Activity measured_activity(const Ledger& training, const Ledger& evaluation);

/// The events that depend on data, from those of the same command that do not; rounded to nearest.
[[nodiscard]] std::vector<EventCount> estimated_events(const std::vector<EventCount>& events, Phase phase,
                                                       const LayerActivity& activity);

}  // namespace wagesim::chip
