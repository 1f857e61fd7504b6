// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One dense layer that fills one array exactly, and the closed forms of tlm/mac_partition and tlm/crossbar over it.
#include "tests/validation/array_model.hpp"

#include <fmt/core.h>

#include <vector>

#include "platforms/config/load_run.hpp"
#include "tests/validation/comparison.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/partition_events.hpp"

namespace wagesim::test {
namespace {

config::RunConfig load_array_run(const std::string& chip, int weight_bits, int activation_bits,
                                 const std::string& technology, int adc_bits)
{
    const std::string configs = WAGESIM_SOURCE_DIR "/configs/";
    std::vector<std::string> overrides = {
        "chip=" + configs + "chips/" + chip + ".yaml", fmt::format("widths.w={}", weight_bits),
        fmt::format("widths.a={}", activation_bits), fmt::format("widths.e={}", activation_bits)};
    if (!technology.empty()) overrides.push_back("chip.technology=" + configs + "technologies/" + technology + ".yaml");
    if (adc_bits > 0) overrides.push_back(fmt::format("chip.crossbar.adc_bits={}", adc_bits));
    const std::string run = vgg8_run();
    const config::RunConfig first = config::load_run(run, overrides);
    overrides.push_back(fmt::format("network.input={{channels: {}, height: 1, width: 1}}", first.chip->crossbar.rows));
    overrides.push_back(fmt::format("network.layers=[{{dense: {{units: {}}}}}]", first.chip->crossbar.columns));
    return config::load_run(run, overrides);
}

chip::CellBlock whole_array(const chip::CrossbarConfig& crossbar)
{
    return {chip::RowIndex(0), chip::RowIndex(static_cast<std::size_t>(crossbar.rows)), chip::ColumnIndex(0),
            chip::ColumnIndex(static_cast<std::size_t>(crossbar.columns))};
}

chip::PartitionLayer layer_of(const config::RunConfig& config, int bits)
{
    chip::PartitionLayer layer;
    layer.geometry = config::geometry_of(config).front();
    layer.input_bits = bits;
    layer.operand_bits = bits;
    return layer;
}

chip::PartitionEvents events_of(const config::RunConfig& config, int weight_bits)
{
    chip::PartitionEvents events;
    events.crossbar = config.chip->crossbar;
    events.weight_bits = weight_bits;
    return events;
}

double picojoules(std::int64_t attojoules)
{
    return static_cast<double>(attojoules) * 1e-6;
}

/// `counts` of one component; what depends on data as often as it can happen.
double energy_pj(const std::vector<chip::EventCount>& counts, const chip::Technology& technology,
                 chip::Component component)
{
    double sum = 0.0;
    const auto add = [&](chip::Event event, std::uint64_t count) {
        if (chip::describe(event).component != component) return;
        sum += static_cast<double>(count) * picojoules(technology.event_aj[chip::index_of(event)]);
    };
    for (const chip::EventCount& each : counts) {
        add(each.event, each.count);
        if (each.event == chip::Event::cell_pulse) add(chip::Event::cell_read, each.count);
        if (each.event == chip::Event::line_pulse) add(chip::Event::driver_pulse, each.count);
    }
    return sum;
}

}  // namespace

ArrayModel::ArrayModel(const std::string& chip, int weight_bits, int activation_bits, const std::string& technology,
                       int adc_bits)
    : config_(load_array_run(chip, weight_bits, activation_bits, technology, adc_bits)),
      weight_bits_(weight_bits),
      activation_bits_(activation_bits)
{
}

double ArrayModel::event_pj(chip::Event event) const
{
    return picojoules(config_.technology->event_aj[chip::index_of(event)]);
}

double ArrayModel::part_um2(chip::Part part) const
{
    return static_cast<double>(config_.technology->part_nm2[chip::index_of(part)]) * 1e-6;
}

double ArrayModel::leakage_mw(chip::Part part) const
{
    return static_cast<double>(config_.technology->leakage_nw[chip::index_of(part)]) * 1e-6;
}

double ArrayModel::forward_pj(chip::Component component) const
{
    chip::PartitionForward command;
    command.samples = {0, 1};
    command.block = whole_array(chip().crossbar);
    const auto counts = events_of(config_, weight_bits_).of(command, layer_of(config_, activation_bits_));
    return energy_pj(counts, *config_.technology, component);
}

double ArrayModel::backward_pj(chip::Component component) const
{
    chip::PartitionBackward command;
    command.samples = {0, 1};
    command.block = whole_array(chip().crossbar);
    const auto counts = events_of(config_, weight_bits_).of(command, layer_of(config_, activation_bits_));
    return energy_pj(counts, *config_.technology, component);
}

double ArrayModel::forward_analog_pj() const
{
    return forward_pj(chip::Component::crossbar) + forward_pj(chip::Component::drivers);
}

double ArrayModel::backward_analog_pj() const
{
    return backward_pj(chip::Component::crossbar) + backward_pj(chip::Component::drivers);
}

double ArrayModel::forward_ns() const
{
    const chip::CrossbarConfig& crossbar = chip().crossbar;
    const std::uint64_t cycles =
        chip::forward_position_cycles(crossbar, activation_bits_, static_cast<std::size_t>(crossbar.rows),
                                      static_cast<std::size_t>(crossbar.columns));
    return static_cast<double>(cycles) / chip().clock_ghz;
}

double ArrayModel::programming_pj() const
{
    chip::PartitionProgram command;
    command.block = whole_array(chip().crossbar);
    const auto counts = events_of(config_, weight_bits_).of(command, layer_of(config_, activation_bits_));
    return energy_pj(counts, *config_.technology, chip::Component::crossbar);
}

double ArrayModel::programming_ns() const
{
    const chip::CrossbarConfig& crossbar = chip().crossbar;
    return static_cast<double>(chip::programming_cycles(crossbar, static_cast<std::size_t>(crossbar.rows))) /
           chip().clock_ghz;
}

double ArrayModel::macs() const
{
    return static_cast<double>(chip().crossbar.rows) * static_cast<double>(chip().crossbar.columns);
}

}  // namespace wagesim::test
