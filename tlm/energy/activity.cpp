// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Quotients of counts, and back.
#include "tlm/energy/activity.hpp"

#include <algorithm>
#include <cmath>

namespace wagesim::chip {
namespace {

double fraction(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double fraction(const Ledger& ledger, Phase phase, std::size_t layer, Event part, Event whole)
{
    return fraction(ledger.count(part, phase, layer), ledger.count(whole, phase, layer));
}

ReadActivity reads(const Ledger& ledger, Phase phase, std::size_t layer)
{
    return {fraction(ledger, phase, layer, Event::driver_pulse, Event::line_pulse),
            fraction(ledger, phase, layer, Event::cell_read, Event::cell_pulse)};
}

std::uint64_t count_of(const std::vector<EventCount>& events, Event event)
{
    std::uint64_t sum = 0;
    for (const EventCount& each : events) sum += each.event == event ? each.count : 0;
    return sum;
}

}  // namespace

Activity measured_activity(const Ledger& training, const Ledger& evaluation,
                           const std::vector<ProgrammingCounts>& programming)
{
    Activity out(std::max(training.layers(), evaluation.layers()));
    for (std::size_t layer = 0; layer < out.size(); ++layer) {
        LayerActivity& of = out[layer];
        of.forward = reads(training, Phase::forward, layer);
        of.backward = reads(training, Phase::backward, layer);
        of.evaluation = reads(evaluation, Phase::evaluation, layer);
        const ProgrammingCounts& counts = programming.at(layer);
        of.set = fraction(training.count(Event::cell_set, Phase::programming, layer), counts.cells_due);
        of.reset = fraction(training.count(Event::cell_reset, Phase::programming, layer), counts.cells_due);
        of.rows = fraction(counts.rows_changed, counts.rows_due);
    }
    return out;
}

std::vector<EventCount> estimated_events(const std::vector<EventCount>& events, Phase phase,
                                         const LayerActivity& activity)
{
    std::vector<EventCount> out;
    const auto add = [&](Event part, Event whole, double of_them) {
        const std::uint64_t all = count_of(events, whole);
        if (all > 0)
            out.push_back({part, static_cast<std::uint64_t>(std::llround(static_cast<double>(all) * of_them))});
    };
    const ReadActivity& reads = phase == Phase::backward     ? activity.backward
                                : phase == Phase::evaluation ? activity.evaluation
                                                             : activity.forward;
    add(Event::driver_pulse, Event::line_pulse, reads.driven);
    add(Event::cell_read, Event::cell_pulse, reads.conducting);
    add(Event::cell_set, Event::cell_verify, activity.set);
    add(Event::cell_reset, Event::cell_verify, activity.reset);
    return out;
}

}  // namespace wagesim::chip
