// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts times costs: dynamic energy of a ledger, leakage of an inventory, area. Every figure is an exact integer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tlm/energy/attojoules.hpp"
#include "tlm/energy/ledger.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::chip {

/// How many of each part a chip has.
using Inventory = std::array<std::uint64_t, kPartCount>;

/// Of some of a ledger's events.
struct EnergyTable {
    std::array<std::array<Attojoules, kPhaseNames.size()>, kComponentNames.size()> by_component{};  ///< and phase
    Attojoules total = 0;                                                                           ///< of all of them
};

[[nodiscard]] EnergyTable energy_of(const Ledger& ledger, const Technology& technology);
/// Of one layer, all phases.
[[nodiscard]] Attojoules energy_of_layer(const Ledger& ledger, const Technology& technology, std::size_t layer);

/// Attojoules that a component's parts leak in a cycle, rounded to nearest once: P / f.
[[nodiscard]] Attojoules leakage_per_cycle(const Inventory& inventory, const Technology& technology,
                                           Component component, double clock_ghz);

/// Square millimetres of a component's parts.
[[nodiscard]] double area_mm2(const Inventory& inventory, const Technology& technology, Component component);

}  // namespace wagesim::chip
