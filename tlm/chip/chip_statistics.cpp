// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One walk over all counters serves reading and restoring, so that the two cannot disagree.
#include "tlm/chip/chip_statistics.hpp"

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
    }
}

}  // namespace

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
