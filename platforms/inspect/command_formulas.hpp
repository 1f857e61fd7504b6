// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The formulas of docs/modules for one command: cycles that the unit itself takes and events that no data decide, from
// configuration and command alone. Written down here once more, apart from the units' code, so that comparing the two
// means something. Memory is not in them: that is booked.
#pragma once

#include <utility>
#include <vector>

#include "platforms/inspect/formula.hpp"
#include "tlm/common/event.hpp"
#include "tlm/mapping/mapping.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::inspect {

struct CommandFormulas {
    Formula compute;  ///< cycles between issue and writes, where reads take none
    /// Of a quantize/update command: register cycles, before the burst's reads are booked.
    Formula registers{0};
    std::vector<std::pair<chip::Event, Formula>> events;
    /// Of a product, whose vectors go through as their inputs arrive; `compute` is a latency and all of them.
    std::uint64_t vectors = 0, vector_cycles = 0;
};

/// `mapping` is the chip's that runs the command.
[[nodiscard]] CommandFormulas formulas_of(const chip::Command& command, const chip::Mapping& mapping);

/// Each for its kind of command.
[[nodiscard]] CommandFormulas partition_formulas(const chip::PartitionCommand& work, chip::UnitId unit,
                                                 std::uint32_t layer, const chip::Mapping& mapping);
[[nodiscard]] CommandFormulas gradient_formulas(const chip::GradientCommand& command, const chip::Mapping& mapping);
[[nodiscard]] CommandFormulas quantize_formulas(const chip::QuantizeUpdateWork& work, const chip::Mapping& mapping);

}  // namespace wagesim::inspect
