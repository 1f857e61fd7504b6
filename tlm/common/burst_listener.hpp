// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is told of the bursts that a unit books, as the unit sees them: the way to the memory included. Changes nothing.
#pragma once

#include <cstdint>
#include <systemc>

#include "tlm/common/address_map.hpp"
#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

struct BookedBurst {
    std::uint32_t initiator = 0;  ///< index among the chip's initiators
    bool is_read = true;
    MemoryRegion region;
    BurstPurpose purpose;
    sc_core::sc_time booked_at;
    sc_core::sc_time waited;    ///< in the longest queue
    sc_core::sc_time ready_at;  ///< absolute: the last byte is there
};

class BurstListener {
public:
    virtual ~BurstListener() = default;
    virtual void on_burst(const BookedBurst& burst) = 0;
};

}  // namespace wagesim::chip
