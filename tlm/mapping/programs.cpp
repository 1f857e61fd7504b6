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
        const MatrixPlacement& place = builder.placement(layer).forward();
        Dependencies quantized;
        for (std::size_t pass = 0; pass < place.passes.size(); ++pass) {
            builder.program(layer, place, pass, {});
            const bool last = pass + 1 == place.passes.size();
            for (std::size_t chunk = 0; chunk < builder.chunks().size(); ++chunk) {
                Dependencies after;
                if (pass == 0) {
                    // Layer by layer: the last chunk's codes come after all others.
                    after.push_back(builder.schedule() == Schedule::layer ? ready.back() : ready[chunk]);
                }
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

/// The exponent of a maximum that has been found, and all codes made with it. Returns the codes' commands by chunk.
Dependencies write_error_codes(ProgramBuilder& builder, std::uint32_t layer)
{
    builder.exponent(layer, Phase::backward, TensorName::exponent_e);
    Dependencies codes;
    for (std::size_t chunk = 0; chunk < builder.chunks().size(); ++chunk) {
        codes.push_back(builder.error(layer, chunk, {}));
    }
    return codes;
}

/// A layer's error codes from the errors that the layer above has delivered (`error_max: spill`).
Dependencies write_spilled_error_codes(ProgramBuilder& builder, std::uint32_t layer, const Dependencies& errors)
{
    for (std::size_t chunk = 0; chunk < errors.size(); ++chunk) builder.abs_max(layer, chunk, errors[chunk]);
    return write_error_codes(builder, layer);
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
    const MatrixPlacement& place = builder.placement(layer).backward();
    const std::size_t passes = layer == 0 ? 0 : place.passes.size();
    const auto operands = [&](std::size_t chunk) {
        out.operands.push_back(builder.hidden(layer) ? builder.unpool(layer, chunk, codes[chunk]) : codes[chunk]);
    };
    if (passes != 1) {
        for (std::size_t chunk = 0; chunk < chunks; ++chunk) operands(chunk);
    }
    for (std::size_t pass = 0; pass < passes; ++pass) {
        builder.program(layer, place, pass, {});
        out.errors.clear();
        for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
            if (passes == 1) operands(chunk);
            out.errors.push_back(builder.backward(layer, pass, chunk, {out.operands[chunk]}));
        }
    }
    return out;
}

struct RecomputedBackward {
    Dependencies operands;  ///< by chunk
    Dependencies codes;     ///< by chunk, of the layer below
    CommandIndex last = 0;  ///< the last use of the cells
};

/// The last chunk that was in the same slot of a ring as `chunk`.
std::size_t last_in_slot(std::size_t chunk, std::size_t slots, std::size_t chunks)
{
    return chunk + (chunks - 1 - chunk) / slots * slots;
}

/// Unpooling, and the backward pass twice, through a ring of a few chunks: for the maximum, and for the codes of the
/// layer below (`error_max: recompute`).
RecomputedBackward write_recomputed_backward(ProgramBuilder& builder, std::uint32_t layer, const Dependencies& codes)
{
    const std::uint32_t below = layer - 1;
    const std::size_t slots = builder.error_slots(below);
    const std::size_t chunks = builder.chunks().size();
    builder.program(layer, builder.placement(layer).backward(), 0, {});
    RecomputedBackward out;
    Dependencies taken;  // who has read a chunk's errors
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        out.operands.push_back(builder.hidden(layer) ? builder.unpool(layer, chunk, codes[chunk]) : codes[chunk]);
        Dependencies after = {out.operands[chunk]};
        if (chunk >= slots) after.push_back(taken[chunk - slots]);
        taken.push_back(builder.abs_max(below, chunk, builder.backward(layer, 0, chunk, std::move(after))));
    }
    builder.exponent(below, Phase::backward, TensorName::exponent_e);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        // What is in the ring has been read by then: the last chunks' maximum, or the codes before.
        const CommandIndex read = chunk < slots ? taken[last_in_slot(chunk, slots, chunks)] : out.codes[chunk - slots];
        out.last = builder.backward(layer, 0, chunk, {read}, true);
        out.codes.push_back(builder.error(below, chunk, {out.last}));
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
    builder.program_residents(layer, codes);
}

}  // namespace

Program Mapping::load_program() const
{
    ProgramBuilder builder(*this, "load", 1);
    builder.load_table();
    for (std::uint32_t layer = 0; layer < builder.layers(); ++layer) {
        const CommandIndex codes = builder.requantize(layer, false, {});
        builder.invalidate(layer);
        builder.program_residents(layer, codes);
    }
    return builder.take();
}

Program Mapping::training_program(std::size_t samples) const
{
    ProgramBuilder builder(*this, "training step of " + std::to_string(samples) + " samples", samples);
    builder.observe_weights();
    write_forward(builder, Phase::forward);
    const auto last = static_cast<std::uint32_t>(builder.layers() - 1);
    Dependencies codes = write_error_codes(builder, last);
    CommandIndex gradients = 0;
    Dependencies last_use;
    for (std::uint32_t layer = last + 1; layer-- > 0;) {
        // A layer's own codes are there, those of the layer below are made here. The layer above is updated between:
        // its gradient has had time until now, and what all further work waits for went first.
        Dependencies use;
        Dependencies below;
        const auto update_above = [&] {
            if (layer < last) write_update(builder, layer + 1, gradients, last_use);
        };
        if (layer > 0 && builder.error_slots(layer - 1) > 0) {
            RecomputedBackward backward = write_recomputed_backward(builder, layer, codes);
            update_above();
            gradients = write_gradient(builder, layer, backward.operands);
            use = {backward.last};
            below = std::move(backward.codes);
        } else {
            LayerBackward backward = write_backward(builder, layer, codes);
            update_above();
            gradients = write_gradient(builder, layer, backward.operands);
            if (layer > 0) {
                use = {backward.errors.back()};
                below = write_spilled_error_codes(builder, layer - 1, backward.errors);
            }
        }
        last_use = std::move(use);
        codes = std::move(below);
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
