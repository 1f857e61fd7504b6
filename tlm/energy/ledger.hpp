// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts of events by phase and layer, 64-bit integers: whatever is added up from them agrees exactly, whoever adds it
// up and in which order. Knows no energies and no time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

class Ledger {
public:
    Ledger() = default;
    explicit Ledger(std::size_t layers) : counts_(layers) {}

    /// `layer` < layers().
    void add(Event event, Phase phase, std::uint32_t layer, std::uint64_t count)
    {
        counts_[layer][index_of(phase)][index_of(event)] += count;
    }
    void add(const std::vector<EventCount>& events, Phase phase, std::uint32_t layer)
    {
        for (const EventCount& each : events) add(each.event, phase, layer, each.count);
    }
    /// Everything that another one of as many layers counted.
    void add(const Ledger& other);
    void clear();

    [[nodiscard]] std::size_t layers() const noexcept { return counts_.size(); }
    [[nodiscard]] const std::uint64_t& count(Event event, Phase phase, std::size_t layer) const
    {
        return counts_.at(layer)[index_of(phase)][index_of(event)];
    }
    [[nodiscard]] std::uint64_t& count(Event event, Phase phase, std::size_t layer)
    {
        return counts_.at(layer)[index_of(phase)][index_of(event)];
    }
    /// Over all phases and layers.
    [[nodiscard]] std::uint64_t count(Event event) const noexcept;

private:
    using Layer = std::array<std::array<std::uint64_t, kEventCount>, kPhaseNames.size()>;
    std::vector<Layer> counts_;
};

}  // namespace wagesim::chip
