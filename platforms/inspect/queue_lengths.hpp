// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many commands stood ready and waited for their busy unit, over time: what docs/modules/sequencer.md counts as
// queued cycles, seen as it happened.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "platforms/inspect/trace_recorder.hpp"

namespace wagesim::inspect {

struct QueueLength {
    std::uint64_t cycle = 0;  ///< from here to the next one
    std::array<std::uint64_t, chip::kDirectionNames.size()> commands{};
};

/// `commands`: one unit's, in the order in which it served them. Begins and ends with empty queues; nothing where no
/// command ever waited.
[[nodiscard]] std::vector<QueueLength> queue_lengths(const std::vector<const TracedCommand*>& commands);

}  // namespace wagesim::inspect
