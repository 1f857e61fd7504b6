// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cycles and simulated time. The one place where a frequency becomes an sc_time; no process, no signal.
#pragma once

#include <cstdint>
#include <systemc>

#include "tlm/common/invariant.hpp"

namespace wagesim::chip {

class Clock {
public:
    /// The period is rounded to the simulator's resolution (1 ps), so seconds are to be computed from cycles and the
    /// configured frequency, never from sc_time.
    explicit Clock(double clock_ghz) : period_(1.0 / clock_ghz, sc_core::SC_NS)
    {
        if (!(clock_ghz > 0.0) || period_ == sc_core::SC_ZERO_TIME) {
            throw InvariantError("clock", "a period of less than the time resolution");
        }
    }

    [[nodiscard]] const sc_core::sc_time& period() const noexcept { return period_; }

    [[nodiscard]] sc_core::sc_time time_of(std::uint64_t cycles) const
    {
        return sc_core::sc_time::from_value(cycles * period_.value());
    }

    /// Throws InvariantError for a time that is no whole number of cycles: every delay of the chip is one.
    [[nodiscard]] std::uint64_t cycles_in(const sc_core::sc_time& time) const
    {
        if (time.value() % period_.value() != 0) {
            throw InvariantError("clock", time.to_string() + " is not a whole number of cycles");
        }
        return time.value() / period_.value();
    }

    /// The present simulation time, in cycles.
    [[nodiscard]] std::uint64_t now() const { return cycles_in(sc_core::sc_time_stamp()); }

private:
    sc_core::sc_time period_;
};

/// ceil(amount / each); each > 0. Cycles of a transfer, passes of a loop.
[[nodiscard]] constexpr std::uint64_t ceil_divide(std::uint64_t amount, std::uint64_t each) noexcept
{
    return amount / each + (amount % each != 0 ? 1 : 0);
}

}  // namespace wagesim::chip
