// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/modules/mac_partition.md and crossbar.md.
#include <algorithm>
#include <cstdint>

#include "platforms/inspect/command_formulas.hpp"
#include "tlm/mac_partition/partition_events.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::inspect {
namespace {

using chip::Event;

Formula count_of(const char* name, std::int64_t value)
{
    return {name, static_cast<std::uint64_t>(value)};
}

/// A group's command on a block of cells: the quantities that all formulas share.
class BlockFormulas {
public:
    BlockFormulas(const chip::CellBlock& block, std::uint8_t magnitude_mask, chip::UnitId unit, std::uint32_t layer,
                  const chip::Mapping& mapping)
        : crossbar_(mapping.config().crossbar),
          partitions_(mapping.config().partitions),
          plan_(mapping.layers().at(layer)),
          geometry_(plan_.geometry),
          widths_(mapping.options().widths),
          group_partitions_(mapping.placement().groups.at(unit).partitions),
          rows("rows", block.rows()),
          columns("columns", block.columns())
    {
        const chip::PartitionEvents events{crossbar_, widths_.w};
        arrays_ = events.arrays(block, magnitude_mask);
    }

    [[nodiscard]] CommandFormulas of(const chip::PartitionProgram& command) const;
    [[nodiscard]] CommandFormulas of(const chip::PartitionForward& command) const;
    [[nodiscard]] CommandFormulas of(const chip::PartitionBackward& command) const;
    [[nodiscard]] CommandFormulas of(const chip::PartitionUnpool& command) const;

private:
    [[nodiscard]] Formula row_tiles() const { return {"row_tiles", arrays_.row_tiles}; }
    [[nodiscard]] Formula column_tiles() const { return {"column_tiles", arrays_.column_tiles}; }
    [[nodiscard]] Formula slices() const { return {"slices", arrays_.slices}; }
    [[nodiscard]] Formula row_groups() const { return {"row_groups", arrays_.row_groups}; }
    [[nodiscard]] Formula column_groups() const { return {"column_groups", arrays_.column_groups}; }
    [[nodiscard]] Formula lanes() const
    {
        return Formula("partitions", group_partitions_) * count_of("pooling_lanes", partitions_.pooling_lanes);
    }
    [[nodiscard]] Formula positions(const chip::SampleRange& samples) const
    {
        return Formula("samples", samples.count) * count_of("places", geometry_.positions());
    }
    [[nodiscard]] Formula pulses(int bits) const
    {
        const Formula all = count_of("bits", bits);
        const bool sign_apart = crossbar_.input_coding == chip::InputCoding::sign_magnitude;
        return ceil_quotient(sign_apart ? all - Formula(1) : all, count_of("dac_bits", crossbar_.dac_bits));
    }
    [[nodiscard]] Formula phases() const
    {
        return {"phases", crossbar_.backward_read == chip::BackwardRead::two_phase ? 2U : 1U};
    }
    [[nodiscard]] Formula conversions() const
    {
        return {"conversions", crossbar_.subtract == chip::Subtract::digital ? 2U : 1U};
    }
    /// Of one position: the largest tile's lines, in its array.
    [[nodiscard]] Formula position(int bits, const Formula& driven, int array_driven, const Formula& read,
                                   int array_read, const Formula& times) const
    {
        const Formula groups = ceil_quotient(min(driven, count_of("array_lines", array_driven)),
                                             count_of("active_lines", crossbar_.active_lines));
        const Formula turns =
            min(count_of("lines_per_adc", crossbar_.lines_per_adc), min(read, count_of("array_lines", array_read)));
        return pulses(bits) * groups * turns * times;
    }

    const chip::CrossbarConfig& crossbar_;
    const chip::MacPartitionConfig& partitions_;
    const chip::LayerPlan& plan_;
    const LayerGeometry& geometry_;
    Widths widths_;
    std::uint64_t group_partitions_;
    chip::PartitionEvents::Arrays arrays_;
    Formula rows, columns;
};

CommandFormulas BlockFormulas::of(const chip::PartitionProgram& /*command*/) const
{
    return {min(rows, count_of("array_rows", crossbar_.rows)) * count_of("write_cycles", crossbar_.write_cycles),
            Formula(0),
            {{Event::row_write, rows * column_tiles() * slices()}, {Event::cell_verify, rows * columns * slices()}}};
}

CommandFormulas BlockFormulas::of(const chip::PartitionForward& command) const
{
    const Formula n = positions(command.samples);
    const Formula cycles = position(widths_.a, rows, crossbar_.rows, columns, crossbar_.columns, conversions());
    const Formula p = n * pulses(widths_.a) * slices();
    const Formula converted = p * row_groups() * columns * conversions();
    const Formula sums = row_tiles() * slices() - Formula(1);
    const Formula adds = command.adds_partial ? sums + Formula("earlier_rows", 1) : sums;
    CommandFormulas out{count_of("adder_cycles", partitions_.adder_cycles) * ceil_log2(row_tiles()) +
                            n * max(cycles, ceil_quotient(columns, lanes())),
                        Formula(0),
                        {{Event::cell_pulse, p * rows * columns},
                         {Event::line_pulse, p * rows * column_tiles()},
                         {Event::array_read, p * row_groups() * column_tiles()},
                         {Event::conversion, converted},
                         {Event::shift_add, converted},
                         {Event::tree_add, n * columns * adds}}};
    const Formula given = n * rows;
    const Formula taken = Formula("samples", command.samples.count) * count_of("inputs", geometry_.inputs());
    out.events.emplace_back(Event::line_buffer_byte, chip::windows_are_contiguous(geometry_) ? given : taken + given);
    if (command.complete && geometry_.pool) {
        out.events.emplace_back(Event::pool_step, n * columns);
        out.events.emplace_back(Event::pool_byte,
                                Formula(2) * n * columns * Formula("sum_bytes", bytes_of(command.sums.type)));
    }
    return out;
}

CommandFormulas BlockFormulas::of(const chip::PartitionBackward& command) const
{
    const Formula n = positions(command.samples);
    const int bits = plan_.operand_bits;
    const Formula cycles = position(bits, columns, crossbar_.columns, rows, crossbar_.rows, phases());
    const Formula p = n * pulses(bits) * slices();
    const Formula converted = p * phases() * column_groups() * rows;
    CommandFormulas out{count_of("adder_cycles", partitions_.adder_cycles) * ceil_log2(column_tiles()) +
                            n * max(cycles, ceil_quotient(rows, lanes())),
                        Formula(0),
                        {{Event::cell_pulse, p * phases() * rows * columns},
                         {Event::line_pulse, Formula(2) * p * columns * row_tiles()},
                         {Event::array_read, p * phases() * column_groups() * row_tiles()},
                         {Event::conversion, converted},
                         {Event::shift_add, converted}}};
    const Formula sums = n * rows * (column_tiles() * slices() - Formula(1));
    const Formula drained = Formula("samples", command.samples.count) * count_of("inputs", geometry_.inputs());
    const bool contiguous = chip::windows_are_contiguous(geometry_);
    const Formula earlier = contiguous ? n * rows : drained;
    out.events.emplace_back(Event::tree_add, command.accumulate ? sums + earlier : sums);
    if (!contiguous) out.events.emplace_back(Event::ring_add, n * rows);
    return out;
}

CommandFormulas BlockFormulas::of(const chip::PartitionUnpool& command) const
{
    const Formula accumulators =
        Formula("samples", command.samples.count) * count_of("accumulators", geometry_.accumulators());
    return {ceil_quotient(accumulators, lanes()), Formula(0), {{Event::pool_step, accumulators}}};
}

struct BlockOf {
    chip::CellBlock block;
    std::uint8_t magnitude_mask = 0;
};

BlockOf block_of(const chip::PartitionProgram& command)
{
    return {command.block, command.magnitude_mask};
}
BlockOf block_of(const chip::PartitionForward& command)
{
    return {command.block, command.magnitude_mask};
}
BlockOf block_of(const chip::PartitionBackward& command)
{
    return {command.block, command.magnitude_mask};
}
BlockOf block_of(const chip::PartitionUnpool& /*command*/)
{
    return {};
}

}  // namespace

CommandFormulas partition_formulas(const chip::PartitionCommand& work, chip::UnitId unit, std::uint32_t layer,
                                   const chip::Mapping& mapping)
{
    return std::visit(
        [&](const auto& command) {
            const BlockOf of = block_of(command);
            return BlockFormulas(of.block, of.magnitude_mask, unit, layer, mapping).of(command);
        },
        work);
}

}  // namespace wagesim::inspect
