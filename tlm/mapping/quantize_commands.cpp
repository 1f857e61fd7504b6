// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Commands of the quantize/update unit: each writes the registers that its mode reads. The unit's MAX and EXPONENT are
// single, so a maximum's commands, its exponent and the codes made with it must follow each other without others
// between; callers keep that order.
#include <utility>

#include "ref/numerics/input_code.hpp"
#include "tlm/mapping/program_builder.hpp"

namespace wagesim::chip {
namespace {

using Register = QuantizeUpdateRegister;

RegisterWrite write(Register address, std::uint32_t value)
{
    return {static_cast<std::uint32_t>(address), value};
}

RegisterWrite widths(const Widths& of)
{
    const auto field = [](int bits, unsigned at) { return static_cast<std::uint32_t>(bits) << at; };
    return write(Register::widths, field(of.w, 0) | field(of.a, 8) | field(of.g, 16) | field(of.e, 24));
}

QuantizeUpdateStream stream(const MemoryRegion& region, TrafficClass traffic)
{
    return {region.address, region.type, traffic};
}

/// A command with a burst of `count` elements in `mode`.
QuantizeUpdateCommand with_burst(Phase phase, std::uint32_t layer, QuantizeUpdateMode mode, std::uint64_t count)
{
    QuantizeUpdateCommand out;
    out.phase = phase;
    out.layer = layer;
    out.burst = QuantizeUpdateBurst{};
    out.burst->mode = mode;
    out.burst->count = count;
    return out;
}

}  // namespace

CommandIndex ProgramBuilder::quantize_update(QuantizeUpdateCommand command, Dependencies after, bool of_step)
{
    const std::uint32_t layer = command.layer;
    const Phase phase = command.phase;
    return add(mapping_.quantize_update_unit(), layer, phase, QuantizeUpdateWork{std::move(command), of_step},
               std::move(after));
}

void ProgramBuilder::load_table()
{
    const auto table = numerics::input_table(mapping_.options().range, mapping_.options().widths.a);
    QuantizeUpdateCommand command;
    command.phase = Phase::programming;
    for (std::uint32_t word = 0; word < table.size() / 4; ++word) {
        std::uint32_t value = 0;
        for (std::uint32_t byte = 0; byte < 4; ++byte) {
            value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(table[4 * word + byte])) << (8 * byte);
        }
        command.registers.push_back({static_cast<std::uint32_t>(Register::table) + 4 * word, value});
    }
    quantize_update(std::move(command), {});
}

Dependencies ProgramBuilder::input(Phase phase)
{
    Dependencies out;
    for (const SampleRange& samples : chunks_) {
        const MemoryRegion codes = memory(0).input.of(samples);
        QuantizeUpdateCommand command = with_burst(phase, 0, QuantizeUpdateMode::input, codes.count);
        command.registers = {widths(mapping_.options().widths)};
        command.burst->operand = stream(mapping_.memory().images.of(samples), TrafficClass::activations);
        command.burst->result = stream(codes, TrafficClass::activations);
        out.push_back(quantize_update(std::move(command), {}));
        observe_batch(0, TensorName::input, codes, samples, true);
    }
    return out;
}

void ProgramBuilder::attenuation(std::uint32_t layer, Phase phase)
{
    QuantizeUpdateCommand command;
    command.phase = phase;
    command.layer = layer;
    command.registers = {write(Register::attenuation, static_cast<std::uint32_t>(plan(layer).geometry.attenuation))};
    quantize_update(std::move(command), {});
    observe_register(layer, TensorName::attenuation, ElementType::int32);
}

CommandIndex ProgramBuilder::activation(std::uint32_t layer, Phase phase, std::size_t chunk, CommandIndex sums)
{
    const SampleRange samples = chunks_[chunk];
    const MemoryRegion codes = memory(layer).output.of(samples);
    QuantizeUpdateCommand command = with_burst(phase, layer, QuantizeUpdateMode::activation, codes.count);
    command.registers = {widths(mapping_.options().widths)};
    command.burst->operand = stream(memory(layer).sums.of(samples), TrafficClass::activations);
    command.burst->result = stream(codes, TrafficClass::activations);
    command.burst->auxiliary_result = stream(memory(layer).flags.of(samples), TrafficClass::activations);
    const CommandIndex index = quantize_update(std::move(command), {sums});
    observe_batch(layer, TensorName::output, codes, samples);
    observe_batch(layer + 1, TensorName::input, codes, samples, true);
    observe_flags(layer, TensorName::mask_active, kFlagActive, samples);
    observe_flags(layer, TensorName::mask_unclipped, kFlagUnclipped, samples);
    return index;
}

CommandIndex ProgramBuilder::output_error(std::uint32_t layer, Phase phase, std::size_t chunk, CommandIndex sums)
{
    const SampleRange samples = chunks_[chunk];
    const MemoryRegion errors = memory(layer).error_in.of(samples);
    const MemoryRegion predictions = mapping_.memory().predictions.of(samples);
    QuantizeUpdateCommand command = with_burst(phase, layer, QuantizeUpdateMode::output_error, errors.count);
    command.registers = {widths(mapping_.options().widths)};
    if (chunk == 0) command.registers.push_back(write(Register::control, kControlClearMax | kControlClearLoss));
    command.burst->segment = static_cast<std::uint64_t>(plan(layer).geometry.out_c);
    command.burst->operand = stream(memory(layer).sums.of(samples), TrafficClass::activations);
    command.burst->auxiliary = stream(mapping_.memory().labels.of(samples), TrafficClass::activations);
    command.burst->result = stream(errors, TrafficClass::errors);
    command.burst->auxiliary_result = stream(predictions, TrafficClass::activations);
    const CommandIndex index = quantize_update(std::move(command), {sums});
    observe_batch(layer, TensorName::error_in, errors, samples);
    Observation prediction;
    prediction.memory = predictions;
    prediction.region.name = TensorName::prediction;
    prediction.region.order = RegionOrder::sample;
    prediction.region.type = predictions.type;
    prediction.region.first_sample = samples.first;
    prediction.region.samples = samples.count;
    observe(prediction);
    if (last_chunk(chunk)) {
        observe_register(0, TensorName::loss, ElementType::int64);
        observe_register(layer, TensorName::max_error, ElementType::int64);
    }
    return index;
}

CommandIndex ProgramBuilder::abs_max(std::uint32_t layer, std::size_t chunk, CommandIndex errors)
{
    const SampleRange samples = chunks_[chunk];
    const MemoryRegion sums = memory(layer).error_in.of(samples);
    QuantizeUpdateCommand command = with_burst(Phase::backward, layer, QuantizeUpdateMode::abs_max, sums.count);
    if (chunk == 0) command.registers = {write(Register::control, kControlClearMax)};
    command.burst->operand = stream(sums, TrafficClass::errors);
    command.burst->auxiliary = stream(memory(layer).flags.of(samples), TrafficClass::activations);
    const CommandIndex index = quantize_update(std::move(command), {errors});
    if (last_chunk(chunk)) observe_register(layer, TensorName::max_error, ElementType::int64);
    return index;
}

void ProgramBuilder::exponent(std::uint32_t layer, Phase phase, TensorName name)
{
    QuantizeUpdateCommand command;
    command.phase = phase;
    command.layer = layer;
    command.registers = {write(Register::control, kControlSetExponent)};
    quantize_update(std::move(command), {});
    observe_register(layer, name, ElementType::int32);
}

CommandIndex ProgramBuilder::error(std::uint32_t layer, std::size_t chunk, Dependencies errors)
{
    const SampleRange samples = chunks_[chunk];
    const MemoryRegion codes = memory(layer).error_q.of(samples);
    QuantizeUpdateCommand command = with_burst(Phase::backward, layer, QuantizeUpdateMode::error, codes.count);
    command.registers = {widths(mapping_.options().widths),
                         write(Register::gamma, static_cast<std::uint32_t>(mapping_.options().gamma_log2))};
    command.burst->operand = stream(memory(layer).error_in.of(samples), TrafficClass::errors);
    if (hidden(layer)) {
        command.burst->auxiliary = stream(memory(layer).flags.of(samples), TrafficClass::activations);
    }
    command.burst->result = stream(codes, TrafficClass::errors);
    const CommandIndex index = quantize_update(std::move(command), std::move(errors));
    observe_batch(layer, TensorName::error_q, codes, samples);
    if (!hidden(layer)) observe_batch(layer, TensorName::error_mac, codes, samples);
    return index;
}

void ProgramBuilder::gradient_abs_max(std::uint32_t layer, CommandIndex gradients)
{
    // The array has found it on the way out.
    const MemoryRegion& found = memory(layer).maximum;
    QuantizeUpdateCommand command = with_burst(Phase::update, layer, QuantizeUpdateMode::gradient_abs_max, found.count);
    command.registers = {write(Register::control, kControlClearMax)};
    command.burst->operand = stream(found, TrafficClass::gradients);
    quantize_update(std::move(command), {gradients});
    observe_register(layer, TensorName::max_gradient, ElementType::int64);
}

void ProgramBuilder::update(std::uint32_t layer)
{
    const MemoryRegion& g = memory(layer).gradients;
    QuantizeUpdateCommand command = with_burst(Phase::update, layer, QuantizeUpdateMode::update, g.count);
    command.registers = {widths(mapping_.options().widths), write(Register::index_low, 0),
                         write(Register::index_high, 0)};
    command.burst->operand = stream(g, TrafficClass::gradients);
    command.burst->result = stream(memory(layer).steps, TrafficClass::weights);
    quantize_update(std::move(command), {}, true);
    observe(weight_observation(layer, TensorName::delta, memory(layer).steps));
}

CommandIndex ProgramBuilder::requantize(std::uint32_t layer, bool steps, Dependencies after)
{
    const MemoryRegion& stored = memory(layer).stored;
    const Phase phase = steps ? Phase::update : Phase::programming;
    QuantizeUpdateCommand command = with_burst(phase, layer, QuantizeUpdateMode::requantize, stored.count);
    command.registers = {widths(mapping_.options().widths),
                         write(Register::weight_clip, mapping_.options().weight_clip == WeightClip::kw ? 1 : 0)};
    command.burst->operand = stream(stored, TrafficClass::weights);
    if (steps) command.burst->auxiliary = stream(memory(layer).steps, TrafficClass::weights);
    command.burst->result = stream(stored, TrafficClass::weights);
    command.burst->auxiliary_result = stream(memory(layer).codes, TrafficClass::weights);
    const CommandIndex index = quantize_update(std::move(command), std::move(after));
    if (steps) observe(weight_observation(layer, TensorName::weight_stored_next, stored));
    return index;
}

}  // namespace wagesim::chip
