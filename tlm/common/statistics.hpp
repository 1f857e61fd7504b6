// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What units and memories count: 64-bit integers with a name, a description and a unit. One writer each; a copy is a
// snapshot, and assigning a fresh value is a reset. SystemC-free.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

struct StatisticDescription {
    std::string_view name;
    std::string_view description;
    std::string_view unit;
};

/// Cycles told apart by the direction of the work that they were spent on.
using DirectionCounts = std::array<std::uint64_t, kDirectionNames.size()>;

/// Of one unit that serves commands.
struct UnitCounters {
    std::uint64_t commands = 0;
    DirectionCounts busy_cycles{};
    DirectionCounts queued_cycles{};

    static constexpr std::array<StatisticDescription, 7> kDescriptions = {{
        {"commands", "commands served", "commands"},
        {"busy_cycles.forward", "from arrival to end of forward and evaluation commands", "cycles"},
        {"busy_cycles.backward", "from arrival to end of backward commands", "cycles"},
        {"busy_cycles.other", "from arrival to end of all other commands", "cycles"},
        {"queued_cycles.forward", "cycles that forward and evaluation bursts queued on their way", "cycles"},
        {"queued_cycles.backward", "cycles that backward bursts queued on their way", "cycles"},
        {"queued_cycles.other", "cycles that all other bursts queued on their way", "cycles"},
    }};
    /// In the order of kDescriptions.
    [[nodiscard]] std::array<std::uint64_t, kDescriptions.size()> values() const noexcept
    {
        return {commands,         busy_cycles[0],   busy_cycles[1],  busy_cycles[2],
                queued_cycles[0], queued_cycles[1], queued_cycles[2]};
    }

    void add_busy(Phase phase, std::uint64_t cycles) noexcept { busy_cycles[index_of(direction_of(phase))] += cycles; }
    void add_queued(Phase phase, std::uint64_t cycles) noexcept
    {
        queued_cycles[index_of(direction_of(phase))] += cycles;
    }
};

/// Of one memory, router link or other shared resource.
struct ResourceCounters {
    std::uint64_t bursts = 0;
    std::uint64_t bytes = 0;
    std::uint64_t busy_cycles = 0;
    std::uint64_t waits_cycles = 0;

    static constexpr std::array<StatisticDescription, 4> kDescriptions = {{
        {"bursts", "bursts served", "bursts"},
        {"bytes", "bytes moved, both directions", "bytes"},
        {"busy_cycles", "cycles in which the port moved bytes", "cycles"},
        {"waits_cycles", "cycles that bursts queued for the port", "cycles"},
    }};
    [[nodiscard]] std::array<std::uint64_t, kDescriptions.size()> values() const noexcept
    {
        return {bursts, bytes, busy_cycles, waits_cycles};
    }
};

/// Bytes of one purpose and layer.
struct TrafficBytes {
    std::uint64_t read = 0;
    std::uint64_t written = 0;

    static constexpr std::array<StatisticDescription, 2> kDescriptions = {{
        {"read", "bytes read from the memory", "bytes"},
        {"written", "bytes written to the memory", "bytes"},
    }};
    [[nodiscard]] std::uint64_t total() const noexcept { return read + written; }
    TrafficBytes& operator+=(const TrafficBytes& other) noexcept
    {
        read += other.read;
        written += other.written;
        return *this;
    }
};

/// A memory's traffic by phase, stream and layer: the finest grain that traffic tables and energy need.
class TrafficCounters {
public:
    void add_read(const BurstPurpose& purpose, std::uint64_t bytes) { at(purpose).read += bytes; }
    void add_write(const BurstPurpose& purpose, std::uint64_t bytes) { at(purpose).written += bytes; }

    [[nodiscard]] std::size_t layers() const noexcept { return layers_.size(); }
    /// Zero for a layer without traffic.
    [[nodiscard]] TrafficBytes bytes(const BurstPurpose& purpose) const noexcept;
    /// Over all phases and layers.
    [[nodiscard]] TrafficBytes bytes(TrafficClass traffic) const noexcept;
    [[nodiscard]] TrafficBytes total() const noexcept;

private:
    using Layer = std::array<std::array<TrafficBytes, kTrafficClassNames.size()>, kPhaseNames.size()>;

    [[nodiscard]] TrafficBytes& at(const BurstPurpose& purpose);

    std::vector<Layer> layers_;
};

/// How long one initiator queued at a shared resource.
struct InitiatorWaits {
    std::string name;
    DirectionCounts cycles{};
};

}  // namespace wagesim::chip
