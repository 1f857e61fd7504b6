// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tells a chip's listener in cycles what the units' memory ports tell in time.
#pragma once

#include "tlm/chip/run_listener.hpp"
#include "tlm/common/burst_listener.hpp"
#include "tlm/common/clock.hpp"

namespace wagesim::chip {

class BurstRelay final : public BurstListener {
public:
    explicit BurstRelay(const Clock& clock) : clock_(clock) {}

    void set_listener(RunListener* listener) noexcept { listener_ = listener; }
    void on_burst(const BookedBurst& burst) override
    {
        const std::uint64_t booked = clock_.cycles_in(burst.booked_at);
        listener_->on_burst({burst.initiator, burst.is_read, burst.region, burst.purpose, booked,
                             booked + clock_.cycles_in(burst.waited), clock_.cycles_in(burst.ready_at)});
    }

private:
    Clock clock_;
    RunListener* listener_ = nullptr;
};

}  // namespace wagesim::chip
