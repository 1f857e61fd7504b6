// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Commands of the partitions and the gradient array, and what taps may see after them. See the header;
// quantize_commands.cpp has the quantize/update unit's.
#include "tlm/mapping/program_builder.hpp"

#include <algorithm>
#include <utility>

#include "tlm/gradient_array/gradient_timing.hpp"

namespace wagesim::chip {

ProgramBuilder::ProgramBuilder(const Mapping& mapping, std::string name, std::size_t samples)
    : mapping_(mapping), contents_(mapping.placement().groups.size())
{
    program_.name = std::move(name);
    const auto chunk = static_cast<std::size_t>(mapping.config().sequencer.chunk_samples);
    for (std::size_t first = 0; first < samples; first += chunk) {
        chunks_.push_back({first, std::min(chunk, samples - first)});
    }
    // Layers that stay in their cells were programmed when they were loaded or updated.
    for (std::uint32_t layer = 0; layer < layers(); ++layer) {
        for_each_matrix(layer, [&](const MatrixPlacement& matrix) {
            if (matrix.resident) contents_[matrix.group] = {true, layer, matrix.layout, 0};
        });
    }
}

CommandIndex ProgramBuilder::add(UnitId unit, std::uint32_t layer, Phase phase, decltype(Command::work) work,
                                 Dependencies after, std::uint64_t macs)
{
    Command command;
    command.unit = unit;
    command.layer = layer;
    command.phase = phase;
    command.work = std::move(work);
    command.after = std::move(after);
    command.macs = macs;
    program_.commands.push_back(std::move(command));
    return static_cast<CommandIndex>(program_.commands.size() - 1);
}

void ProgramBuilder::observe_batch(std::uint32_t layer, TensorName name, const MemoryRegion& at,
                                   const SampleRange& samples, bool shaped_like_input)
{
    const LayerGeometry& g = plan(layer).geometry;
    const bool shaped_like_acc = name == TensorName::error_mac;
    Observation out;
    out.memory = at;
    out.region.layer = layer;
    out.region.name = name;
    out.region.order = RegionOrder::nhwc;
    out.region.type = at.type;
    out.region.first_sample = samples.first;
    out.region.samples = samples.count;
    out.region.channels = static_cast<std::size_t>(shaped_like_input ? g.in_c : g.out_c);
    out.region.height = static_cast<std::size_t>(shaped_like_input ? g.in_h : shaped_like_acc ? g.acc_h : g.out_h);
    out.region.width = static_cast<std::size_t>(shaped_like_input ? g.in_w : shaped_like_acc ? g.acc_w : g.out_w);
    observe(out);
}

void ProgramBuilder::observe_flags(std::uint32_t layer, TensorName name, std::uint8_t mask, const SampleRange& samples)
{
    observe_batch(layer, name, memory(layer).flags.of(samples), samples);
    program_.commands.back().observations.back().region.flag_mask = mask;
}

Observation ProgramBuilder::weight_observation(std::uint32_t layer, TensorName name, const MemoryRegion& at) const
{
    Observation out;
    out.memory = at;
    out.region.layer = layer;
    out.region.name = name;
    out.region.order = RegionOrder::row_major;
    out.region.type = at.type;
    out.region.count = at.count;
    return out;
}

void ProgramBuilder::observe_register(std::uint32_t layer, TensorName name, ElementType type)
{
    Observation out;
    out.place = Observation::Place::registers;
    out.region.layer = layer;
    out.region.name = name;
    out.region.order = RegionOrder::scalar;
    out.region.type = type;
    observe(out);
}

void ProgramBuilder::observe_weights()
{
    for (std::uint32_t layer = 0; layer < layers(); ++layer) {
        program_.before.push_back(weight_observation(layer, TensorName::weight_stored, memory(layer).stored));
        Observation codes = weight_observation(layer, TensorName::weight_q, memory(layer).codes);
        for_each_matrix(layer, [&](const MatrixPlacement& matrix) {
            if (!matrix.resident) return;
            codes.place = Observation::Place::cells;
            codes.cells.push_back({static_cast<UnitId>(matrix.group), matrix.layout, matrix.passes.front().block});
        });
        program_.before.push_back(codes);
    }
}

void ProgramBuilder::program(std::uint32_t layer, const MatrixPlacement& matrix, std::size_t pass,
                             const Dependencies& after)
{
    Contents& contents = contents_[matrix.group];
    const bool held = contents.valid && contents.layer == layer && contents.layout == matrix.layout;
    if (held && contents.pass == pass) return;
    contents = {true, layer, matrix.layout, pass};
    const MatrixPass& of = matrix.passes[pass];
    PartitionProgram command;
    command.layer = layer;
    command.layout = matrix.layout;
    command.block = of.block;
    command.magnitude_mask = of.magnitude_mask;
    command.codes = memory(layer).codes;
    add(static_cast<UnitId>(matrix.group), layer, Phase::programming, PartitionCommand(command), after);
}

void ProgramBuilder::program_residents(std::uint32_t layer, CommandIndex codes)
{
    for_each_matrix(layer, [&](const MatrixPlacement& matrix) {
        if (matrix.resident) program(layer, matrix, 0, {codes});
    });
}

void ProgramBuilder::invalidate(std::uint32_t layer)
{
    for_each_matrix(layer, [&](const MatrixPlacement& matrix) {
        Contents& contents = contents_[matrix.group];
        if (contents.layer == layer) contents.valid = false;
    });
}

CommandIndex ProgramBuilder::forward(std::uint32_t layer, Phase phase, std::size_t pass, std::size_t chunk,
                                     Dependencies after)
{
    const LayerPlan& with = plan(layer);
    const MatrixPlacement& matrix = placement(layer).forward();
    const MatrixPass& of = matrix.passes[pass];
    const SampleRange samples = chunks_[chunk];
    const auto positions = static_cast<std::uint64_t>(with.geometry.positions());
    PartitionForward command;
    command.layer = layer;
    command.phase = phase;
    command.samples = samples;
    command.block = of.block;
    command.magnitude_mask = of.magnitude_mask;
    command.adds_partial = !of.first_of_columns;
    command.complete = of.last_of_columns;
    command.input = memory(layer).input.of(samples);
    if (matrix.several_row_passes()) {
        const std::uint64_t per_sample = positions * of.block.columns();
        command.partial = {mapping_.memory().partial.address + samples.first * per_sample * bytes_of(with.sums),
                           with.sums, samples.count * per_sample};
    }
    command.sums = memory(layer).sums.of(samples);
    if (with.geometry.pool) {
        // Evaluation has the winners' memory, too: pooling writes them whoever asks.
        command.winners = memory(layer).winners.of(samples);
    }
    const std::uint64_t macs = of.counts_macs ? samples.count * positions * of.block.cells() : 0;
    const CommandIndex index =
        add(static_cast<UnitId>(matrix.group), layer, phase, PartitionCommand(command), std::move(after), macs);
    if (pass + 1 == matrix.passes.size() && with.geometry.pool) {
        observe_batch(layer, TensorName::pooled, command.sums, samples);
        observe_batch(layer, TensorName::pool_winner, command.winners, samples);
    }
    return index;
}

CommandIndex ProgramBuilder::unpool(std::uint32_t layer, std::size_t chunk, CommandIndex codes)
{
    const SampleRange samples = chunks_[chunk];
    PartitionUnpool command;
    command.layer = layer;
    command.samples = samples;
    command.codes = memory(layer).error_q.of(samples);
    command.flags = memory(layer).flags.of(samples);
    if (plan(layer).geometry.pool) command.winners = memory(layer).winners.of(samples);
    command.operands = memory(layer).operands.of(samples);
    const CommandIndex index = add(static_cast<UnitId>(placement(layer).backward().group), layer, Phase::backward,
                                   PartitionCommand(command), {codes});
    observe_batch(layer, TensorName::error_mac, command.operands, samples);
    return index;
}

/// The layer's own: windows of operands that reach beyond the edges count for nothing. Those of cells dedicated to
/// backward are counted with the last pass.
std::uint64_t ProgramBuilder::backward_macs(std::uint32_t layer, const MatrixPlacement& matrix, const MatrixPass& pass,
                                            const SampleRange& samples) const
{
    const LayerGeometry& g = plan(layer).geometry;
    if (matrix.layout == CellLayout::transposed) {
        const bool last = &pass == &matrix.passes.back();
        return last ? samples.count * static_cast<std::uint64_t>(g.macs()) : 0;
    }
    return pass.counts_macs ? samples.count * static_cast<std::uint64_t>(g.positions()) * pass.block.cells() : 0;
}

CommandIndex ProgramBuilder::backward(std::uint32_t layer, std::size_t pass, std::size_t chunk, Dependencies after,
                                      bool again)
{
    const MatrixPlacement& matrix = placement(layer).backward();
    const MatrixPass& of = matrix.passes[pass];
    const SampleRange samples = chunks_[chunk];
    PartitionBackward command;
    command.layer = layer;
    command.samples = samples;
    command.block = of.block;
    command.magnitude_mask = of.magnitude_mask;
    command.layout = matrix.layout;
    command.accumulate = matrix.layout == CellLayout::shared ? !of.first_of_rows : !of.first_of_columns;
    command.operands = memory(layer).operands.of(samples);
    command.errors = memory(layer - 1).error_in.of(samples);
    const CommandIndex index = add(static_cast<UnitId>(matrix.group), layer, Phase::backward, PartitionCommand(command),
                                   std::move(after), again ? 0 : backward_macs(layer, matrix, of, samples));
    if (pass + 1 == matrix.passes.size() && !again) {
        observe_batch(layer, TensorName::error_out, command.errors, samples, true);
        observe_batch(layer - 1, TensorName::error_in, command.errors, samples);
    }
    return index;
}

bool ProgramBuilder::gradient_by_chunk(std::uint32_t layer) const
{
    return mapping_.config().gradient.accumulate == GradientAccumulate::image ||
           GradientTiling(mapping_.config().gradient).passes(plan(layer).geometry) == 1;
}

CommandIndex ProgramBuilder::gradient(std::uint32_t layer, const SampleRange& samples, CommandIndex operands)
{
    GradientCommand command;
    command.layer = layer;
    command.first_sample = samples.first;
    command.samples = samples.count;
    command.first = samples.first == 0;
    command.last = samples.first + samples.count == chunks_.back().first + chunks_.back().count;
    command.inputs = memory(layer).input.of(samples);
    command.operands = memory(layer).operands.of(samples);
    command.gradients = memory(layer).gradients;
    command.maximum = memory(layer).maximum;
    command.spilled = memory(layer).spilled;
    const std::uint64_t macs = samples.count * static_cast<std::uint64_t>(plan(layer).geometry.macs());
    const CommandIndex index = add(mapping_.gradient_unit(), layer, Phase::gradient, command, {operands}, macs);
    if (command.last) {
        observe(weight_observation(layer, TensorName::gradient, command.gradients));
    }
    return index;
}

}  // namespace wagesim::chip
