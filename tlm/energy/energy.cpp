// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums of products.
#include "tlm/energy/energy.hpp"

#include <cmath>

namespace wagesim::chip {

EnergyTable energy_of(const Ledger& ledger, const Technology& technology)
{
    EnergyTable out;
    for (std::size_t layer = 0; layer < ledger.layers(); ++layer) {
        for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase) {
            for (std::size_t event = 0; event < kEventCount; ++event) {
                const std::uint64_t count = ledger.count(static_cast<Event>(event), static_cast<Phase>(phase), layer);
                const Attojoules energy = Attojoules{technology.event_aj[event]} * static_cast<Attojoules>(count);
                out.by_component[index_of(kEvents[event].component)][phase] += energy;
                out.total += energy;
            }
        }
    }
    return out;
}

Attojoules energy_of_layer(const Ledger& ledger, const Technology& technology, std::size_t layer)
{
    Attojoules sum = 0;
    for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase) {
        for (std::size_t event = 0; event < kEventCount; ++event) {
            const std::uint64_t count = ledger.count(static_cast<Event>(event), static_cast<Phase>(phase), layer);
            sum += Attojoules{technology.event_aj[event]} * static_cast<Attojoules>(count);
        }
    }
    return sum;
}

Attojoules leakage_per_cycle(const Inventory& inventory, const Technology& technology, Component component,
                             double clock_ghz)
{
    // 1 nW for 1 ns is 1 aJ.
    double nanowatts = 0.0;
    for (std::size_t part = 0; part < kPartCount; ++part) {
        if (kParts[part].component != component) continue;
        nanowatts += static_cast<double>(inventory[part]) * static_cast<double>(technology.leakage_nw[part]);
    }
    return static_cast<Attojoules>(std::llround(nanowatts / clock_ghz));
}

double area_mm2(const Inventory& inventory, const Technology& technology, Component component)
{
    double nm2 = 0.0;
    for (std::size_t part = 0; part < kPartCount; ++part) {
        if (kParts[part].component != component) continue;
        nm2 += static_cast<double>(inventory[part]) * static_cast<double>(technology.part_nm2[part]);
    }
    return nm2 * 1e-12;
}

}  // namespace wagesim::chip
