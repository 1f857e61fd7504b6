// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a command's data drive: pulses on lines, and the cells on those lines that conduct.
#include "tlm/crossbar/pulse_code.hpp"
#include "tlm/mac_partition/line_activity.hpp"
#include "tlm/mac_partition/mac_engine.hpp"

namespace wagesim::chip {
namespace {

LineActivity activity_of(const std::vector<std::uint64_t>& pulses, const std::vector<std::uint32_t>& cells)
{
    LineActivity out;
    for (std::size_t line = 0; line < pulses.size(); ++line) {
        out.pulses += pulses[line];
        out.cell_reads += pulses[line] * cells[line];
    }
    return out;
}

}  // namespace

const PulseCounter& MacEngine::counter(int bits)
{
    const auto found = counters_.find(bits);
    if (found != counters_.end()) return found->second;
    return counters_.emplace(bits, PulseCounter(pulse_code(copies_.front().config(), bits))).first->second;
}

LineActivity MacEngine::activity(const PartitionForward& command, const std::int8_t* input)
{
    const PartitionLayer& with = layer(command.layer);
    return activity_of(
        row_pulses(with.geometry, command.block, counter(with.input_bits), input, command.samples.count, places_),
        copies_.front().row_cells());
}

LineActivity MacEngine::activity(const PartitionBackward& command, const std::byte* operands)
{
    const PartitionLayer& with = layer(command.layer);
    if (command.layout == CellLayout::transposed) {
        return activity_of(transposed_row_pulses(with.geometry, command.block, counter(with.operand_bits), operands,
                                                 command.operands.type, command.samples.count, places_),
                           copies_.front().row_cells());
    }
    return activity_of(column_pulses(with.geometry, command.block, counter(with.operand_bits), operands,
                                     command.operands.type, command.samples.count, places_),
                       copies_.front().column_cells());
}

}  // namespace wagesim::chip
