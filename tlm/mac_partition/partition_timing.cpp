// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header.
#include "tlm/mac_partition/partition_timing.hpp"

#include <algorithm>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"

namespace wagesim::chip {
namespace {

std::size_t at_most(std::size_t lines, int array_lines)
{
    return std::min(lines, static_cast<std::size_t>(array_lines));
}

std::uint64_t positions(const SampleRange& samples, const LayerGeometry& layer)
{
    return samples.count * static_cast<std::uint64_t>(layer.positions());
}

}  // namespace

std::uint64_t PartitionTiming::lanes() const
{
    return partitions * static_cast<std::uint64_t>(config.pooling_lanes);
}

std::uint64_t PartitionTiming::adder_latency(std::size_t lines, int array_lines) const
{
    std::uint64_t levels = 0;
    while ((std::uint64_t{1} << levels) < ceil_divide(lines, static_cast<std::uint64_t>(array_lines))) ++levels;
    return levels * static_cast<std::uint64_t>(config.adder_cycles);
}

std::uint64_t PartitionTiming::cycles(const PartitionProgram& command) const
{
    return programming_cycles(crossbar, command.block.rows()) * static_cast<std::uint64_t>(write_pulses);
}

std::uint64_t PartitionTiming::cycles(const PartitionForward& command, const PartitionLayer& layer) const
{
    const CellBlock& block = command.block;
    const std::uint64_t arrays = forward_position_cycles(
        crossbar, layer.input_bits, at_most(block.rows(), crossbar.rows), at_most(block.columns(), crossbar.columns));
    const std::uint64_t outputs = ceil_divide(block.columns(), lanes());
    return adder_latency(block.rows(), crossbar.rows) +
           positions(command.samples, layer.geometry) * std::max(arrays, outputs);
}

std::uint64_t PartitionTiming::cycles(const PartitionUnpool& command, const PartitionLayer& layer) const
{
    return ceil_divide(command.samples.count * static_cast<std::uint64_t>(layer.geometry.accumulators()), lanes());
}

std::uint64_t PartitionTiming::cycles(const PartitionBackward& command, const PartitionLayer& layer) const
{
    const CellBlock& block = command.block;
    const std::uint64_t arrays = backward_position_cycles(
        crossbar, layer.operand_bits, at_most(block.columns(), crossbar.columns), at_most(block.rows(), crossbar.rows));
    const std::uint64_t row_sums = ceil_divide(block.rows(), lanes());
    return adder_latency(block.columns(), crossbar.columns) +
           positions(command.samples, layer.geometry) * std::max(arrays, row_sums);
}

}  // namespace wagesim::chip
