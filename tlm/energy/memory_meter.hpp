// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Stands before a memory and reports what bursts take of it and of the way there. The memory and the interconnect know
// nothing of it.
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/pass_through.hpp"
#include "tlm/energy/event_recorder.hpp"

namespace wagesim::chip {

/// What a burst passes between an initiator and this memory.
struct Passage {
    std::uint64_t links = 0;
    std::uint64_t routers = 0;
};

class MemoryMeter : public PassThrough {
public:
    /// `passages`: by initiator index. `read` and `written` are the memory's events, a bit each.
    MemoryMeter(const sc_core::sc_module_name& name, Event read, Event written, std::vector<Passage> passages,
                EventRecorder& events, const Clock& clock);

private:
    void after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                         const sc_core::sc_time& delay) override;

    Event read_, written_;
    std::vector<Passage> passages_;
    EventRecorder& events_;
    Clock clock_;
};

}  // namespace wagesim::chip
