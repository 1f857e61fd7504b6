// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a chip file may say against what this model builds, and against what a network needs.
#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

#include "tlm/mapping/mapping.hpp"

namespace wagesim::chip {
namespace {

class Faults {
public:
    void demand(bool holds, const std::string& fault)
    {
        if (!holds) list_.push_back(fault);
    }
    void at_least(const char* key, int value, int least)
    {
        demand(value >= least,
               std::string(key) + ": got " + std::to_string(value) + ", allowed " + std::to_string(least) + " or more");
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(list_); }
    [[nodiscard]] bool empty() const noexcept { return list_.empty(); }

private:
    std::vector<std::string> list_;
};

void check_device(const ChipConfig& config, Faults& faults)
{
    const DeviceConfig& device = config.device;
    const char* effect = first_effect(device);
    faults.demand(effect == nullptr || config.fidelity == Fidelity::bit_serial,
                  std::string("device.") + (effect == nullptr ? "" : effect) +
                      ": got an effect, allowed ideal devices, or fidelity bit_serial");
    faults.demand(!device.levels || *device.levels >= 2, "device.levels: got less than 2, allowed 2 or more");
    faults.at_least("device.write_pulses", device.write_pulses, 1);
    faults.at_least("device.drift_start_cycles", device.drift_start_cycles, 1);
    const std::initializer_list<std::pair<const char*, double>> amounts = {
        {"program_sigma", device.program_sigma},
        {"write_failure", device.write_failure},
        {"write_tolerance", device.write_tolerance},
        {"stuck_at_0", device.stuck_at_0},
        {"stuck_at_1", device.stuck_at_1},
        {"drift_exponent", device.drift_exponent},
        {"drift_sigma", device.drift_sigma},
        {"read_sigma", device.read_sigma},
        {"adc_offset_sigma", device.adc_offset_sigma},
        {"adc_gain_sigma", device.adc_gain_sigma},
        {"wire_resistance", device.wire_resistance}};
    for (const auto& [key, value] : amounts) {
        faults.demand(value >= 0.0, std::string("device.") + key + ": got less than 0, allowed 0 or more");
    }
    for (const double step : {device.set_step, device.reset_step}) {
        faults.demand(step > 0.0 && step <= 1.0, "device: got a step outside of 0..1, allowed more than 0, at most 1");
    }
    faults.demand(device.stuck_at_0 + device.stuck_at_1 <= 1.0,
                  "device.stuck_at_1: got more than 1 together with stuck_at_0, allowed 1");
}

void check_extents(const ChipConfig& config, Faults& faults)
{
    faults.demand(config.clock_ghz > 0.0, "clock_ghz: got 0 or less, allowed more than 0");
    faults.at_least("crossbar.rows", config.crossbar.rows, 1);
    faults.at_least("crossbar.columns", config.crossbar.columns, 1);
    faults.at_least("crossbar.cell_bits", config.crossbar.cell_bits, 1);
    faults.at_least("crossbar.dac_bits", config.crossbar.dac_bits, 1);
    faults.at_least("crossbar.active_lines", config.crossbar.active_lines, 1);
    faults.at_least("crossbar.lines_per_adc", config.crossbar.lines_per_adc, 1);
    faults.at_least("crossbar.write_cycles", config.crossbar.write_cycles, 0);
    faults.at_least("partitions.count", config.partitions.count, 1);
    faults.at_least("partitions.arrays", config.partitions.arrays, 1);
    faults.at_least("partitions.accumulator_bits", config.partitions.accumulator_bits, 2);
    faults.at_least("partitions.pooling_lanes", config.partitions.pooling_lanes, 1);
    faults.at_least("partitions.adder_cycles", config.partitions.adder_cycles, 0);
    faults.at_least("gradient.macs_per_cycle", config.gradient.macs_per_cycle, 1);
    faults.at_least("gradient.accumulator_bits", config.gradient.accumulator_bits, 2);
    faults.at_least("gradient.spill_bits", config.gradient.spill_bits, 1);
    faults.at_least("buffer.kib", config.buffer.kib, 1);
    faults.at_least("buffer.bytes_per_cycle", config.buffer.bytes_per_cycle, 1);
    faults.at_least("buffer.latency_cycles", config.buffer.latency_cycles, 0);
    faults.at_least("dram.gib", config.dram.gib, 1);
    faults.at_least("dram.bytes_per_cycle", config.dram.bytes_per_cycle, 1);
    faults.at_least("dram.latency_cycles", config.dram.latency_cycles, 0);
    faults.at_least("interconnect.bytes_per_cycle", config.interconnect.bytes_per_cycle, 1);
    faults.at_least("interconnect.latency_cycles", config.interconnect.latency_cycles, 0);
    faults.at_least("sequencer.command_cycles", config.sequencer.command_cycles, 0);
    faults.at_least("sequencer.chunk_samples", config.sequencer.chunk_samples, 1);
}

void check_copies(const ChipConfig& config, std::size_t layers, Faults& faults)
{
    const std::vector<int>& copies = config.mapping.copies;
    if (config.mapping.replication != Replication::given) {
        faults.demand(copies.empty(), "mapping.copies: allowed with mapping.replication: given only");
        return;
    }
    faults.demand(copies.size() == layers, "mapping.copies: got " + std::to_string(copies.size()) +
                                               " numbers, allowed " + std::to_string(layers) + ", one a layer");
    for (const int number : copies) faults.at_least("mapping.copies", number, 1);
}

/// Devices are those of an array; slices that take turns in one would be read where they are not.
void check_slices(const ChipConfig& config, const Placement& placement, Faults& faults)
{
    if (first_effect(config.device) == nullptr) return;
    const auto whole = [](const MatrixPlacement& matrix) {
        return std::all_of(matrix.passes.begin(), matrix.passes.end(),
                           [](const MatrixPass& pass) { return pass.magnitude_mask == MatrixPass{}.magnitude_mask; });
    };
    for (const LayerPlacement& layer : placement.layers) {
        if (whole(layer.forward()) && whole(layer.backward())) continue;
        faults.demand(false, "partitions.arrays: got fewer than a weight has slices, allowed with ideal devices only");
        return;
    }
}

}  // namespace

std::vector<std::string> chip_faults(const ChipConfig& config, const Network& network, const ChipOptions& options)
{
    Faults faults;
    check_extents(config, faults);
    check_device(config, faults);
    faults.demand(options.batch >= 1, "batch: got 0, allowed 1 or more");
    if (!faults.empty()) return faults.take();
    try {
        const std::vector<LayerPlan> layers = plan_layers(network, config, options);
        for (const std::string& fault : bound_faults(layers, config)) faults.demand(false, fault);
        constexpr int kMostClasses = 1 << 16;
        faults.demand(layers.back().geometry.out_c <= kMostClasses,
                      "layers: the last has more units than predictions of 16 bits can name");
        check_copies(config, layers.size(), faults);
        if (!faults.empty()) return faults.take();
        const Placement placement = place_layers(layers, config, options.widths, options.batch);
        check_slices(config, placement, faults);
        (void)plan_memory(layers, placement, config, options.batch);
    } catch (const std::invalid_argument& fault) {
        faults.demand(false, fault.what());
    } catch (const std::overflow_error& fault) {
        faults.demand(false, fault.what());
    }
    return faults.take();
}

}  // namespace wagesim::chip
