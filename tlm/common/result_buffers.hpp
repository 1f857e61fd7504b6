// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A unit's results on their way to memory. With posted delivery there are two buffers: one leaves while the unit fills
// the other; a third set of results waits until the first has left.
#pragma once

#include <algorithm>
#include <systemc>

#include "tlm/common/memory_port.hpp"
#include "tlm/common/unit_mode.hpp"

namespace wagesim::chip {

class ResultBuffers {
public:
    explicit ResultBuffers(ResultDelivery delivery) : delivery_(delivery) {}

    /// To be called when a command's results are computed, before they are sent: waits for room.
    void wait_for_room() const { wait_until(complete_at_); }
    /// The results sent are in memory at `time`. Waits for it where delivery is awaited.
    void sent(const sc_core::sc_time& time)
    {
        complete_at_ = std::max(complete_at_, time);
        if (delivery_ == ResultDelivery::awaited) wait_until(complete_at_);
    }
    /// When everything sent so far is in memory.
    [[nodiscard]] const sc_core::sc_time& complete_at() const noexcept { return complete_at_; }

private:
    ResultDelivery delivery_;
    sc_core::sc_time complete_at_;
};

}  // namespace wagesim::chip
