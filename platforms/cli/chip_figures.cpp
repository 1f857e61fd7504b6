// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counters to rates and text. See the header.
#include "platforms/cli/chip_figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

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

std::optional<double> utilisation(const chip::UnitStatistics& unit, const chip::ChipStatistics& statistics)
{
    return rate(static_cast<double>(unit.busy.total()), static_cast<double>(statistics.cycles));
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

Json bottleneck_json(const chip::ChipStatistics& statistics)
{
    const auto busiest = std::max_element(statistics.units.begin(), statistics.units.end(),
                                          [](const auto& x, const auto& y) { return x.busy.total() < y.busy.total(); });
    if (busiest == statistics.units.end() || statistics.cycles == 0) return nullptr;
    return fmt::format("{} is busy in {:.1f} % of the cycles", busiest->name,
                       100.0 * utilisation(*busiest, statistics).value_or(0.0));
}

std::string with_unit(const std::optional<double>& value, const char* unit)
{
    return value ? fmt::format("{:.4g} {}", *value, unit) : fmt::format("- {}", unit);
}

std::string traffic_row(const char* memory, const chip::StreamTraffic& traffic)
{
    return fmt::format("  {:<18}{:>18}{:>18}{:>18}{:>18}", memory, grouped(traffic.activations),
                       grouped(traffic.errors), grouped(traffic.gradients), grouped(traffic.weights));
}

}  // namespace

Json chip_json(const chip::ChipStatistics& statistics, double clock_ghz)
{
    Json utilisations = Json::object();
    Json waits = Json::object();
    for (const chip::UnitStatistics& unit : statistics.units) {
        utilisations[unit.name] = to_json(utilisation(unit, statistics));
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
            {"bottleneck", bottleneck_json(statistics)}};
}

std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics, double clock_ghz)
{
    const double seconds = seconds_of(statistics, clock_ghz);
    std::string text = fmt::format("{}: {} images in {} cycles, {:.6g} s at {:g} GHz: {}, {}\n", title,
                                   grouped(statistics.samples), grouped(statistics.cycles), seconds, clock_ghz,
                                   with_unit(rate(static_cast<double>(statistics.samples), seconds), "images/s"),
                                   with_unit(tera_operations_per_second(statistics, clock_ghz), "TOPS"));
    text +=
        fmt::format("  {:<18}{:>12}{:>20}{:>20}{:>20}\n", "unit", "utilisation", "waits: forward", "backward", "other");
    for (const chip::UnitStatistics& unit : statistics.units) {
        text += fmt::format("  {:<18}{:>12}{:>20}{:>20}{:>20}\n", unit.name,
                            fmt::format("{:.1f} %", 100.0 * utilisation(unit, statistics).value_or(0.0)),
                            grouped(unit.waits.forward), grouped(unit.waits.backward), grouped(unit.waits.other));
    }
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
