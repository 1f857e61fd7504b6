// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Writes programs command by command: the vocabulary that training, evaluation and loading are written in. Keeps no
// order of its own; who calls decides it.
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/mapping/mapping.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {

using Dependencies = std::vector<CommandIndex>;

class ProgramBuilder {
public:
    ProgramBuilder(const Mapping& mapping, std::string name, std::size_t samples);

    [[nodiscard]] const std::vector<SampleRange>& chunks() const noexcept { return chunks_; }
    [[nodiscard]] std::size_t layers() const noexcept { return mapping_.layers().size(); }
    [[nodiscard]] bool hidden(std::uint32_t layer) const { return plan(layer).geometry.hidden; }
    [[nodiscard]] const LayerPlacement& placement(std::uint32_t layer) const
    {
        return mapping_.placement().layers[layer];
    }

    /// Chunks of the layer's sums that memory holds at one time; 0: all.
    [[nodiscard]] std::size_t sum_slots(std::uint32_t layer) const { return memory(layer).sums.slots(); }
    /// Likewise of the error that the layer above delivers. Not all: it is computed twice, once for its maximum.
    [[nodiscard]] std::size_t error_slots(std::uint32_t layer) const { return memory(layer).error_in.slots(); }
    [[nodiscard]] Schedule schedule() const { return mapping_.config().schedule; }

    /// Registers that no command of a step writes: the input table.
    void load_table();
    /// Image bytes to input codes: one command a chunk.
    [[nodiscard]] Dependencies input(Phase phase);
    void attenuation(std::uint32_t layer, Phase phase);
    CommandIndex forward(std::uint32_t layer, Phase phase, std::size_t pass, std::size_t chunk, Dependencies after);
    CommandIndex activation(std::uint32_t layer, Phase phase, std::size_t chunk, CommandIndex sums);
    CommandIndex output_error(std::uint32_t layer, Phase phase, std::size_t chunk, CommandIndex sums);

    CommandIndex abs_max(std::uint32_t layer, std::size_t chunk, CommandIndex errors);
    /// EXPONENT from MAX; `name` is what it is then.
    void exponent(std::uint32_t layer, Phase phase, TensorName name);
    CommandIndex error(std::uint32_t layer, std::size_t chunk, Dependencies errors);
    CommandIndex unpool(std::uint32_t layer, std::size_t chunk, CommandIndex codes);
    /// `again`: what an earlier command has delivered is computed once more (ErrorMax::recompute).
    CommandIndex backward(std::uint32_t layer, std::size_t pass, std::size_t chunk, Dependencies after,
                          bool again = false);
    /// Whether the gradient array takes the layer chunk by chunk: all of it stands in the array, or is spilled anyway.
    [[nodiscard]] bool gradient_by_chunk(std::uint32_t layer) const;
    CommandIndex gradient(std::uint32_t layer, const SampleRange& samples, CommandIndex operands);

    void gradient_abs_max(std::uint32_t layer, CommandIndex gradients);
    void update(std::uint32_t layer);
    /// `steps`: subtract the weight steps; without, the stored weights are quantized as they are.
    CommandIndex requantize(std::uint32_t layer, bool steps, Dependencies after);
    /// Programs a pass of the layer's matrix, unless the group's cells already hold it.
    void program(std::uint32_t layer, const MatrixPlacement& matrix, std::size_t pass, const Dependencies& after);
    /// Programs those of the layer's matrices that stay in their cells.
    void program_residents(std::uint32_t layer, CommandIndex codes);
    /// The layer's codes have changed: what cells hold of it is stale.
    void invalidate(std::uint32_t layer);

    /// Weights as they are before the first command.
    void observe_weights();

    [[nodiscard]] Program take() { return std::move(program_); }

private:
    struct Contents {
        bool valid = false;
        std::uint32_t layer = 0;
        CellLayout layout = CellLayout::shared;
        std::size_t pass = 0;
    };

    [[nodiscard]] const LayerPlan& plan(std::uint32_t layer) const { return mapping_.layers()[layer]; }
    [[nodiscard]] const LayerMemory& memory(std::uint32_t layer) const { return mapping_.memory().layers[layer]; }
    [[nodiscard]] bool last_chunk(std::size_t chunk) const noexcept { return chunk + 1 == chunks_.size(); }

    CommandIndex add(UnitId unit, std::uint32_t layer, Phase phase, decltype(Command::work) work, Dependencies after,
                     std::uint64_t macs = 0);
    CommandIndex quantize_update(QuantizeUpdateCommand command, Dependencies after, bool of_step = false);
    void observe(const Observation& observation) { program_.commands.back().observations.push_back(observation); }
    void observe_batch(std::uint32_t layer, TensorName name, const MemoryRegion& at, const SampleRange& samples,
                       bool shaped_like_input = false);
    void observe_flags(std::uint32_t layer, TensorName name, std::uint8_t mask, const SampleRange& samples);
    [[nodiscard]] std::uint64_t backward_macs(std::uint32_t layer, const MatrixPlacement& matrix,
                                              const MatrixPass& pass, const SampleRange& samples) const;
    [[nodiscard]] Observation weight_observation(std::uint32_t layer, TensorName name, const MemoryRegion& at) const;
    void observe_register(std::uint32_t layer, TensorName name, ElementType type);

    /// Calls visit for the layer's one or two matrices.
    template <class Visitor>
    void for_each_matrix(std::uint32_t layer, const Visitor& visit) const
    {
        visit(placement(layer).shared);
        if (placement(layer).transposed) visit(*placement(layer).transposed);
    }

    const Mapping& mapping_;
    std::vector<SampleRange> chunks_;
    std::vector<Contents> contents_;  ///< of each group's cells
    Program program_;
};

}  // namespace wagesim::chip
