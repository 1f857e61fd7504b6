// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a memory burst's payload says beyond address and length: who asks, for what, in elements of which size; and,
// on the way back, how long it queued.
#pragma once

#include <cstdint>
#include <string>
#include <tlm>

#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

/// Every burst carries one. A payload without data pointer books time only: its bytes go by the DMI that the memory
/// grants for exactly this address range.
struct BurstExtension : tlm::tlm_extension<BurstExtension> {
    std::uint32_t initiator = 0;  ///< index among the chip's initiators
    std::string initiator_name;   ///< hierarchical name of the module that asks
    BurstPurpose purpose;
    std::uint32_t element_bytes = 1;  ///< address and length are multiples of it
    /// Response: the longest queue that the burst stood in. Queues are booked at once, so they do not add up.
    sc_core::sc_time waited = sc_core::SC_ZERO_TIME;

    [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new BurstExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const BurstExtension&>(other); }
};

}  // namespace wagesim::chip
