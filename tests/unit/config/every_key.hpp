// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Another legal value for every key of the run in config_files.hpp, and the keys that have none.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace wagesim::config {

/// Key of the printed run -> a value that differs from the run's.
inline const std::map<std::string, std::string>& other_values()
{
    static const std::map<std::string, std::string> values = {
        {"seed", "8"},
        {"network.input.channels", "2"},
        {"network.input.height", "9"},
        {"network.input.width", "9"},
        {"network.init.limit_factor", "6.000000000000001"},
        {"network.init.beta", "1.4"},
        {"network.init.grid", "kw"},
        {"network.layers.0.conv.filters", "5"},
        {"network.layers.0.conv.kernel", "5"},
        {"network.layers.0.conv.padding", "2"},
        {"network.layers.0.conv.pool", "{size: 2, stride: 1}"},
        {"network.layers.1.conv.filters", "9"},
        {"network.layers.1.conv.kernel", "1"},
        {"network.layers.1.conv.stride", "2"},
        {"network.layers.1.conv.padding", "0"},
        {"network.layers.1.conv.attenuation", "3"},
        {"network.layers.2.dense.units", "11"},
        {"chip.clock_ghz", "1.4"},
        {"chip.quantizer", "rtl"},
        {"chip.lanes", "8"},
        {"chip.crossbar.rows", "65"},
        {"chip.crossbar.columns", "33"},
        {"chip.crossbar.cell_bits", "2"},
        {"chip.crossbar.dac_bits", "2"},
        {"chip.crossbar.active_lines", "64"},
        {"chip.crossbar.adc_bits", "8"},
        {"chip.crossbar.adc_mode", "truncate"},
        {"chip.crossbar.lines_per_adc", "4"},
        {"chip.crossbar.subtract", "digital"},
        {"chip.crossbar.backward_read", "bipolar"},
        {"chip.crossbar.input_coding", "sign_magnitude"},
        {"chip.crossbar.write_cycles", "11"},
        {"chip.crossbar.skip_unchanged_rows", "true"},
        {"chip.partitions.count", "5"},
        {"chip.partitions.arrays", "3"},
        {"chip.partitions.accumulator_bits", "47"},
        {"chip.partitions.pooling_lanes", "63"},
        {"chip.partitions.adder_cycles", "2"},
        {"chip.granularity", "vector"},
        {"chip.mapping.replication", "balanced"},
        {"chip.backward", "dedicated"},
        {"chip.error_max", "recompute"},
        {"chip.gradient.accumulate", "image"},
        {"chip.schedule", "pipelined"},
        {"chip.interconnect.kind", "mesh"},
        {"chip.partitions.line_buffer", "false"},
        {"chip.partitions.line_buffer_kib", "3"},
        {"chip.partitions.ring_kib", "5"},
        {"chip.fidelity", "timing"},
        {"chip.technology", "null"},
        {"chip.gradient.macs_per_cycle", "17"},
        {"chip.gradient.spill_bits", "16"},
        {"chip.gradient.accumulator_bits", "47"},
        {"chip.buffer.kib", "65"},
        {"chip.buffer.bytes_per_cycle", "63"},
        {"chip.buffer.latency_cycles", "5"},
        {"chip.dram.gib", "2"},
        {"chip.dram.bytes_per_cycle", "31"},
        {"chip.dram.latency_cycles", "101"},
        {"chip.interconnect.bytes_per_cycle", "63"},
        {"chip.interconnect.latency_cycles", "3"},
        {"chip.sequencer.command_cycles", "5"},
        {"chip.sequencer.chunk_samples", "9"},
        {"chip.device.seed", "2"},
        {"chip.device.program_sigma", "0.05"},
        {"chip.device.set_step", "0.9"},
        {"chip.device.reset_step", "0.8"},
        {"chip.device.write_failure", "0.01"},
        {"chip.device.write_pulses", "4"},
        {"chip.device.write_tolerance", "0.02"},
        {"chip.device.stuck_at_0", "0.01"},
        {"chip.device.stuck_at_1", "1"},
        {"chip.device.drift_exponent", "0.05"},
        {"chip.device.drift_sigma", "0.01"},
        {"chip.device.drift_start_cycles", "17"},
        {"chip.device.read_sigma", "1.5"},
        {"chip.device.adc_offset_sigma", "0.5"},
        {"chip.device.adc_gain_sigma", "0.02"},
        {"chip.device.wire_resistance", "1e-05"},
        {"widths.w", "3"},
        {"widths.a", "7"},
        {"widths.g", "9"},
        {"widths.e", "9"},
        {"data.count", "65"},
        {"data.test_count", "17"},
        {"data.classes", "9"},
        {"data.range", "symmetric"},
        {"data.augment", "crop"},
        {"data.shuffle", "false"},
        {"training.batch", "31"},
        {"training.epochs", "3"},
        {"training.eta", "{0: 0, 5: -2}"},
        {"training.weight_clip", "kw"},
        {"training.gamma", "2"},
        {"training.loss", "softmax"},
    };
    return values;
}

/// What makes the run a float companion, and its keys: key -> a value that differs from the default.
inline const std::vector<std::string>& float_run()
{
    static const std::vector<std::string> assignments = {"widths.g=float", "widths.e=float"};
    return assignments;
}
inline const std::map<std::string, std::string>& other_float_values()
{
    static const std::map<std::string, std::string> values = {
        {"widths.w", "float"},           {"widths.a", "float"},         {"widths.e", "9"},
        {"training.momentum", "0.9"},    {"training.nesterov", "true"}, {"training.weight_decay", "1e-4"},
        {"training.batch_norm", "true"},
    };
    return values;
}

/// Keys that results do not depend on, with another value.
inline const std::map<std::string, std::string>& names_and_paths()
{
    static const std::map<std::string, std::string> values = {
        {"name", "another"},
        {"network.name", "another"},
        {"chip.name", "another"},
    };
    return values;
}

/// The overrides that set `key` to `value`.
inline std::vector<std::string> setting(const std::string& key, const std::string& value)
{
    std::string text = key;
    text.append("=").append(value);
    return {text};
}

/// Keys with one legal value in this version, and those whose other values need other keys or files: data.format,
/// activity, copies, and the stride of a layer with padding `same` (the next layer's stands in other_values).
inline const std::set<std::string>& single_valued()
{
    static const std::set<std::string> keys = {
        "chip.activity",
        "chip.mapping.copies",
        "data.format",
        "network.layers.0.conv.stride",
    };
    return keys;
}

}  // namespace wagesim::config
