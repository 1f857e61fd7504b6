// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tensors are placed in the order of what a byte of buffer saves: temporaries of a chunk first, the batch's sums last.
#include "tlm/mapping/memory_plan.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "tlm/common/clock.hpp"

namespace wagesim::chip {
namespace {

constexpr std::uint64_t kAlignment = 64;
/// Chunks of a ring: one is filled while the other is quantized.
constexpr std::size_t kSlots = 2;

class Planner {
public:
    Planner(const std::vector<LayerPlan>& layers, const Placement& placement, const ChipConfig& config,
            std::size_t batch)
        : layers_(layers), placement_(placement), config_(config), batch_(batch)
    {
        chunk_ = std::min(batch, static_cast<std::size_t>(config.sequencer.chunk_samples));
    }

    MemoryPlan plan()
    {
        out_.layers.resize(layers_.size());
        place_temporaries();
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            out_.layers[i].codes = weights(i, ElementType::int8);
        }
        place_activations();
        place_errors();
        place_weights();
        const std::uint64_t capacity = static_cast<std::uint64_t>(config_.dram.gib) << 30U;
        if (out_.dram_bytes > capacity) {
            throw std::invalid_argument("dram: the network's tensors take " + std::to_string(out_.dram_bytes) +
                                        " bytes, allowed " + std::to_string(capacity) +
                                        " (dram.gib); a smaller batch or network fits");
        }
        return out_;
    }

private:
    enum class Where { anywhere, dram };

    MemoryRegion place(ElementType type, std::uint64_t count, Where where = Where::anywhere)
    {
        const std::uint64_t bytes = count * bytes_of(type);
        if (bytes > std::numeric_limits<std::uint32_t>::max()) {
            throw std::invalid_argument("dram: a tensor of " + std::to_string(bytes) +
                                        " bytes, allowed less than 4 GiB, which one burst can carry");
        }
        const std::uint64_t aligned = ceil_divide(bytes, kAlignment) * kAlignment;
        const std::uint64_t capacity = static_cast<std::uint64_t>(config_.buffer.kib) << 10U;
        const bool fits = where == Where::anywhere && aligned <= capacity - out_.buffer_bytes;
        std::uint64_t& used = fits ? out_.buffer_bytes : out_.dram_bytes;
        const MemoryRegion region{(fits ? kBufferBase : kDramBase) + used, type, count};
        used += aligned;
        return region;
    }

    BatchTensor batch(ElementType type, std::int64_t per_sample, std::size_t slots = 0)
    {
        const std::size_t samples = slots == 0 ? batch_ : std::min(batch_, slots * chunk_);
        return {place(type, samples * extent(per_sample)), extent(per_sample), chunk_, slots};
    }

    MemoryRegion weights(std::size_t layer, ElementType type, Where where = Where::anywhere)
    {
        return place(type, extent(layers_[layer].geometry.weights()), where);
    }

    void place_temporaries()
    {
        std::uint64_t partial_bytes = 0;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const LayerPlan& layer = layers_[i];
            const MatrixPlacement& where = placement_.layers[i].forward();
            // Several column blocks need all of them.
            out_.layers[i].sums =
                batch(layer.sums, layer.geometry.outputs(), where.several_column_blocks() ? 0 : kSlots);
            if (!where.several_row_passes()) continue;
            std::size_t columns = 0;
            for (const MatrixPass& pass : where.passes) columns = std::max(columns, pass.block.columns());
            partial_bytes =
                std::max(partial_bytes, batch_ * extent(layer.geometry.positions()) * columns * bytes_of(layer.sums));
        }
        out_.partial = place(ElementType::int8, partial_bytes);
    }

    void place_activations()
    {
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const LayerGeometry& g = layers_[i].geometry;
            LayerMemory& memory = out_.layers[i];
            memory.input = i == 0 ? batch(ElementType::int8, g.inputs()) : out_.layers[i - 1].output;
            if (!g.hidden) continue;
            memory.output = batch(ElementType::int8, g.outputs());
            memory.flags = batch(ElementType::uint8, g.outputs());
            if (g.pool) memory.winners = batch(layers_[i].winners, g.outputs());
        }
    }

    void place_errors()
    {
        for (std::size_t i = layers_.size(); i-- > 0;) {
            const LayerGeometry& g = layers_[i].geometry;
            LayerMemory& memory = out_.layers[i];
            memory.error_q = batch(layers_[i].error_q, g.outputs());
            memory.operands = g.hidden ? batch(layers_[i].operands, g.accumulators()) : memory.error_q;
        }
        for (std::size_t i = layers_.size(); i-- > 0;) {
            out_.layers[i].error_in =
                batch(layers_[i].error_in, layers_[i].geometry.outputs(), recomputed(i) ? kSlots : 0);
        }
    }

    void place_weights()
    {
        const bool on_chip = config_.gradient.accumulate == GradientAccumulate::chip;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            LayerMemory& memory = out_.layers[i];
            memory.steps = weights(i, ElementType::int16);
            memory.stored = weights(i, ElementType::int16);
            memory.maximum = place(layers_[i].gradients, 1);
            memory.gradients = weights(i, layers_[i].gradients, on_chip ? Where::anywhere : Where::dram);
        }
        if (config_.gradient.accumulate == GradientAccumulate::image) place_spilled();
        out_.images = batch(ElementType::uint8, layers_.front().geometry.inputs());
        out_.labels = batch(ElementType::uint16, 1);
        out_.predictions = batch(ElementType::uint16, 1);
    }

    /// The error that the layer above delivers is computed twice, and never has to exist as a whole.
    bool recomputed(std::size_t layer) const
    {
        return config_.error_max == ErrorMax::recompute && layer + 1 < layers_.size() &&
               placement_.layers[layer + 1].backward().passes.size() == 1;
    }

    /// One layer's at a time.
    void place_spilled()
    {
        const auto bytes_of_layer = [&](const LayerPlan& layer) {
            return ceil_divide(extent(layer.geometry.weights()) * extent(config_.gradient.spill_bits), 8U);
        };
        std::uint64_t most = 0;
        for (const LayerPlan& layer : layers_) most = std::max(most, bytes_of_layer(layer));
        const MemoryRegion spilled = place(ElementType::uint8, most, Where::dram);
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            out_.layers[i].spilled = {spilled.address, spilled.type, bytes_of_layer(layers_[i])};
        }
    }

    const std::vector<LayerPlan>& layers_;
    const Placement& placement_;
    const ChipConfig& config_;
    std::size_t batch_;
    std::size_t chunk_;
    MemoryPlan out_;
};

void line(std::ostringstream& out, const char* name, const MemoryRegion& region)
{
    if (region.count == 0) return;
    out << "  " << name << ": " << region.bytes() << " bytes at " << address_text(region.address) << "\n";
}

}  // namespace

MemoryPlan plan_memory(const std::vector<LayerPlan>& layers, const Placement& placement, const ChipConfig& config,
                       std::size_t batch)
{
    return Planner(layers, placement, config, batch).plan();
}

std::string address_text(std::uint64_t address)
{
    const bool dram = address >= kDramBase;
    char text[32];
    std::snprintf(text, sizeof text, "%s+0x%llx", dram ? "dram" : "buffer",
                  static_cast<unsigned long long>(dram ? address - kDramBase : address - kBufferBase));
    return text;
}

std::string to_text(const MemoryPlan& plan)
{
    std::ostringstream out;
    out << "buffer: " << plan.buffer_bytes << " bytes, dram: " << plan.dram_bytes << " bytes\n";
    line(out, "images", plan.images.region());
    line(out, "labels", plan.labels.region());
    line(out, "prediction", plan.predictions.region());
    line(out, "partial sums", plan.partial);
    for (std::size_t i = 0; i < plan.layers.size(); ++i) {
        const LayerMemory& layer = plan.layers[i];
        out << "layer " << i << "\n";
        line(out, "input", layer.input.region());
        line(out, "sums", layer.sums.region());
        line(out, "pool_winner", layer.winners.region());
        line(out, "output", layer.output.region());
        line(out, "flags", layer.flags.region());
        line(out, "error_in", layer.error_in.region());
        line(out, "error_q", layer.error_q.region());
        line(out, "error_mac", layer.operands.region());
        line(out, "gradient", layer.gradients);
        line(out, "max_gradient", layer.maximum);
        line(out, "spilled gradient", layer.spilled);
        line(out, "delta", layer.steps);
        line(out, "weight_stored", layer.stored);
        line(out, "weight_q", layer.codes);
    }
    return out.str();
}

}  // namespace wagesim::chip
