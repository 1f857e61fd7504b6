// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Equality, schedules and origins of a run's configuration.
#include "platforms/config/run_config.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

#include "platforms/config/document.hpp"

namespace wagesim::config {
namespace {

// Structured bindings name every member: a member that is added stops the build here until it is compared, too.

bool same(const chip::CrossbarConfig& x, const chip::CrossbarConfig& y)
{
    const auto fields = [](const chip::CrossbarConfig& c) {
        const auto& [rows, columns, cell, dac, active, adc, mode, lines, subtract, backward, coding, write, skip] = c;
        return std::make_tuple(rows, columns, cell, dac, active, adc, mode, lines, subtract, backward, coding, write,
                               skip);
    };
    return fields(x) == fields(y);
}

bool same(const chip::QuantizeUpdateConfig& x, const chip::QuantizeUpdateConfig& y)
{
    const auto& [x_quantizer, x_lanes] = x;
    const auto& [y_quantizer, y_lanes] = y;
    return x_quantizer == y_quantizer && x_lanes == y_lanes;
}

bool same(const chip::MacPartitionConfig& x, const chip::MacPartitionConfig& y)
{
    const auto fields = [](const chip::MacPartitionConfig& c) {
        const auto& [count, arrays, bits, lanes, adder, line_buffer, line_buffer_kib, ring] = c;
        return std::make_tuple(count, arrays, bits, lanes, adder, line_buffer, line_buffer_kib, ring);
    };
    return fields(x) == fields(y);
}

bool same(const chip::GradientArrayConfig& x, const chip::GradientArrayConfig& y)
{
    const auto fields = [](const chip::GradientArrayConfig& c) {
        const auto& [macs, accumulate, spill, bits] = c;
        return std::make_tuple(macs, accumulate, spill, bits);
    };
    return fields(x) == fields(y);
}

/// Memories, interconnect, sequencer: structs of two or three members.
template <class T>
bool same_triple(const T& x, const T& y)
{
    const auto fields = [](const T& c) {
        const auto& [size, bytes_per_cycle, latency] = c;
        return std::make_tuple(size, bytes_per_cycle, latency);
    };
    return fields(x) == fields(y);
}

template <class T>
bool same_pair(const T& x, const T& y)
{
    const auto& [x_first, x_second] = x;
    const auto& [y_first, y_second] = y;
    return x_first == y_first && x_second == y_second;
}

bool same(const chip::DeviceConfig& x, const chip::DeviceConfig& y)
{
    const auto fields = [](const chip::DeviceConfig& c) {
        const auto& [seed, levels, program, set, reset, failure, pulses, tolerance, zeros, ones, drift, drift_sigma,
                     start, read, offset, gain, wire] = c;
        return std::make_tuple(seed, levels, program, set, reset, failure, pulses, tolerance, zeros, ones, drift,
                               drift_sigma, start, read, offset, gain, wire);
    };
    return fields(x) == fields(y);
}

bool same(const chip::ChipConfig& x, const chip::ChipConfig& y)
{
    const auto fields = [](const chip::ChipConfig& c) {
        const auto& [name, clock, technology, activity, fidelity, granularity, unit, crossbar, partitions, mapping,
                     backward, error_max, gradient, schedule, buffer, dram, interconnect, sequencer, device] = c;
        return std::make_tuple(name, clock, technology, activity, fidelity, granularity, backward, error_max, schedule);
    };
    return fields(x) == fields(y) && same(x.quantize_update, y.quantize_update) && same(x.crossbar, y.crossbar) &&
           same(x.partitions, y.partitions) && same_pair(x.mapping, y.mapping) && same(x.gradient, y.gradient) &&
           same_triple(x.buffer, y.buffer) && same_triple(x.dram, y.dram) &&
           same_triple(x.interconnect, y.interconnect) && same_pair(x.sequencer, y.sequencer) &&
           same(x.device, y.device);
}

bool same(const Layer& x, const Layer& y)
{
    const auto fields = [](const Layer& l) {
        const auto& [kind, units, kernel, stride, padding, pool, attenuation] = l;
        return std::make_tuple(kind, units, kernel, stride, padding, pool, attenuation);
    };
    return fields(x) == fields(y);
}

bool same(const Network& x, const Network& y)
{
    const auto& [x_name, x_input, x_init, x_layers] = x;
    const auto& [y_name, y_input, y_init, y_layers] = y;
    return x_name == y_name && same_triple(x_input, y_input) && same_triple(x_init, y_init) &&
           std::equal(x_layers.begin(), x_layers.end(), y_layers.begin(), y_layers.end(),
                      [](const Layer& one, const Layer& other) { return same(one, other); });
}

bool same(const DataConfig& x, const DataConfig& y)
{
    const auto fields = [](const DataConfig& d) {
        const auto& [format, train_images, train_labels, test_images, test_labels, train, test, file, train_folder,
                     test_folder, resize, cache, synthetic, range, augment, shuffle] = d;
        const auto& [count, test_count, classes] = synthetic;
        return std::make_tuple(format, train_images, train_labels, test_images, test_labels, train, test, file,
                               train_folder, test_folder, resize, cache, count, test_count, classes, range, augment,
                               shuffle);
    };
    return fields(x) == fields(y);
}

bool same(const TrainingConfig& x, const TrainingConfig& y)
{
    const auto fields = [](const TrainingConfig& t) {
        const auto& [batch, epochs, eta, floating, clip, gamma, loss] = t;
        const auto& [learning_rate, momentum, nesterov, weight_decay, batch_norm] = floating;
        return std::make_tuple(batch, epochs, eta, clip, gamma, loss, learning_rate, momentum, nesterov, weight_decay,
                               batch_norm);
    };
    return fields(x) == fields(y);
}

/// The value of the last key that is not beyond `epoch`.
template <class Value>
Value in_force(const std::map<int, Value>& schedule, std::uint64_t epoch)
{
    Value out = schedule.at(0);
    for (const auto& [first, value] : schedule) {
        if (static_cast<std::uint64_t>(first) <= epoch) out = value;
    }
    return out;
}

}  // namespace

bool operator==(const RunConfig& x, const RunConfig& y)
{
    const auto& [name, seed, network, chip, technology, activity, widths, floats, data, training, origins] = x;
    (void)technology;  // these follow from the chip file's paths
    (void)activity;
    const bool chips = chip && y.chip ? same(*chip, *y.chip) : chip.has_value() == y.chip.has_value();
    return name == y.name && seed == y.seed && same(network, y.network) && chips && widths == y.widths &&
           floats == y.floats && same(data, y.data) && same(training, y.training);
}

int TrainingConfig::eta_exponent(std::uint64_t epoch) const
{
    return eta.empty() ? 0 : in_force(eta, epoch);
}

double TrainingConfig::learning_rate(std::uint64_t epoch) const
{
    return floating.learning_rate.empty() ? std::ldexp(1.0, eta_exponent(epoch))
                                          : in_force(floating.learning_rate, epoch);
}

std::vector<LayerGeometry> geometry_of(const RunConfig& config)
{
    if (!config.floats.w) return make_geometry(config.network, config.widths);
    Network network = config.network;
    for (Layer& layer : network.layers) layer.attenuation = layer.attenuation.value_or(0);
    return make_geometry(network, config.widths);
}

ConfigError float_fault(const RunConfig& config, const std::string& reason)
{
    const FloatOperands& floats = config.floats;
    const char* key = floats.w ? "widths.w" : floats.a ? "widths.a" : floats.g ? "widths.g" : "widths.e";
    return config.origins.fault(key, "float", "an integer (" + reason + ")");
}

ConfigError Origins::fault(const std::string& key, const std::string& got, const std::string& allowed) const
{
    std::string known = key;
    auto found = origins_.find(known);
    while (found == origins_.end() && !known.empty()) {
        const std::size_t dot = known.rfind('.');
        known = dot == std::string::npos ? "" : known.substr(0, dot);
        found = origins_.find(known);
    }
    if (found == origins_.end()) return ConfigError(key + ": got " + got + ", allowed " + allowed);
    const Origin& origin = found->second;
    return ConfigError(fault_text(origin.where, key_in_source(key, origin.mount, origin.root), got, allowed));
}

}  // namespace wagesim::config
