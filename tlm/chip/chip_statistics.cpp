// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One walk over all counters serves reading and restoring, so that the two cannot disagree.
#include "tlm/chip/chip_statistics.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace wagesim::chip {
namespace {

template <class Cycles, class Visit>
void walk_directions(Cycles& cycles, const std::string& name, const Visit& visit)
{
    visit(name + ".forward", cycles.forward);
    visit(name + ".backward", cycles.backward);
    visit(name + ".other", cycles.other);
}

template <class Traffic, class Visit>
void walk_traffic(Traffic& traffic, const std::string& name, const Visit& visit)
{
    visit(name + ".activations", traffic.activations);
    visit(name + ".errors", traffic.errors);
    visit(name + ".gradients", traffic.gradients);
    visit(name + ".weights", traffic.weights);
}

template <class Events, class Visit>
void walk_events(Events& ledger, const Visit& visit)
{
    for (std::size_t layer = 0; layer < ledger.layers(); ++layer) {
        for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase) {
            for (std::size_t event = 0; event < kEventCount; ++event) {
                visit("events." + std::to_string(layer) + "." + std::string(kPhaseNames[phase]) + "." +
                          std::string(kEvents[event].name),
                      ledger.count(static_cast<Event>(event), static_cast<Phase>(phase), layer));
            }
        }
    }
}

/// Calls visit(name, counter) for every counter.
template <class Statistics, class Visit>
void walk(Statistics& statistics, const Visit& visit)
{
    visit("programs", statistics.programs);
    visit("samples", statistics.samples);
    visit("cycles", statistics.cycles);
    visit("macs.forward", statistics.macs_forward);
    visit("macs.backward", statistics.macs_backward);
    visit("macs.gradient", statistics.macs_gradient);
    visit("cell_writes", statistics.cell_writes);
    visit("peak.window_cycles", statistics.peak.window_cycles);
    visit("peak.attojoules", statistics.peak.attojoules);
    walk_events(statistics.ledger, visit);
    walk_traffic(statistics.dram, "dram", visit);
    walk_traffic(statistics.buffer, "buffer", visit);
    visit("dram.busy", statistics.dram_busy);
    visit("buffer.busy", statistics.buffer_busy);
    for (auto& unit : statistics.units) {
        const std::string name = "units." + unit.name;
        visit(name + ".commands", unit.commands);
        walk_directions(unit.busy, name + ".busy", visit);
        walk_directions(unit.waits, name + ".waits", visit);
    }
    for (std::size_t layer = 0; layer < statistics.layers.size(); ++layer) {
        const std::string name = "layers." + std::to_string(layer);
        visit(name + ".macs", statistics.layers[layer].macs);
        visit(name + ".cycles", statistics.layers[layer].cycles);
        visit(name + ".rows_due", statistics.layers[layer].rows_due);
        visit(name + ".rows_changed", statistics.layers[layer].rows_changed);
        visit(name + ".cells_due", statistics.layers[layer].cells_due);
    }
}

}  // namespace

void PeakPower::consider(std::uint64_t cycles, Attojoules energy) noexcept
{
    const Attojoules here = energy * static_cast<Attojoules>(window_cycles);
    if (window_cycles != 0 && here <= Attojoules{attojoules} * static_cast<Attojoules>(cycles)) return;
    constexpr Attojoules kMost = std::numeric_limits<std::uint64_t>::max();
    window_cycles = cycles;
    attojoules = static_cast<std::uint64_t>(std::min(energy, kMost));
}

void add_statistics(ChipStatistics& to, const ChipStatistics& of, std::uint64_t times)
{
    PeakPower peak = to.peak;
    if (of.peak.window_cycles > 0) peak.consider(of.peak.window_cycles, of.peak.attojoules);
    std::vector<std::uint64_t*> counters;
    walk(to, [&](const std::string&, std::uint64_t& counter) { counters.push_back(&counter); });
    std::size_t next = 0;
    walk(of, [&](const std::string&, const std::uint64_t& counter) { *counters.at(next++) += counter * times; });
    to.peak = peak;
}

NamedCounters counters_of(const ChipStatistics& statistics)
{
    NamedCounters out;
    walk(statistics, [&](const std::string& name, const std::uint64_t& counter) { out.emplace_back(name, counter); });
    return out;
}

void restore_counters(const NamedCounters& counters, ChipStatistics& statistics)
{
    std::size_t next = 0;
    walk(statistics, [&](const std::string& name, std::uint64_t& counter) {
        if (next == counters.size() || counters[next].first != name) {
            throw std::invalid_argument("statistics: got " +
                                        (next == counters.size() ? "nothing" : counters[next].first) + ", allowed " +
                                        name);
        }
        counter = counters[next++].second;
    });
    if (next != counters.size()) {
        throw std::invalid_argument("statistics: got " + counters[next].first + ", allowed nothing more");
    }
}

}  // namespace wagesim::chip
