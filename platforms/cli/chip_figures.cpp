// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counters to rates and text. See the header.
#include "platforms/cli/chip_figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "platforms/cli/bottleneck.hpp"
#include "tlm/chip/inventory.hpp"

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

/// Who is busiest, and what would relieve it.
struct Bottleneck {
    std::string who, relief;
};

/// Nothing before anything has run.
std::optional<Bottleneck> bottleneck(const chip::ChipStatistics& statistics, const ChipCosts& costs)
{
    if (statistics.cycles == 0) return std::nullopt;
    const std::vector<Resource> all = resources(statistics);
    const auto busiest = std::max_element(all.begin(), all.end(),
                                          [](const auto& x, const auto& y) { return x.busy_cycles < y.busy_cycles; });
    return Bottleneck{
        fmt::format("{} is busy in {} of the cycles", busiest->name, percent(busiest->busy_cycles, statistics)),
        costs.reliefs.at(busiest->name) + " would relieve it"};
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

/// What a phase of training, or the evaluation, spent; all exact until printed.
struct Energies {
    chip::EnergyTable dynamic;
    std::array<chip::Attojoules, chip::kComponentNames.size()> leakage{};
    std::vector<chip::Attojoules> layers;  ///< dynamic
    std::optional<double> peak_watts;

    [[nodiscard]] chip::Attojoules leaked() const
    {
        return std::accumulate(leakage.begin(), leakage.end(), chip::Attojoules{0});
    }
    [[nodiscard]] chip::Attojoules total() const { return dynamic.total + leaked(); }
    [[nodiscard]] chip::Attojoules of(std::size_t component) const
    {
        const auto& phases = dynamic.by_component[component];
        return std::accumulate(phases.begin(), phases.end(), leakage[component]);
    }
};

std::optional<Energies> energies_of(const chip::ChipStatistics& statistics, const ChipCosts& costs)
{
    if (!costs.technology) return std::nullopt;
    const chip::Technology& technology = *costs.technology;
    Energies out;
    out.dynamic = chip::energy_of(statistics.ledger, technology);
    chip::Attojoules leaked_a_cycle = 0;
    for (std::size_t i = 0; i < out.leakage.size(); ++i) {
        const chip::Attojoules each =
            chip::leakage_per_cycle(costs.inventory, technology, static_cast<chip::Component>(i), costs.clock_ghz);
        leaked_a_cycle += each;
        out.leakage[i] = each * static_cast<chip::Attojoules>(statistics.cycles);
    }
    for (std::size_t i = 0; i < statistics.layers.size(); ++i) {
        out.layers.push_back(chip::energy_of_layer(statistics.ledger, technology, i));
    }
    if (statistics.peak.window_cycles > 0) {
        const double cycles = static_cast<double>(statistics.peak.window_cycles);
        const double a_cycle =
            static_cast<double>(statistics.peak.attojoules) / cycles + static_cast<double>(leaked_a_cycle);
        out.peak_watts = a_cycle * 1e-18 * costs.clock_ghz * 1e9;
    }
    return out;
}

Json energy_by_json(const Energies& energies)
{
    Json out = Json::object();
    for (std::size_t component = 0; component < chip::kComponentNames.size(); ++component) {
        Json phases = Json::object();
        for (std::size_t phase = 0; phase < chip::kPhaseNames.size(); ++phase) {
            phases[std::string(chip::kPhaseNames[phase])] =
                chip::joules(energies.dynamic.by_component[component][phase]);
        }
        phases["leakage"] = chip::joules(energies.leakage[component]);
        out[std::string(chip::kComponentNames[component])] = phases;
    }
    return out;
}

double area_of(const ChipCosts& costs, std::size_t component)
{
    return chip::area_mm2(costs.inventory, *costs.technology, static_cast<chip::Component>(component));
}

double total_area(const ChipCosts& costs)
{
    double sum = 0.0;
    for (std::size_t component = 0; component < chip::kComponentNames.size(); ++component)
        sum += area_of(costs, component);
    return sum;
}

Json area_by_json(const ChipCosts& costs)
{
    Json out = Json::object();
    for (std::size_t component = 0; component < chip::kComponentNames.size(); ++component) {
        out[std::string(chip::kComponentNames[component])] = area_of(costs, component);
    }
    return out;
}

std::optional<double> tera_operations_per_joule(const chip::ChipStatistics& statistics, const Energies& energies)
{
    return rate(2e-12 * static_cast<double>(macs(statistics)), chip::joules(energies.total()));
}

/// Energy, power and area, and the components that take most of the energy.
std::string energy_text(const chip::ChipStatistics& statistics, const ChipCosts& costs, double seconds)
{
    const std::optional<Energies> energies = energies_of(statistics, costs);
    if (!energies) return "";
    const double total = chip::joules(energies->total());
    std::string text =
        fmt::format("  {}, {} peak; {}; {}; {:.4g} mm2\n", with_unit(rate(total, seconds), "W on average"),
                    with_unit(energies->peak_watts, "W"),
                    with_unit(rate(total, static_cast<double>(statistics.samples)), "J/image"),
                    with_unit(tera_operations_per_joule(statistics, *energies), "TOPS/W"), total_area(costs));
    std::vector<std::size_t> order(chip::kComponentNames.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return energies->of(x) > energies->of(y); });
    std::string line = "  energy:";
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < kShown; ++i) {
        const double part = chip::joules(energies->of(order[i]));
        const std::string next = fmt::format("{} {} {:.1f} %", i == 0 ? "" : ",", chip::kComponentNames[order[i]],
                                             total > 0.0 ? 100.0 * part / total : 0.0);
        constexpr std::size_t kWidth = 100;
        if (line.size() + next.size() > kWidth) break;
        line += next;
    }
    return text + line + "\n";
}

/// The most that any layer needs in each direction, and the first layer that needs most.
std::string converters_text(const ChipCosts& costs)
{
    int forward = 0, backward = 0;
    std::size_t layer = 0;
    for (std::size_t i = 0; i < costs.converters.size(); ++i) {
        const chip::ExactConverters& each = costs.converters[i];
        const int of_errors = i > 0 ? each.backward : 0;
        if (std::max(each.forward, of_errors) > std::max(forward, backward)) layer = i;
        forward = std::max(forward, each.forward);
        backward = std::max(backward, of_errors);
    }
    const std::string of_errors = costs.converters.size() > 1 ? fmt::format(", {} backward", backward) : "";
    return fmt::format("  converters of {} bits; exact: {} forward{}, layer {} first\n", costs.adc_bits, forward,
                       of_errors, layer);
}

std::string lifetime_text(const CellLifetime& lifetime)
{
    if (!lifetime.mean_pulses) return "";
    std::string text = fmt::format("  cells: {:.4g} pulses on average", *lifetime.mean_pulses);
    text += lifetime.most_pulses ? fmt::format(", {} at most", grouped(*lifetime.most_pulses)) : ", estimated";
    if (!lifetime.endurance) return text + "\n";
    text += fmt::format("\n  lifetime at {:g} pulses: {} on average", static_cast<double>(*lifetime.endurance),
                        with_unit(lifetime.steps_to_mean_cell, "steps"));
    if (lifetime.steps_to_first_cell) {
        text += fmt::format(", {} to the first worn cell", with_unit(lifetime.steps_to_first_cell, "steps"));
    }
    return text + "\n";
}

Json cell_writes_json(const chip::ChipStatistics& statistics, const CellLifetime* lifetime)
{
    Json out = {{"total", statistics.cell_writes}, {"max_per_cell", nullptr}};
    if (lifetime == nullptr) return out;
    out["total"] = lifetime->writes ? Json(*lifetime->writes) : Json(nullptr);
    if (lifetime->most_pulses) out["max_per_cell"] = *lifetime->most_pulses;
    out["mean_per_cell"] = to_json(lifetime->mean_pulses);
    out["cells"] = lifetime->cells;
    out["endurance"] = lifetime->endurance ? Json(*lifetime->endurance) : Json(nullptr);
    out["lifetime_steps"] = {{"first_cell", to_json(lifetime->steps_to_first_cell)},
                             {"mean_cell", to_json(lifetime->steps_to_mean_cell)}};
    return out;
}

/// The first layer delivers no errors.
Json converters_json(const chip::ExactConverters& exact, std::size_t layer)
{
    return {{"forward", exact.forward}, {"backward", layer > 0 ? Json(exact.backward) : Json(nullptr)}};
}

std::string traffic_row(const char* memory, const chip::StreamTraffic& traffic)
{
    return fmt::format("  {:<18}{}{}{}{}", memory, cell(traffic.activations, 18), cell(traffic.errors, 18),
                       cell(traffic.gradients, 18), cell(traffic.weights, 18));
}

}  // namespace

ChipCosts costs_of(const chip::Chip& chip, const config::RunConfig& config)
{
    ChipCosts costs;
    costs.clock_ghz = config.chip->clock_ghz;
    costs.technology = config.technology;
    costs.inventory = chip::inventory_of(*config.chip);
    costs.reliefs = reliefs_of(chip.mapping());
    costs.adc_bits = config.chip->crossbar.adc_bits;
    const chip::Mapping& mapping = chip.mapping();
    for (std::size_t i = 0; i < mapping.layers().size(); ++i) {
        costs.converters.push_back(chip::exact_converters(config.chip->crossbar, mapping.options().widths,
                                                          mapping.layers()[i], mapping.placement().layers[i]));
    }
    return costs;
}

Json chip_json(const chip::ChipStatistics& statistics, const ChipCosts& costs, const CellLifetime* lifetime)
{
    const double clock_ghz = costs.clock_ghz;
    const std::optional<Energies> energies = energies_of(statistics, costs);
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
                          {"energy_j", energies ? Json(chip::joules(energies->layers[i])) : Json(nullptr)},
                          {"exact_adc_bits", converters_json(costs.converters[i], i)}});
    }
    const double seconds = seconds_of(statistics, clock_ghz);
    const std::optional<Bottleneck> limit = bottleneck(statistics, costs);
    return {{"cycles", statistics.cycles},
            {"seconds", seconds},
            {"images_per_second", to_json(rate(static_cast<double>(statistics.samples), seconds))},
            {"macs",
             {{"forward", statistics.macs_forward},
              {"backward", statistics.macs_backward},
              {"gradient", statistics.macs_gradient}}},
            {"operations", 2 * macs(statistics)},
            {"energy_j", energies ? Json(chip::joules(energies->total())) : Json(nullptr)},
            {"energy_by", energies ? energy_by_json(*energies) : Json(nullptr)},
            {"power_w",
             {{"average", to_json(energies ? rate(chip::joules(energies->total()), seconds) : std::nullopt)},
              {"peak", to_json(energies ? energies->peak_watts : std::nullopt)}}},
            {"tops", to_json(tera_operations_per_second(statistics, clock_ghz))},
            {"tops_per_w", to_json(energies ? tera_operations_per_joule(statistics, *energies) : std::nullopt)},
            {"area_mm2", costs.technology ? Json(total_area(costs)) : Json(nullptr)},
            {"area_by", costs.technology ? area_by_json(costs) : Json(nullptr)},
            {"traffic_bytes", {{"dram", traffic_json(statistics.dram)}, {"buffer", traffic_json(statistics.buffer)}}},
            {"utilisation", utilisations},
            {"waits_cycles", waits},
            {"cell_writes", cell_writes_json(statistics, lifetime)},
            {"layers", layers},
            {"bottleneck", limit ? Json(limit->who + ": " + limit->relief) : Json(nullptr)}};
}

std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics, const ChipCosts& costs,
                       const CellLifetime* lifetime)
{
    const double clock_ghz = costs.clock_ghz;
    const double seconds = seconds_of(statistics, clock_ghz);
    std::string text =
        fmt::format("{}: {} images in {} cycles\n", title, grouped(statistics.samples), grouped(statistics.cycles));
    text += fmt::format("  {:.6g} s at {:g} GHz: {}, {}\n", seconds, clock_ghz,
                        with_unit(rate(static_cast<double>(statistics.samples), seconds), "images/s"),
                        with_unit(tera_operations_per_second(statistics, clock_ghz), "TOPS"));
    text += energy_text(statistics, costs, seconds);
    if (lifetime != nullptr) text += converters_text(costs) + lifetime_text(*lifetime);
    if (const auto limit = bottleneck(statistics, costs)) {
        text += fmt::format("  {}:\n    {}\n", limit->who, limit->relief);
    }
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

void add_chip(Json& result, const chip::Chip& chip, const config::RunConfig& config)
{
    const ChipCosts costs = costs_of(chip, config);
    const CellLifetime lifetime =
        cell_lifetime(chip.training_statistics(), chip.evaluation_statistics(), chip.wear(), costs.technology);
    result["chip"] = chip_json(chip.training_statistics(), costs, &lifetime);
    result["evaluation"] = chip_json(chip.evaluation_statistics(), costs, nullptr);
}

void print_chip(const chip::Chip& chip, const config::RunConfig& config, Console& console)
{
    const ChipCosts costs = costs_of(chip, config);
    const chip::ChipStatistics& training = chip.training_statistics();
    const CellLifetime lifetime = cell_lifetime(training, chip.evaluation_statistics(), chip.wear(), costs.technology);
    if (training.samples > 0) console.print(chip_table("training", training, costs, &lifetime));
    const chip::ChipStatistics& evaluation = chip.evaluation_statistics();
    if (evaluation.samples > 0) console.print(chip_table("evaluation", evaluation, costs, nullptr));
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

}  // namespace wagesim::cli
