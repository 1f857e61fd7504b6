// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is told of each command when it is complete. Takes no time and changes nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {

/// Cycles count from the beginning of the simulation.
struct CompletedCommand {
    CommandIndex index = 0;
    const Command& command;
    std::uint64_t ready = 0;                ///< all of `after` was complete; without any, the program began
    std::uint64_t begin = 0;                ///< its issue began
    std::uint64_t end = 0;                  ///< its unit was free again
    std::uint64_t complete = 0;             ///< its results were in memory: the same, unless they were posted
    const std::vector<EventCount>& events;  ///< what the unit took
};

class CommandListener {
public:
    virtual ~CommandListener() = default;
    virtual void on_command(const CompletedCommand& completed) = 0;
};

}  // namespace wagesim::chip
