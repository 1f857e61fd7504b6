// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header.
#include "tlm/mac_partition/partition_timing.hpp"

#include <algorithm>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/copies.hpp"

namespace wagesim::chip {
namespace {

std::size_t at_most(std::size_t lines, int array_lines)
{
    return std::min(lines, static_cast<std::size_t>(array_lines));
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
    return programming(command.block.rows());
}

std::uint64_t PartitionTiming::programming(std::uint64_t rows) const
{
    return programming_cycles(crossbar, rows) * static_cast<std::uint64_t>(write_pulses);
}

std::uint64_t PartitionTiming::positions(const CellMatrix& matrix, std::size_t samples) const
{
    return CopyShares(samples * matrix.height, copies).largest() * matrix.width;
}

VectorSteps PartitionTiming::forward_steps(const CellBlock& block, const CellMatrix& matrix, std::size_t samples,
                                           int bits) const
{
    const std::uint64_t arrays = forward_position_cycles(crossbar, bits, at_most(block.rows(), crossbar.rows),
                                                         at_most(block.columns(), crossbar.columns));
    // All copies hand their outputs to the group's lanes at the same time.
    const std::uint64_t outputs = ceil_divide(copies * block.columns(), lanes());
    return {positions(matrix, samples), std::max(arrays, outputs), adder_latency(block.rows(), crossbar.rows)};
}

VectorSteps PartitionTiming::steps(const PartitionForward& command, const PartitionLayer& layer) const
{
    return forward_steps(command.block, cell_matrix(layer.geometry, CellLayout::shared), command.samples.count,
                         layer.input_bits);
}

std::uint64_t PartitionTiming::cycles(const PartitionUnpool& command, const PartitionLayer& layer) const
{
    return ceil_divide(command.samples.count * static_cast<std::uint64_t>(layer.geometry.accumulators()), lanes());
}

VectorSteps PartitionTiming::steps(const PartitionBackward& command, const PartitionLayer& layer) const
{
    const CellBlock& block = command.block;
    const CellMatrix matrix = cell_matrix(layer.geometry, command.layout);
    if (command.layout == CellLayout::transposed) {
        return forward_steps(block, matrix, command.samples.count, layer.operand_bits);
    }
    const std::uint64_t arrays = backward_position_cycles(
        crossbar, layer.operand_bits, at_most(block.columns(), crossbar.columns), at_most(block.rows(), crossbar.rows));
    const std::uint64_t row_sums = ceil_divide(copies * block.rows(), lanes());
    return {positions(matrix, command.samples.count), std::max(arrays, row_sums),
            adder_latency(block.columns(), crossbar.columns)};
}

}  // namespace wagesim::chip
