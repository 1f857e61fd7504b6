// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every key of every file, once: its name, its place in the structs and its range. Reading, printing and hashing are
// visitors of these functions, so none of them can forget a key. docs/configuration.md is this file in prose.
//
// A visitor has a method for each kind of value; `Need::required` marks keys without a default. A struct that holds its
// in-class defaults is what reading starts from.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platforms/config/run_config.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::config {

enum class Need { optional, required };

struct Range {
    std::int64_t least;
    std::int64_t most;
};

inline constexpr Range kAttenuation{0, 24};
inline constexpr Range kEtaExponent{-16, 8};
inline constexpr Range kExtent{1, kLargestExtent};
inline constexpr Range kWindow{1, kLargestWindow};
inline constexpr Range kChannels{1, 65536};  // labels are 16-bit
inline constexpr Range kEpoch{0, 2147483647};
inline constexpr Range kCycles{0, 1'000'000};
inline constexpr Range kBytesPerCycle{1, 65536};
inline constexpr Range kAccumulatorBits{8, 63};
inline constexpr std::size_t kMostLayers = 65535;
// Beyond these every initial weight saturates, and products with them would leave the integers of binary64.
inline constexpr double kMostLimitFactor = 1e18;
inline constexpr double kMostBeta = 1e9;
inline constexpr double kMostLearningRate = 1e6;
// Beyond these a conversion shows nothing of its line.
inline constexpr double kMostReadSigma = 1024.0;
inline constexpr double kMostOffsetSigma = 1024.0;

template <class V>
void describe(V& v, Layer& layer)
{
    const bool conv = layer.kind == Layer::Kind::conv;
    v.integer(conv ? "filters" : "units", layer.units, kChannels, Need::required);
    if (conv) {
        v.odd("kernel", layer.kernel, kExtent, Need::required);
        v.integer("stride", layer.stride, kExtent);
        v.padding("padding", layer.padding, Range{0, kExtent.most});
        v.pooling("pool", layer.pool, kWindow);
    }
    v.derived("attenuation", layer.attenuation, kAttenuation);
}

template <class V>
void describe(V& v, Network& network)
{
    v.name("name", network.name);
    v.map("input", Need::required, [&](auto& in) {
        in.integer("channels", network.input.channels, kChannels, Need::required);
        in.integer("height", network.input.height, kExtent, Need::required);
        in.integer("width", network.input.width, kExtent, Need::required);
    });
    v.map("init", Need::optional, [&](auto& in) {
        in.real("limit_factor", network.init.limit_factor, kMostLimitFactor);
        in.real("beta", network.init.beta, kMostBeta);
        in.choice("grid", network.init.grid);
    });
    v.layers("layers", network.layers);
}

template <class V>
void describe(V& v, chip::CrossbarConfig& crossbar)
{
    v.integer("rows", crossbar.rows, Range{1, 4096});
    v.integer("columns", crossbar.columns, Range{1, 4096});
    v.integer("cell_bits", crossbar.cell_bits, Range{1, 7});  // kW - 1 magnitude bits at most
    v.integer("dac_bits", crossbar.dac_bits, Range{1, 8});
    v.integer("active_lines", crossbar.active_lines, Range{1, 4096});
    v.integer("adc_bits", crossbar.adc_bits, Range{1, 32});
    v.choice("adc_mode", crossbar.adc_mode);
    v.integer("lines_per_adc", crossbar.lines_per_adc, Range{1, 4096});
    v.choice("subtract", crossbar.subtract);
    v.choice("backward_read", crossbar.backward_read);
    v.choice("input_coding", crossbar.input_coding);
    v.integer("write_cycles", crossbar.write_cycles, kCycles);
    v.flag("skip_unchanged_rows", crossbar.skip_unchanged_rows);
}

template <class V>
void describe(V& v, chip::DeviceConfig& device)
{
    v.seed("seed", device.seed);
    v.derived("levels", device.levels, Range{2, 4096});
    v.amount("program_sigma", device.program_sigma, 1.0);
    v.real("set_step", device.set_step, 1.0);
    v.real("reset_step", device.reset_step, 1.0);
    v.fraction("write_failure", device.write_failure);
    v.integer("write_pulses", device.write_pulses, Range{1, 1000});
    v.amount("write_tolerance", device.write_tolerance, 1.0);
    v.amount("stuck_at_0", device.stuck_at_0, 1.0);
    v.amount("stuck_at_1", device.stuck_at_1, 1.0);
    v.amount("drift_exponent", device.drift_exponent, 1.0);
    v.amount("drift_sigma", device.drift_sigma, 1.0);
    v.integer("drift_start_cycles", device.drift_start_cycles, Range{1, 2'147'483'647});
    v.amount("read_sigma", device.read_sigma, kMostReadSigma);
    v.amount("adc_offset_sigma", device.adc_offset_sigma, kMostOffsetSigma);
    v.amount("adc_gain_sigma", device.adc_gain_sigma, 1.0);
    v.amount("wire_resistance", device.wire_resistance, 1.0);
}

template <class V>
void describe(V& v, chip::ChipConfig& chip)
{
    v.name("name", chip.name);
    v.real("clock_ghz", chip.clock_ghz, 1000.0, 0.001);
    v.optional_path("technology", chip.technology);
    v.optional_path("activity", chip.activity);
    v.choice("fidelity", chip.fidelity);
    v.choice("granularity", chip.granularity);
    v.choice("quantizer", chip.quantize_update.quantizer);
    v.power_of_two("lanes", chip.quantize_update.lanes, Range{4, 64});
    v.map("crossbar", Need::optional, [&](auto& in) { describe(in, chip.crossbar); });
    v.map("partitions", Need::optional, [&](auto& in) {
        in.integer("count", chip.partitions.count, Range{1, 65536});
        in.integer("arrays", chip.partitions.arrays, Range{1, 65536});
        in.integer("accumulator_bits", chip.partitions.accumulator_bits, kAccumulatorBits);
        in.integer("pooling_lanes", chip.partitions.pooling_lanes, Range{1, 65536});
        in.integer("adder_cycles", chip.partitions.adder_cycles, kCycles);
        in.flag("line_buffer", chip.partitions.line_buffer);
        in.integer("line_buffer_kib", chip.partitions.line_buffer_kib, Range{0, 65536});
        in.integer("ring_kib", chip.partitions.ring_kib, Range{0, 65536});
    });
    v.map("mapping", Need::optional, [&](auto& in) {
        in.choice("replication", chip.mapping.replication);
        in.integers("copies", chip.mapping.copies, Range{1, 65536});
    });
    v.choice("backward", chip.backward);
    v.choice("error_max", chip.error_max);
    v.map("gradient", Need::optional, [&](auto& in) {
        in.integer("macs_per_cycle", chip.gradient.macs_per_cycle, Range{1, 16'777'216});
        in.choice("accumulate", chip.gradient.accumulate);
        in.integer("spill_bits", chip.gradient.spill_bits, Range{2, 63});
        in.integer("accumulator_bits", chip.gradient.accumulator_bits, kAccumulatorBits);
    });
    v.choice("schedule", chip.schedule);
    v.map("buffer", Need::optional, [&](auto& in) {
        in.integer("kib", chip.buffer.kib, Range{1, 1'048'576});
        in.integer("bytes_per_cycle", chip.buffer.bytes_per_cycle, kBytesPerCycle);
        in.integer("latency_cycles", chip.buffer.latency_cycles, kCycles);
    });
    v.map("dram", Need::optional, [&](auto& in) {
        in.integer("gib", chip.dram.gib, Range{1, 1024});
        in.integer("bytes_per_cycle", chip.dram.bytes_per_cycle, kBytesPerCycle);
        in.integer("latency_cycles", chip.dram.latency_cycles, kCycles);
    });
    v.map("interconnect", Need::optional, [&](auto& in) {
        in.choice("kind", chip.interconnect.kind);
        in.integer("bytes_per_cycle", chip.interconnect.bytes_per_cycle, kBytesPerCycle);
        in.integer("latency_cycles", chip.interconnect.latency_cycles, kCycles);
    });
    v.map("sequencer", Need::optional, [&](auto& in) {
        in.integer("command_cycles", chip.sequencer.command_cycles, kCycles);
        in.integer("chunk_samples", chip.sequencer.chunk_samples, Range{1, 65536});
    });
    v.map("device", Need::optional, [&](auto& in) { describe(in, chip.device); });
}

template <class V>
void describe(V& v, SyntheticData& synthetic)
{
    v.integer("count", synthetic.count, Range{1, 10'000'000}, Need::required);
    v.integer("test_count", synthetic.test_count, Range{0, 10'000'000}, Need::required);
    v.integer("classes", synthetic.classes, kChannels, Need::required);
}

/// The keys of every data format.
template <class V>
void describe_common(V& v, DataConfig& data)
{
    v.choice("range", data.range, Need::required);
    v.choice("augment", data.augment);
    v.flag("shuffle", data.shuffle);
}

/// The keys depend on `data.format`, which reading therefore takes first.
template <class V>
void describe(V& v, DataConfig& data)
{
    v.choice("format", data.format, Need::required);
    switch (data.format) {
        case DataFormat::idx:
            v.path("train_images", data.train_images);
            v.path("train_labels", data.train_labels);
            v.path("test_images", data.test_images);
            v.path("test_labels", data.test_labels);
            break;
        case DataFormat::cifar10:
        case DataFormat::svhn:
            v.paths("train", data.train);
            v.paths("test", data.test);
            break;
        case DataFormat::npz: v.path("file", data.file); break;
        case DataFormat::folder:
            v.path("train", data.train_folder);
            v.path("test", data.test_folder);
            v.derived("resize", data.resize, kExtent);
            v.expense("cache_mib", data.cache_mib, Range{0, 1'048'576});
            break;
        case DataFormat::synthetic: describe(v, data.synthetic); break;
    }
    describe_common(v, data);
}

/// The keys depend on whether gradients are float, so reading takes the widths first.
template <class V>
void describe(V& v, TrainingConfig& training, const FloatOperands& floats)
{
    v.integer("batch", training.batch, Range{1, 65536}, Need::required);
    v.integer("epochs", training.epochs, kEpoch, Need::required);
    v.eta("eta", training.eta, floats.any() ? Need::optional : Need::required);
    if (floats.any()) {
        v.rates("learning_rate", training.floating.learning_rate, kMostLearningRate);
        v.fraction("momentum", training.floating.momentum);
        v.flag("nesterov", training.floating.nesterov);
        v.fraction("weight_decay", training.floating.weight_decay);
        v.flag("batch_norm", training.floating.batch_norm);
    }
    v.choice("weight_clip", training.weight_clip);
    v.power_of_two("gamma", training.gamma, Range{1, 256});
    v.choice("loss", training.loss);
}

template <class V>
void describe(V& v, RunConfig& config)
{
    v.name("name", config.name);
    v.seed("seed", config.seed);
    v.map("network", Need::required, [&](auto& in) { describe(in, config.network); });
    v.chip("chip", config.chip);
    v.map("widths", Need::optional, [&](auto& in) {
        in.width("w", config.widths.w, config.floats.w, Range{2, 8});
        in.width("a", config.widths.a, config.floats.a, Range{2, 8});
        in.width("g", config.widths.g, config.floats.g, Range{config.widths.w, 16});  // kW <= kG: w is read before
        in.width("e", config.widths.e, config.floats.e, Range{2, 16});
    });
    v.data("data", config.data);
    v.map("training", Need::required, [&](auto& in) { describe(in, config.training, config.floats); });
}

}  // namespace wagesim::config
