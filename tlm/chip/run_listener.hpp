// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is told what a chip does in time: programs, commands, bursts. Without one nothing is told; with one the chip runs
// the same cycles. Not for tensors: those are a TensorTap's.
#pragma once

#include <cstdint>

#include "tlm/common/address_map.hpp"
#include "tlm/common/traffic.hpp"
#include "tlm/energy/power_profile.hpp"
#include "tlm/mapping/program.hpp"
#include "tlm/sequencer/command_listener.hpp"

namespace wagesim::chip {

/// What a program is for. Loading is not told.
enum class ProgramKind { training, evaluation };

/// A burst that a unit booked. Cycles count from the beginning of the simulation.
struct UnitBurst {
    UnitId unit = 0;
    bool is_read = true;
    MemoryRegion region;
    BurstPurpose purpose;
    std::uint64_t booked = 0;
    std::uint64_t start = 0;  ///< its turn came: it stands in no queue any more
    std::uint64_t ready = 0;  ///< the last byte is there
};

class RunListener : public CommandListener {
public:
    virtual void begin_program(ProgramKind kind, const Program& program, std::uint64_t cycle) = 0;
    virtual void on_burst(const UnitBurst& burst) = 0;
    /// It has ended after so many cycles; the profile has its dynamic energy.
    virtual void end_program(std::uint64_t cycles, const PowerProfile& profile) = 0;
};

}  // namespace wagesim::chip
