// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cycles of a partition group's commands by closed forms (docs/modules/mac_partition.md). No state, no data, no memory
// traffic: that is booked.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mac_partition/mac_engine.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mac_partition/mac_partition_config.hpp"

namespace wagesim::chip {

/// A product's vectors, one after the other: what is driven at one time by all copies, each for as many cycles; then
/// the adder tree's latency.
struct VectorSteps {
    std::uint64_t count = 0;
    std::uint64_t cycles = 0;  ///< of one
    std::uint64_t latency = 0;

    /// Cycles until all are done where their inputs arrive evenly over `read_cycles`: the first has to wait for its
    /// own, the last comes after all reads.
    [[nodiscard]] std::uint64_t total(std::uint64_t read_cycles) const noexcept
    {
        return latency + std::max(arrival(0, read_cycles) + count * cycles, read_cycles + cycles);
    }
    /// When the inputs of vector `index` are there.
    [[nodiscard]] std::uint64_t arrival(std::uint64_t index, std::uint64_t read_cycles) const noexcept
    {
        return ceil_divide(read_cycles * (index + 1), count);
    }
};

struct PartitionTiming {
    CrossbarConfig crossbar;
    MacPartitionConfig config;
    std::uint64_t partitions = 1;  ///< of the group: their pooling lanes work side by side
    std::size_t copies = 1;        ///< of the cells: they share the rows of windows
    int write_pulses = 1;          ///< that a row has time for

    [[nodiscard]] std::uint64_t cycles(const PartitionProgram& command) const;
    /// The same where only so many rows of the arrays are programmed.
    [[nodiscard]] std::uint64_t programming(std::uint64_t rows) const;
    [[nodiscard]] VectorSteps steps(const PartitionForward& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::uint64_t cycles(const PartitionUnpool& command, const PartitionLayer& layer) const;
    [[nodiscard]] VectorSteps steps(const PartitionBackward& command, const PartitionLayer& layer) const;

private:
    [[nodiscard]] std::uint64_t lanes() const;
    /// Driving rows, reading columns: forward, and backward on cells of its own.
    [[nodiscard]] VectorSteps forward_steps(const CellBlock& block, const CellMatrix& matrix, std::size_t samples,
                                            int bits) const;
    /// Positions of the copy that has most.
    [[nodiscard]] std::uint64_t positions(const CellMatrix& matrix, std::size_t samples) const;
    /// Levels of a tree that adds the sums of `lines` lines cut into arrays of `array_lines`.
    [[nodiscard]] std::uint64_t adder_latency(std::size_t lines, int array_lines) const;
};

}  // namespace wagesim::chip
