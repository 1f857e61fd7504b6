// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each command waits in the parts of ready .. begin in which its unit served others; a sweep adds them up.
#include "platforms/inspect/queue_lengths.hpp"

#include <algorithm>
#include <map>

namespace wagesim::inspect {

std::vector<QueueLength> queue_lengths(const std::vector<const TracedCommand*>& commands)
{
    using Changes = std::array<std::int64_t, chip::kDirectionNames.size()>;
    std::map<std::uint64_t, Changes> changes;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const TracedCommand& waiting = *commands[i];
        if (waiting.after.empty()) continue;  // it continues its unit's own work
        const std::size_t direction = chip::index_of(chip::direction_of(waiting.phase));
        for (std::size_t before = i; before-- > 0 && commands[before]->end > waiting.ready;) {
            ++changes[std::max(commands[before]->begin, waiting.ready)][direction];
            --changes[commands[before]->end][direction];
        }
    }
    std::vector<QueueLength> out;
    QueueLength now;
    for (const auto& [cycle, change] : changes) {
        const auto earlier = now.commands;
        for (std::size_t i = 0; i < change.size(); ++i) now.commands[i] += static_cast<std::uint64_t>(change[i]);
        now.cycle = cycle;
        if (now.commands != earlier) out.push_back(now);
    }
    return out;
}

}  // namespace wagesim::inspect
