// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cycles of a partition group's commands by closed forms (docs/modules/mac_partition.md). No state, no data, no memory
// traffic: that is booked, and a command takes max(read, these) + write.
#pragma once

#include <cstdint>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mac_partition/mac_engine.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mac_partition/mac_partition_config.hpp"

namespace wagesim::chip {

struct PartitionTiming {
    CrossbarConfig crossbar;
    MacPartitionConfig config;
    std::uint64_t partitions = 1;  ///< of the group: their pooling lanes work side by side
    int write_pulses = 1;          ///< that a row has time for

    [[nodiscard]] std::uint64_t cycles(const PartitionProgram& command) const;
    [[nodiscard]] std::uint64_t cycles(const PartitionForward& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::uint64_t cycles(const PartitionUnpool& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::uint64_t cycles(const PartitionBackward& command, const PartitionLayer& layer) const;

private:
    [[nodiscard]] std::uint64_t lanes() const;
    /// Levels of a tree that adds the sums of `lines` lines cut into arrays of `array_lines`.
    [[nodiscard]] std::uint64_t adder_latency(std::size_t lines, int array_lines) const;
};

}  // namespace wagesim::chip
