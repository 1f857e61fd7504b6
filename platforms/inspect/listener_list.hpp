// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Several listeners of a chip as one.
#pragma once

#include <vector>

#include "tlm/chip/run_listener.hpp"

namespace wagesim::inspect {

class ListenerList final : public chip::RunListener {
public:
    /// Not owned; nullptr is left out.
    void add(chip::RunListener* listener)
    {
        if (listener != nullptr) listeners_.push_back(listener);
    }
    /// nullptr where nobody listens.
    [[nodiscard]] chip::RunListener* or_none() noexcept { return listeners_.empty() ? nullptr : this; }

    void begin_program(chip::ProgramKind kind, const chip::Program& program, std::uint64_t cycle) override
    {
        for (chip::RunListener* each : listeners_) each->begin_program(kind, program, cycle);
    }
    void on_command(const chip::CompletedCommand& completed) override
    {
        for (chip::RunListener* each : listeners_) each->on_command(completed);
    }
    void on_burst(const chip::UnitBurst& burst) override
    {
        for (chip::RunListener* each : listeners_) each->on_burst(burst);
    }
    void end_program(std::uint64_t cycles, const chip::PowerProfile& profile) override
    {
        for (chip::RunListener* each : listeners_) each->end_program(cycles, profile);
    }

private:
    std::vector<chip::RunListener*> listeners_;
};

}  // namespace wagesim::inspect
