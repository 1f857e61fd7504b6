// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header.
#include "tlm/mac_partition/partition_events.hpp"

#include <algorithm>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/copies.hpp"
#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

std::uint64_t positions_of(const SampleRange& samples, const LayerGeometry& layer)
{
    return samples.count * static_cast<std::uint64_t>(layer.positions());
}

/// Groups of lines driven at once, of `lines` lines cut into arrays.
std::uint64_t groups_of(std::uint64_t lines, int array_lines, int active_lines)
{
    const auto array = static_cast<std::uint64_t>(array_lines);
    const auto active = static_cast<std::uint64_t>(std::min(active_lines, array_lines));
    return lines / array * ceil_divide(array, active) + ceil_divide(lines % array, active);
}

/// Rows that windows first..end of one sample reach.
std::uint64_t rows_reached(const LayerGeometry& layer, CellLayout layout, std::size_t first, std::size_t end)
{
    const int top = static_cast<int>(first);
    const int bottom = static_cast<int>(end) - 1;
    if (layout == CellLayout::shared) {
        const int from = std::max(0, top * layer.stride - layer.pad);
        return extent(std::max(0, std::min(layer.in_h, bottom * layer.stride - layer.pad + layer.kernel_h) - from));
    }
    const int before = std::max(0, top + layer.pad - (layer.kernel_h - 1));
    const int from = (before + layer.stride - 1) / layer.stride;
    return extent(std::max(0, std::min(layer.acc_h, (bottom + layer.pad) / layer.stride + 1) - from));
}

}  // namespace

PartitionEvents::Arrays PartitionEvents::arrays(const CellBlock& block, std::uint8_t magnitude_mask) const
{
    Arrays out;
    out.row_tiles = ceil_divide(block.rows(), static_cast<std::uint64_t>(crossbar.rows));
    out.column_tiles = ceil_divide(block.columns(), static_cast<std::uint64_t>(crossbar.columns));
    out.row_groups = groups_of(block.rows(), crossbar.rows, crossbar.active_lines);
    out.column_groups = groups_of(block.columns(), crossbar.columns, crossbar.active_lines);
    // Slices whose magnitude bits the pass programs.
    out.slices = 0;
    for (int slice = 0; slice < weight_slices(crossbar, weight_bits); ++slice) {
        const unsigned bits = ((1U << crossbar.cell_bits) - 1U) << static_cast<unsigned>(slice * crossbar.cell_bits);
        if ((bits & magnitude_mask) != 0) ++out.slices;
    }
    return out;
}

std::uint64_t PartitionEvents::rows_taken(const LayerGeometry& layer, CellLayout layout, std::size_t samples) const
{
    const int rows = layout == CellLayout::shared ? layer.in_h : layer.acc_h;
    const std::size_t height = cell_matrix(layer, layout).height;
    const CopyShares shares(samples * height, copies);
    std::uint64_t taken = 0;
    for (std::size_t copy = 0; copy < copies; ++copy) {
        for_each_sample(shares.first(copy), shares.end(copy), height,
                        [&](std::size_t, std::size_t first, std::size_t end) {
                            taken += end - first == height ? extent(rows) : rows_reached(layer, layout, first, end);
                        });
    }
    return taken;
}

std::vector<EventCount> PartitionEvents::rows_driven(const CellBlock& block, std::uint8_t magnitude_mask,
                                                     std::uint64_t positions, int bits,
                                                     std::uint64_t earlier_sums) const
{
    const Arrays a = arrays(block, magnitude_mask);
    const std::uint64_t pulses = positions * driver_pulses(crossbar, bits) * a.slices;
    const std::uint64_t conversions =
        pulses * a.row_groups * block.columns() * (crossbar.subtract == Subtract::digital ? 2U : 1U);
    const std::uint64_t adds = a.row_tiles * a.slices - 1 + earlier_sums;
    return {{Event::cell_pulse, pulses * block.cells()},
            {Event::line_pulse, pulses * block.rows() * a.column_tiles},
            {Event::array_read, pulses * a.row_groups * a.column_tiles},
            {Event::conversion, conversions},
            {Event::shift_add, conversions},
            {Event::tree_add, positions * block.columns() * adds}};
}

std::vector<EventCount> PartitionEvents::of(const PartitionProgram& command, const PartitionLayer& /*layer*/) const
{
    return programming(command, command.block.rows());
}

std::vector<EventCount> PartitionEvents::programming(const PartitionProgram& command, std::uint64_t rows) const
{
    const Arrays a = arrays(command.block, command.magnitude_mask);
    const std::uint64_t pulses = copies * static_cast<std::uint64_t>(write_pulses);
    return {{Event::row_write, pulses * rows * a.column_tiles * a.slices},
            {Event::cell_verify, pulses * rows * command.block.columns() * a.slices}};
}

std::vector<EventCount> PartitionEvents::of(const PartitionForward& command, const PartitionLayer& layer) const
{
    const LayerGeometry& g = layer.geometry;
    const std::uint64_t positions = positions_of(command.samples, g);
    std::vector<EventCount> out =
        rows_driven(command.block, command.magnitude_mask, positions, layer.input_bits, command.adds_partial ? 1 : 0);
    // A line buffer takes each input once and gives it to every window; without overlap, and where it does not fit,
    // what comes is passed on.
    const bool buffered =
        !windows_are_contiguous(g) && storage.line_buffer_holds(g, CellLayout::shared, bytes_of(ElementType::int8));
    const std::uint64_t taken =
        !buffered ? 0 : rows_taken(g, CellLayout::shared, command.samples.count) * extent(g.in_w) * extent(g.in_c);
    out.push_back({Event::line_buffer_byte, taken + positions * command.block.rows()});
    if (command.complete && g.pool) {
        const std::uint64_t accumulators = positions * command.block.columns();
        out.push_back({Event::pool_step, accumulators});
        out.push_back({Event::pool_byte, 2 * accumulators * bytes_of(command.sums.type)});
    }
    return out;
}

std::vector<EventCount> PartitionEvents::of(const PartitionUnpool& command, const PartitionLayer& layer) const
{
    return {{Event::pool_step, command.samples.count * static_cast<std::uint64_t>(layer.geometry.accumulators())}};
}

std::vector<EventCount> PartitionEvents::of_transposed(const PartitionBackward& command,
                                                       const PartitionLayer& layer) const
{
    const LayerGeometry& g = layer.geometry;
    const std::uint64_t positions = command.samples.count * cell_matrix(g, CellLayout::transposed).positions();
    std::vector<EventCount> out =
        rows_driven(command.block, command.magnitude_mask, positions, layer.operand_bits, command.accumulate ? 1 : 0);
    const bool buffered = !windows_are_contiguous(g) &&
                          storage.line_buffer_holds(g, CellLayout::transposed, bytes_of(command.operands.type));
    const std::uint64_t taken =
        !buffered ? 0
                  : rows_taken(g, CellLayout::transposed, command.samples.count) * extent(g.acc_w) * extent(g.out_c);
    out.push_back(
        {Event::line_buffer_byte, (taken + positions * command.block.rows()) * bytes_of(command.operands.type)});
    return out;
}

std::vector<EventCount> PartitionEvents::of(const PartitionBackward& command, const PartitionLayer& layer) const
{
    if (command.layout == CellLayout::transposed) return of_transposed(command, layer);
    const LayerGeometry& g = layer.geometry;
    const CellBlock& block = command.block;
    const Arrays a = arrays(block, command.magnitude_mask);
    const std::uint64_t positions = positions_of(command.samples, g);
    const std::uint64_t phases = crossbar.backward_read == BackwardRead::two_phase ? 2 : 1;
    const std::uint64_t pulses = positions * driver_pulses(crossbar, layer.operand_bits) * a.slices * phases;
    const std::uint64_t conversions = pulses * a.column_groups * block.rows();
    // Positive and negative cells lie on lines of their own, driven one after the other or at once.
    std::vector<EventCount> out = {{Event::cell_pulse, pulses * block.cells()},
                                   {Event::line_pulse, 2 * pulses / phases * block.columns() * a.row_tiles},
                                   {Event::array_read, pulses * a.column_groups * a.row_tiles},
                                   {Event::conversion, conversions},
                                   {Event::shift_add, conversions},
                                   {Event::tree_add, positions * block.rows() * (a.column_tiles * a.slices - 1)}};
    if (windows_are_contiguous(g)) {
        if (command.accumulate) out.push_back({Event::tree_add, positions * block.rows()});
    } else {
        const std::uint64_t drained = command.samples.count * static_cast<std::uint64_t>(g.inputs());
        const bool ring = storage.ring_holds(g, bytes_of(command.errors.type));
        // Without a ring, windows are added to what comes from memory and goes back there.
        out.push_back({ring ? Event::ring_add : Event::tree_add, positions * block.rows()});
        if (command.accumulate && ring) out.push_back({Event::tree_add, drained});
    }
    return out;
}

}  // namespace wagesim::chip
