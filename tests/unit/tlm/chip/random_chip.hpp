// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A network, widths and a chip that can run it, everything drawn from a seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>

#include "ref/network/network.hpp"
#include "tlm/chip/chip_config.hpp"
#include "tlm/chip/chip_options.hpp"
#include "tlm/crossbar/adc.hpp"
#include "tlm/mapping/mapping.hpp"

namespace wagesim::test {

class RandomChip {
public:
    explicit RandomChip(std::uint64_t seed) : engine_(seed)
    {
        options.widths.w = pick({2, 2, 3, 4, 8});
        options.widths.a = pick({2, 5, 8, 8});
        options.widths.g = std::max(options.widths.w, pick({4, 8, 8, 12, 16}));
        options.widths.e = pick({2, 6, 8, 8, 11, 16});
        options.weight_clip = chance() ? WeightClip::kg : WeightClip::kw;
        options.gamma_log2 = pick({0, 0, 2, 8});
        options.seed = seed;
        options.range = chance() ? InputRange::unit : InputRange::symmetric;
        options.batch = static_cast<std::size_t>(between(1, 7));
        options.check_protocol = true;
        make_network();
        make_chip();
    }

    int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }

    chip::ChipOptions options;
    chip::ChipConfig config;
    Network network;

private:
    bool chance() { return between(0, 1) == 1; }
    int pick(std::initializer_list<int> of) { return of.begin()[between(0, static_cast<int>(of.size()) - 1)]; }

    void make_network()
    {
        int extent = between(3, 11);
        network.input = {pick({1, 1, 2, 3}), extent, extent};
        for (int i = between(0, 3); i > 0; --i) {
            Layer layer;
            layer.kind = Layer::Kind::conv;
            layer.units = between(1, 9);
            layer.kernel = pick({1, 3, 3, 5});
            if (chance()) {
                layer.stride = between(1, 2);
                layer.padding = between(0, 2);
            }
            const int padding = layer.padding.value_or((layer.kernel - 1) / 2);
            if (extent + 2 * padding < layer.kernel) continue;
            extent = (extent + 2 * padding - layer.kernel) / layer.stride + 1;
            if (chance() && extent >= 2) {
                layer.pool = Pooling{between(1, std::min(extent, 3)), between(1, 3)};
                extent = (extent - layer.pool->size) / layer.pool->stride + 1;
            }
            network.layers.push_back(layer);
        }
        for (int i = between(0, 2); i >= 0; --i) {
            Layer layer;
            layer.units = i == 0 ? between(2, 12) : between(1, 20);
            if (chance()) layer.attenuation = between(0, 5);
            network.layers.push_back(layer);
        }
    }

    void make_chip()
    {
        config.crossbar.rows = pick({8, 16, 128});
        config.crossbar.columns = pick({8, 16, 128});
        config.crossbar.cell_bits = pick({1, 1, 2, 7});
        config.partitions.count = pick({1, 2, 64});
        config.partitions.arrays = pick({1, 3, 16});
        config.gradient.macs_per_cycle = pick({1, 24, 4096});
        config.buffer.kib = pick({1, 8, 2048});
        config.sequencer.chunk_samples = between(1, 4);
        config.sequencer.command_cycles = between(0, 4);
        config.quantize_update.lanes = pick({4, 16, 64});
        config.interconnect.kind = chance() ? chip::InterconnectKind::router : chip::InterconnectKind::mesh;
        config.clock_ghz = pick({1, 2}) * 0.75;
        make_converters();
        make_schedule();
    }

    /// Whatever arrays are like: converters that lose nothing.
    void make_converters()
    {
        chip::CrossbarConfig& crossbar = config.crossbar;
        config.fidelity = chance() ? chip::Fidelity::functional : chip::Fidelity::bit_serial;
        crossbar.dac_bits = pick({1, 1, 2, 3});
        crossbar.active_lines = pick({3, 16, 128});
        crossbar.lines_per_adc = pick({1, 8});
        crossbar.subtract = chance() ? chip::Subtract::analog : chip::Subtract::digital;
        crossbar.backward_read = chance() ? chip::BackwardRead::two_phase : chip::BackwardRead::bipolar;
        crossbar.input_coding = chance() ? chip::InputCoding::twos_complement : chip::InputCoding::sign_magnitude;
        crossbar.adc_mode = chance() ? chip::AdcMode::saturate : chip::AdcMode::truncate;
        crossbar.adc_bits = chip::exact_adc_bits(crossbar, true);
    }

    void make_schedule()
    {
        config.backward = chance() ? chip::BackwardCells::shared : chip::BackwardCells::dedicated;
        config.error_max = chance() ? chip::ErrorMax::spill : chip::ErrorMax::recompute;
        config.schedule = chance() ? chip::Schedule::layer : chip::Schedule::pipelined;
        config.gradient.accumulate = static_cast<chip::GradientAccumulate>(pick({0, 1, 2}));  // chip, batch, image
        config.gradient.spill_bits = pick({7, 15, 32});
        config.partitions.line_buffer = pick({0, 1, 1}) == 1;
        config.partitions.line_buffer_kib = pick({0, 1, 16});
        config.partitions.ring_kib = pick({0, 1, 64});
        config.mapping.replication = chance() ? chip::Replication::minimal : chip::Replication::balanced;
        // Copies for as many layers as fit.
        if (config.partitions.count == 64 && chance()) {
            config.mapping.replication = chip::Replication::given;
            for (std::size_t i = 0; i < network.layers.size(); ++i) config.mapping.copies.push_back(between(1, 3));
            if (!chip::chip_faults(config, network, options).empty()) {
                config.mapping = {};
            }
        }
    }

    std::mt19937_64 engine_;
};

}  // namespace wagesim::test
