// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/modules/mac_partition.md and crossbar.md.
#include <algorithm>
#include <cstdint>
#include <vector>

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
          write_pulses_(mapping.config().device.write_pulses),
          plan_(mapping.layers().at(layer)),
          geometry_(plan_.geometry),
          widths_(mapping.options().widths),
          group_partitions_(mapping.placement().groups.at(unit).partitions),
          group_copies_(mapping.placement().groups.at(unit).copies),
          rows("rows", block.rows()),
          columns("columns", block.columns())
    {
        const chip::PartitionEvents events{crossbar_, widths_.w, 1, {}, 1};
        arrays_ = events.arrays(block, magnitude_mask);
    }

    [[nodiscard]] CommandFormulas of(const chip::PartitionProgram& command) const;
    [[nodiscard]] CommandFormulas of(const chip::PartitionForward& command) const;
    [[nodiscard]] CommandFormulas of(const chip::PartitionBackward& command) const;
    [[nodiscard]] CommandFormulas of_transposed(const chip::PartitionBackward& command) const;
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
    [[nodiscard]] Formula copies() const { return {"copies", group_copies_}; }
    /// Of all copies together.
    [[nodiscard]] Formula positions(const chip::SampleRange& samples, chip::CellLayout layout) const
    {
        return Formula("samples", samples.count) * Formula("places", chip::cell_matrix(geometry_, layout).positions());
    }
    /// One after the other: of the copy that has most rows of windows.
    [[nodiscard]] Formula vectors(const chip::SampleRange& samples, chip::CellLayout layout) const
    {
        if (group_copies_ == 1) return positions(samples, layout);
        const chip::CellMatrix matrix = chip::cell_matrix(geometry_, layout);
        return ceil_quotient(Formula("samples", samples.count) * Formula("height", matrix.height), copies()) *
               Formula("width", matrix.width);
    }
    /// What the group's lanes take at a time.
    [[nodiscard]] Formula outputs(const Formula& lines) const
    {
        return ceil_quotient(group_copies_ == 1 ? lines : copies() * lines, lanes());
    }
    /// Whether rows that windows share are kept.
    [[nodiscard]] bool kept(std::int64_t width, std::int64_t channels, std::size_t bytes, bool allowed, int kib) const
    {
        const std::uint64_t need =
            group_copies_ * static_cast<std::uint64_t>(geometry_.kernel_h * width * channels) * bytes;
        return allowed && need <= group_partitions_ * static_cast<std::uint64_t>(kib) * 1024U;
    }
    /// Rows of `height` that the windows of all copies reach, each copy's once.
    [[nodiscard]] Formula rows_taken(const chip::SampleRange& samples, chip::CellLayout layout) const;
    /// Rows driven, columns read: forward, and backward on transposed cells.
    [[nodiscard]] CommandFormulas rows_driven(const chip::SampleRange& samples, chip::CellLayout layout, int bits,
                                              const char* earlier) const;
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
    int write_pulses_;
    const chip::LayerPlan& plan_;
    const LayerGeometry& geometry_;
    Widths widths_;
    std::uint64_t group_partitions_, group_copies_;
    chip::PartitionEvents::Arrays arrays_;
    Formula rows, columns;
};

/// One place of a line after the other, as a picture of the convolution says which lines it needs.
Formula BlockFormulas::rows_taken(const chip::SampleRange& samples, chip::CellLayout layout) const
{
    const bool forward = layout == chip::CellLayout::shared;
    const int lines = forward ? geometry_.in_h : geometry_.acc_h;
    if (group_copies_ == 1) return Formula("samples", samples.count) * count_of("lines", lines);
    const std::uint64_t height = chip::cell_matrix(geometry_, layout).height;
    const std::uint64_t all = samples.count * height;
    std::uint64_t taken = 0;
    for (std::uint64_t copy = 0; copy < group_copies_; ++copy) {
        const std::uint64_t end = (copy + 1) * all / group_copies_;
        for (std::uint64_t first = copy * all / group_copies_; first < end;) {
            const std::uint64_t stop = std::min(end, (first / height + 1) * height);
            std::vector<bool> needed(static_cast<std::size_t>(lines), stop - first == height);
            for (std::uint64_t row = first; row < stop; ++row) {
                for (int tap = 0; tap < geometry_.kernel_h; ++tap) {
                    const int y = static_cast<int>(row % height);
                    const int line = forward ? y * geometry_.stride + tap - geometry_.pad : y + geometry_.pad - tap;
                    if (!forward && (line < 0 || line % geometry_.stride != 0)) continue;
                    const int at = forward ? line : line / geometry_.stride;
                    if (at >= 0 && at < lines) needed[static_cast<std::size_t>(at)] = true;
                }
            }
            taken += static_cast<std::uint64_t>(std::count(needed.begin(), needed.end(), true));
            first = stop;
        }
    }
    return {"lines_taken", taken};
}

CommandFormulas BlockFormulas::rows_driven(const chip::SampleRange& samples, chip::CellLayout layout, int bits,
                                           const char* earlier) const
{
    const Formula n = positions(samples, layout);
    const Formula step =
        max(position(bits, rows, crossbar_.rows, columns, crossbar_.columns, conversions()), outputs(columns));
    const Formula p = n * pulses(bits) * slices();
    const Formula converted = p * row_groups() * columns * conversions();
    const Formula sums = row_tiles() * slices() - Formula(1);
    const Formula steps = vectors(samples, layout);
    CommandFormulas out{count_of("adder_cycles", partitions_.adder_cycles) * ceil_log2(row_tiles()) + steps * step,
                        Formula(0),
                        {{Event::cell_pulse, p * rows * columns},
                         {Event::line_pulse, p * rows * column_tiles()},
                         {Event::array_read, p * row_groups() * column_tiles()},
                         {Event::conversion, converted},
                         {Event::shift_add, converted},
                         {Event::tree_add, n * columns * (earlier == nullptr ? sums : sums + Formula(earlier, 1))}}};
    out.vectors = steps.value();
    out.vector_cycles = step.value();
    return out;
}

CommandFormulas BlockFormulas::of(const chip::PartitionProgram& /*command*/) const
{
    const auto times = [&](const Formula& one) {
        const Formula all = group_copies_ == 1 ? one : copies() * one;
        return write_pulses_ == 1 ? all : all * count_of("write_pulses", write_pulses_);
    };
    const Formula cycles =
        min(rows, count_of("array_rows", crossbar_.rows)) * count_of("write_cycles", crossbar_.write_cycles);
    return {write_pulses_ == 1 ? cycles : cycles * count_of("write_pulses", write_pulses_),
            Formula(0),
            {{Event::row_write, times(rows * column_tiles() * slices())},
             {Event::cell_verify, times(rows * columns * slices())}}};
}

CommandFormulas BlockFormulas::of(const chip::PartitionForward& command) const
{
    CommandFormulas out = rows_driven(command.samples, chip::CellLayout::shared, widths_.a,
                                      command.adds_partial ? "earlier_rows" : nullptr);
    const Formula n = positions(command.samples, chip::CellLayout::shared);
    const Formula given = n * rows;
    const bool buffered = !chip::windows_are_contiguous(geometry_) &&
                          kept(geometry_.in_w, geometry_.in_c, 1, partitions_.line_buffer, partitions_.line_buffer_kib);
    const Formula line = count_of("line_inputs", std::int64_t{geometry_.in_w} * geometry_.in_c);
    out.events.emplace_back(Event::line_buffer_byte,
                            buffered ? rows_taken(command.samples, chip::CellLayout::shared) * line + given : given);
    if (command.complete && geometry_.pool) {
        out.events.emplace_back(Event::pool_step, n * columns);
        out.events.emplace_back(Event::pool_byte,
                                Formula(2) * n * columns * Formula("sum_bytes", bytes_of(command.sums.type)));
    }
    return out;
}

CommandFormulas BlockFormulas::of_transposed(const chip::PartitionBackward& command) const
{
    constexpr chip::CellLayout kLayout = chip::CellLayout::transposed;
    CommandFormulas out =
        rows_driven(command.samples, kLayout, plan_.operand_bits, command.accumulate ? "earlier_rows" : nullptr);
    const std::size_t bytes = bytes_of(command.operands.type);
    const Formula given = positions(command.samples, kLayout) * rows;
    const bool buffered =
        !chip::windows_are_contiguous(geometry_) &&
        kept(geometry_.acc_w, geometry_.out_c, bytes, partitions_.line_buffer, partitions_.line_buffer_kib);
    const Formula line = count_of("line_operands", std::int64_t{geometry_.acc_w} * geometry_.out_c);
    out.events.emplace_back(
        Event::line_buffer_byte,
        (buffered ? rows_taken(command.samples, kLayout) * line + given : given) * Formula("operand_bytes", bytes));
    return out;
}

CommandFormulas BlockFormulas::of(const chip::PartitionBackward& command) const
{
    if (command.layout == chip::CellLayout::transposed) return of_transposed(command);
    const Formula n = positions(command.samples, chip::CellLayout::shared);
    const Formula steps = vectors(command.samples, chip::CellLayout::shared);
    const int bits = plan_.operand_bits;
    const Formula step = max(position(bits, columns, crossbar_.columns, rows, crossbar_.rows, phases()), outputs(rows));
    const Formula p = n * pulses(bits) * slices();
    const Formula converted = p * phases() * column_groups() * rows;
    CommandFormulas out{count_of("adder_cycles", partitions_.adder_cycles) * ceil_log2(column_tiles()) + steps * step,
                        Formula(0),
                        {{Event::cell_pulse, p * phases() * rows * columns},
                         {Event::line_pulse, Formula(2) * p * columns * row_tiles()},
                         {Event::array_read, p * phases() * column_groups() * row_tiles()},
                         {Event::conversion, converted},
                         {Event::shift_add, converted}}};
    out.vectors = steps.value();
    out.vector_cycles = step.value();
    const Formula sums = n * rows * (column_tiles() * slices() - Formula(1));
    const Formula drained = Formula("samples", command.samples.count) * count_of("inputs", geometry_.inputs());
    if (chip::windows_are_contiguous(geometry_)) {
        out.events.emplace_back(Event::tree_add, command.accumulate ? sums + n * rows : sums);
        return out;
    }
    const bool ring = kept(geometry_.in_w, geometry_.in_c, bytes_of(command.errors.type), true, partitions_.ring_kib);
    if (ring) out.events.emplace_back(Event::ring_add, n * rows);
    out.events.emplace_back(Event::tree_add, !ring ? sums + n * rows : command.accumulate ? sums + drained : sums);
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
