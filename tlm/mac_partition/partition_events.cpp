// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header.
#include "tlm/mac_partition/partition_events.hpp"

#include <algorithm>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
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

std::vector<EventCount> PartitionEvents::of(const PartitionProgram& command, const PartitionLayer& /*layer*/) const
{
    const Arrays a = arrays(command.block, command.magnitude_mask);
    const auto pulses = static_cast<std::uint64_t>(write_pulses);
    return {{Event::row_write, command.block.rows() * a.column_tiles * a.slices * pulses},
            {Event::cell_verify, command.block.cells() * a.slices * pulses}};
}

std::vector<EventCount> PartitionEvents::of(const PartitionForward& command, const PartitionLayer& layer) const
{
    const LayerGeometry& g = layer.geometry;
    const CellBlock& block = command.block;
    const Arrays a = arrays(block, command.magnitude_mask);
    const std::uint64_t positions = positions_of(command.samples, g);
    const std::uint64_t pulses = positions * driver_pulses(crossbar, layer.input_bits) * a.slices;
    const std::uint64_t conversions =
        pulses * a.row_groups * block.columns() * (crossbar.subtract == Subtract::digital ? 2U : 1U);
    const std::uint64_t adds = a.row_tiles * a.slices - 1 + (command.adds_partial ? 1 : 0);
    std::vector<EventCount> out = {{Event::cell_pulse, pulses * block.cells()},
                                   {Event::line_pulse, pulses * block.rows() * a.column_tiles},
                                   {Event::array_read, pulses * a.row_groups * a.column_tiles},
                                   {Event::conversion, conversions},
                                   {Event::shift_add, conversions},
                                   {Event::tree_add, positions * block.columns() * adds}};
    // A line buffer takes each input once and gives it to every window; without overlap it is passed on.
    const std::uint64_t taken =
        windows_are_contiguous(g) ? 0 : command.samples.count * static_cast<std::uint64_t>(g.inputs());
    out.push_back({Event::line_buffer_byte, taken + positions * block.rows()});
    if (command.complete && g.pool) {
        const std::uint64_t accumulators = positions * block.columns();
        out.push_back({Event::pool_step, accumulators});
        out.push_back({Event::pool_byte, 2 * accumulators * bytes_of(command.sums.type)});
    }
    return out;
}

std::vector<EventCount> PartitionEvents::of(const PartitionUnpool& command, const PartitionLayer& layer) const
{
    return {{Event::pool_step, command.samples.count * static_cast<std::uint64_t>(layer.geometry.accumulators())}};
}

std::vector<EventCount> PartitionEvents::of(const PartitionBackward& command, const PartitionLayer& layer) const
{
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
        out.push_back({Event::ring_add, positions * block.rows()});
        if (command.accumulate) out.push_back({Event::tree_add, drained});
    }
    return out;
}

}  // namespace wagesim::chip
