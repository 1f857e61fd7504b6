// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where units and memories report what they did and when: into the ledger, and into the profile of power over time.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "tlm/energy/ledger.hpp"
#include "tlm/energy/power_profile.hpp"

namespace wagesim::chip {

class EventRecorder {
public:
    /// `event_aj`: what each event costs, for the profile.
    EventRecorder(std::size_t layers, const std::array<std::int64_t, kEventCount>& event_aj)
        : ledger_(layers), event_aj_(event_aj)
    {
    }

    /// What happened between two cycles, spread evenly.
    template <class Events>
    void record(const Events& events, Phase phase, std::uint32_t layer, std::uint64_t begin, std::uint64_t end)
    {
        Attojoules energy = 0;
        for (const EventCount& each : events) {
            ledger_.add(each.event, phase, layer, each.count);
            energy += Attojoules{event_aj_[index_of(each.event)]} * static_cast<Attojoules>(each.count);
        }
        profile_.add(energy, begin, end);
    }
    void record(std::initializer_list<EventCount> events, Phase phase, std::uint32_t layer, std::uint64_t begin,
                std::uint64_t end)
    {
        record<std::initializer_list<EventCount>>(events, phase, layer, begin, end);
    }

    [[nodiscard]] const Ledger& ledger() const noexcept { return ledger_; }
    [[nodiscard]] const PowerProfile& profile() const noexcept { return profile_; }
    /// Forgets everything; the profile begins at `cycle`.
    void restart(std::uint64_t cycle)
    {
        ledger_.clear();
        profile_.begin(cycle);
    }

private:
    Ledger ledger_;
    PowerProfile profile_;
    std::array<std::int64_t, kEventCount> event_aj_;
};

}  // namespace wagesim::chip
