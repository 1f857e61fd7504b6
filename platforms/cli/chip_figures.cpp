// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counters to rates and text. See the header.
#include "platforms/cli/chip_figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace wagesim::cli {
namespace {

double seconds_of(const chip::ChipStatistics& statistics, double clock_ghz)
{
    return static_cast<double>(statistics.cycles) / (clock_ghz * 1e9);
}

/// amount / seconds; nothing before anything has run.
std::optional<double> rate(double amount, double seconds)
{
    return seconds > 0.0 ? std::optional<double>(amount / seconds) : std::nullopt;
}

std::uint64_t macs(const chip::ChipStatistics& statistics)
{
    return statistics.macs_forward + statistics.macs_backward + statistics.macs_gradient;
}

struct Resource {
    std::string name;
    std::uint64_t busy_cycles;
};

/// Whatever may limit the chip: the units, then the memories.
std::vector<Resource> resources(const chip::ChipStatistics& statistics)
{
    std::vector<Resource> all;
    for (const chip::UnitStatistics& unit : statistics.units) all.push_back({unit.name, unit.busy.total()});
    all.push_back({"buffer", statistics.buffer_busy});
    all.push_back({"dram", statistics.dram_busy});
    return all;
}

std::optional<double> utilisation(std::uint64_t busy_cycles, const chip::ChipStatistics& statistics)
{
    return rate(static_cast<double>(busy_cycles), static_cast<double>(statistics.cycles));
}

std::string percent(std::uint64_t busy_cycles, const chip::ChipStatistics& statistics)
{
    return fmt::format("{:.1f} %", 100.0 * utilisation(busy_cycles, statistics).value_or(0.0));
}

/// A MAC is two operations.
std::optional<double> tera_operations_per_second(const chip::ChipStatistics& statistics, double clock_ghz)
{
    return rate(2e-12 * static_cast<double>(macs(statistics)), seconds_of(statistics, clock_ghz));
}

Json traffic_json(const chip::StreamTraffic& traffic)
{
    return {{"activations", traffic.activations},
            {"errors", traffic.errors},
            {"gradients", traffic.gradients},
            {"weights", traffic.weights}};
}

/// Nothing before anything has run.
std::optional<std::string> bottleneck(const chip::ChipStatistics& statistics)
{
    if (statistics.cycles == 0) return std::nullopt;
    const std::vector<Resource> all = resources(statistics);
    const auto busiest = std::max_element(all.begin(), all.end(),
                                          [](const auto& x, const auto& y) { return x.busy_cycles < y.busy_cycles; });
    return fmt::format("{} is busy in {} of the cycles", busiest->name, percent(busiest->busy_cycles, statistics));
}

/// A number in a column of this width; one that would fill it is rounded, so that no table grows or runs together.
std::string cell(std::uint64_t number, std::size_t width)
{
    const std::string exact = grouped(number);
    return fmt::format("{:>{}}", exact.size() < width ? exact : fmt::format("{:.6e}", static_cast<double>(number)),
                       width);
}

std::string with_unit(const std::optional<double>& value, const char* unit)
{
    return value ? fmt::format("{:.4g} {}", *value, unit) : fmt::format("- {}", unit);
}

std::string traffic_row(const char* memory, const chip::StreamTraffic& traffic)
{
    return fmt::format("  {:<18}{}{}{}{}", memory, cell(traffic.activations, 18), cell(traffic.errors, 18),
                       cell(traffic.gradients, 18), cell(traffic.weights, 18));
}

}  // namespace

Json chip_json(const chip::ChipStatistics& statistics, double clock_ghz)
{
    Json utilisations = Json::object();
    Json waits = Json::object();
    for (const Resource& resource : resources(statistics)) {
        utilisations[resource.name] = to_json(utilisation(resource.busy_cycles, statistics));
    }
    for (const chip::UnitStatistics& unit : statistics.units) {
        waits[unit.name] = {
            {"forward", unit.waits.forward}, {"backward", unit.waits.backward}, {"other", unit.waits.other}};
    }
    Json layers = Json::array();
    for (std::size_t i = 0; i < statistics.layers.size(); ++i) {
        layers.push_back({{"name", fmt::format("layer{}", i)},
                          {"macs", statistics.layers[i].macs},
                          {"cycles", statistics.layers[i].cycles},
                          {"energy_j", nullptr}});
    }
    const double seconds = seconds_of(statistics, clock_ghz);
    const std::optional<std::string> limit = bottleneck(statistics);
    return {{"cycles", statistics.cycles},
            {"seconds", seconds},
            {"images_per_second", to_json(rate(static_cast<double>(statistics.samples), seconds))},
            {"macs",
             {{"forward", statistics.macs_forward},
              {"backward", statistics.macs_backward},
              {"gradient", statistics.macs_gradient}}},
            {"operations", 2 * macs(statistics)},
            {"energy_j", nullptr},
            {"energy_by", nullptr},
            {"power_w", {{"average", nullptr}, {"peak", nullptr}}},
            {"tops", to_json(tera_operations_per_second(statistics, clock_ghz))},
            {"tops_per_w", nullptr},
            {"area_mm2", nullptr},
            {"area_by", nullptr},
            {"traffic_bytes", {{"dram", traffic_json(statistics.dram)}, {"buffer", traffic_json(statistics.buffer)}}},
            {"utilisation", utilisations},
            {"waits_cycles", waits},
            {"cell_writes", {{"total", statistics.cell_writes}, {"max_per_cell", nullptr}}},
            {"layers", layers},
            {"bottleneck", limit ? Json(*limit) : Json(nullptr)}};
}

std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics, double clock_ghz)
{
    const double seconds = seconds_of(statistics, clock_ghz);
    std::string text =
        fmt::format("{}: {} images in {} cycles\n", title, grouped(statistics.samples), grouped(statistics.cycles));
    text += fmt::format("  {:.6g} s at {:g} GHz: {}, {}\n", seconds, clock_ghz,
                        with_unit(rate(static_cast<double>(statistics.samples), seconds), "images/s"),
                        with_unit(tera_operations_per_second(statistics, clock_ghz), "TOPS"));
    if (const auto limit = bottleneck(statistics)) text += fmt::format("  {}\n", *limit);
    text +=
        fmt::format("  {:<18}{:>12}{:>20}{:>20}{:>20}\n", "unit", "utilisation", "waits: forward", "backward", "other");
    for (const chip::UnitStatistics& unit : statistics.units) {
        text += fmt::format("  {:<18}{:>12}{}{}{}\n", unit.name, percent(unit.busy.total(), statistics),
                            cell(unit.waits.forward, 20), cell(unit.waits.backward, 20), cell(unit.waits.other, 20));
    }
    text += fmt::format("  {:<18}{:>12}\n", "buffer", percent(statistics.buffer_busy, statistics));
    text += fmt::format("  {:<18}{:>12}\n", "DRAM", percent(statistics.dram_busy, statistics));
    text += fmt::format("  {:<18}{:>18}{:>18}{:>18}{:>18}\n", "traffic, bytes", "activations", "errors", "gradients",
                        "weights");
    text += traffic_row("DRAM", statistics.dram) + "\n" + traffic_row("buffer", statistics.buffer);
    return text;
}

void add_chip(Json& result, const chip::Chip& chip, const Session& session)
{
    const double clock_ghz = session.config.chip->clock_ghz;
    result["chip"] = chip_json(chip.training_statistics(), clock_ghz);
    result["evaluation"] = chip_json(chip.evaluation_statistics(), clock_ghz);
}

void print_chip(const chip::Chip& chip, const Session& session, Console& console)
{
    const double clock_ghz = session.config.chip->clock_ghz;
    for (const auto& [title, statistics] :
         {std::pair{"training", &chip.training_statistics()}, std::pair{"evaluation", &chip.evaluation_statistics()}}) {
        if (statistics->samples > 0) console.print(chip_table(title, *statistics, clock_ghz));
    }
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

}  // namespace wagesim::cli
