// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The three programs: loading, a training step, an evaluation. Written in the builder's words; the order here is the
// order in which each unit serves (docs/modules/mapping.md).
#include "tlm/mapping/mapping.hpp"
#include "tlm/mapping/program_builder.hpp"

namespace wagesim::chip {
namespace {

/// Input codes and every layer up to its codes, or the output error.
void write_forward(ProgramBuilder& builder, Phase phase)
{
    Dependencies ready = builder.input(phase);  // by chunk: who wrote the next layer's input
    for (std::uint32_t layer = 0; layer < builder.layers(); ++layer) {
        builder.attenuation(layer, phase);
        const LayerPlacement& place = builder.placement(layer);
        Dependencies quantized;
        for (std::size_t pass = 0; pass < place.passes.size(); ++pass) {
            builder.program(layer, pass, {});
            const bool last = pass + 1 == place.passes.size();
            for (std::size_t chunk = 0; chunk < builder.chunks().size(); ++chunk) {
                Dependencies after;
                if (pass == 0) after.push_back(ready[chunk]);
                const std::size_t slots = builder.sum_slots(layer);
                if (last && slots > 0 && chunk >= slots) after.push_back(quantized[chunk - slots]);
                const CommandIndex sums = builder.forward(layer, phase, pass, chunk, std::move(after));
                if (!last) continue;
                quantized.push_back(builder.hidden(layer) ? builder.activation(layer, phase, chunk, sums)
                                                          : builder.output_error(layer, phase, chunk, sums));
            }
        }
        ready = std::move(quantized);
    }
}

/// A layer's maximum, exponent and codes. Returns the codes' commands by chunk.
Dependencies write_error_codes(ProgramBuilder& builder, std::uint32_t layer, const Dependencies& errors)
{
    Dependencies codes;
    if (builder.hidden(layer)) {
        for (std::size_t chunk = 0; chunk < errors.size(); ++chunk) builder.abs_max(layer, chunk, errors[chunk]);
    }
    builder.exponent(layer, Phase::backward, TensorName::exponent_e);
    for (std::size_t chunk = 0; chunk < builder.chunks().size(); ++chunk) codes.push_back(builder.error(layer, chunk));
    return codes;
}

struct LayerBackward {
    Dependencies operands;  ///< by chunk
    Dependencies errors;    ///< by chunk, of the layer below; empty for the first layer
};

/// Unpooling and all backward passes. With one pass, a chunk's operands are used as soon as they are there.
LayerBackward write_backward(ProgramBuilder& builder, std::uint32_t layer, const Dependencies& codes)
{
    LayerBackward out;
    const std::size_t chunks = builder.chunks().size();
    const std::size_t passes = layer == 0 ? 0 : builder.placement(layer).passes.size();
    const auto operands = [&](std::size_t chunk) {
        out.operands.push_back(builder.hidden(layer) ? builder.unpool(layer, chunk, codes[chunk]) : codes[chunk]);
    };
    if (passes != 1) {
        for (std::size_t chunk = 0; chunk < chunks; ++chunk) operands(chunk);
    }
    for (std::size_t pass = 0; pass < passes; ++pass) {
        builder.program(layer, pass, {});
        out.errors.clear();
        for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
            if (passes == 1) operands(chunk);
            out.errors.push_back(builder.backward(layer, pass, chunk, {out.operands[chunk]}));
        }
    }
    return out;
}

CommandIndex write_gradient(ProgramBuilder& builder, std::uint32_t layer, const Dependencies& operands)
{
    const SampleRange last = builder.chunks().back();
    if (!builder.gradient_by_chunk(layer)) {
        // Operands come from one unit in the order of the chunks, so the last is there after all others.
        return builder.gradient(layer, {0, last.first + last.count}, operands.back());
    }
    CommandIndex index = 0;
    for (std::size_t chunk = 0; chunk < operands.size(); ++chunk) {
        index = builder.gradient(layer, builder.chunks()[chunk], operands[chunk]);
    }
    return index;
}

/// After the layer's gradient, and after its cells' and codes' last use in this step.
void write_update(ProgramBuilder& builder, std::uint32_t layer, CommandIndex gradients, const Dependencies& last_use)
{
    builder.gradient_abs_max(layer, gradients);
    builder.exponent(layer, Phase::update, TensorName::exponent_g);
    builder.update(layer);
    const CommandIndex codes = builder.requantize(layer, true, last_use);
    builder.invalidate(layer);
    if (builder.placement(layer).resident) builder.program(layer, 0, {codes});
}

}  // namespace

Program Mapping::load_program() const
{
    ProgramBuilder builder(*this, "load", 1);
    builder.load_table();
    for (std::uint32_t layer = 0; layer < builder.layers(); ++layer) {
        const CommandIndex codes = builder.requantize(layer, false, {});
        builder.invalidate(layer);
        if (builder.placement(layer).resident) builder.program(layer, 0, {codes});
    }
    return builder.take();
}

Program Mapping::training_program(std::size_t samples) const
{
    ProgramBuilder builder(*this, "training step of " + std::to_string(samples) + " samples", samples);
    builder.observe_weights();
    write_forward(builder, Phase::forward);
    Dependencies errors;
    CommandIndex gradients = 0;
    Dependencies last_use;
    for (auto layer = static_cast<std::uint32_t>(builder.layers()); layer-- > 0;) {
        const Dependencies codes = write_error_codes(builder, layer, errors);
        LayerBackward backward = write_backward(builder, layer, codes);
        // The layer above is updated now: its gradient has had the time of this layer's codes, and the codes, on which
        // all further work waits, went first.
        if (layer + 1 < builder.layers()) write_update(builder, layer + 1, gradients, last_use);
        gradients = write_gradient(builder, layer, backward.operands);
        last_use = backward.errors.empty() ? Dependencies{} : Dependencies{backward.errors.back()};
        errors = std::move(backward.errors);
    }
    write_update(builder, 0, gradients, last_use);
    return builder.take();
}

Program Mapping::evaluation_program(std::size_t samples) const
{
    ProgramBuilder builder(*this, "evaluation of " + std::to_string(samples) + " samples", samples);
    write_forward(builder, Phase::evaluation);
    return builder.take();
}

}  // namespace wagesim::chip
