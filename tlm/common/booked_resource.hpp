// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Time on something that serves one burst at a time: a memory's port, a link. First come, first served; no process
// and no queue, because every arrival's place in time is known when it is booked.
#pragma once

#include <algorithm>
#include <string>
#include <systemc>
#include <utility>

#include "tlm/common/invariant.hpp"

namespace wagesim::chip {

class BookedResource {
public:
    struct Booking {
        sc_core::sc_time start;
        sc_core::sc_time end;
        sc_core::sc_time waited;  ///< start - arrival
    };

    explicit BookedResource(std::string name) : name_(std::move(name)) {}

    /// start = max(arrival, end of the booking before). Arrivals must come in time order, or who comes first would
    /// depend on who is simulated first: throws InvariantError otherwise.
    Booking book(const sc_core::sc_time& arrival, const sc_core::sc_time& occupancy)
    {
        if (arrival < last_arrival_) {
            throw InvariantError(name_, "a burst that arrives at " + arrival.to_string() + " is booked after one of " +
                                            last_arrival_.to_string());
        }
        last_arrival_ = arrival;
        const sc_core::sc_time start = std::max(arrival, free_at_);
        free_at_ = start + occupancy;
        return {start, free_at_, start - arrival};
    }

private:
    std::string name_;
    sc_core::sc_time last_arrival_ = sc_core::SC_ZERO_TIME;
    sc_core::sc_time free_at_ = sc_core::SC_ZERO_TIME;
};

}  // namespace wagesim::chip
