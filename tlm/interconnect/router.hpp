// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The interconnect as one router: decodes addresses, and books the link that a burst comes in by and the one that it
// leaves by. Links are first come, first served, with buffers behind them: a full one never blocks another.
#pragma once

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <cstddef>
#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "tlm/common/address_map.hpp"
#include "tlm/common/booked_resource.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/statistics.hpp"
#include "tlm/interconnect/interconnect_config.hpp"

namespace wagesim::chip {

class Router : public sc_core::sc_module {
public:
    /// `targets`: the address ranges, in the order in which their memories will be bound.
    Router(const sc_core::sc_module_name& name, const InterconnectConfig& config, std::vector<AddressRange> targets,
           const Clock& clock);

    /// From initiators, any number; global addresses.
    tlm_utils::multi_passthrough_target_socket<Router> from_initiators;
    /// To memories, one for each range; addresses are relative to the range's base.
    tlm_utils::multi_passthrough_initiator_socket<Router> to_targets;

    /// By binding order.
    [[nodiscard]] const std::vector<ResourceCounters>& initiator_links() const noexcept { return initiator_counters_; }
    [[nodiscard]] const std::vector<ResourceCounters>& target_links() const noexcept { return target_counters_; }
    void reset_counters();

private:
    void end_of_elaboration() override;

    void b_transport(int initiator, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(int initiator, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(int initiator, tlm::tlm_generic_payload& payload);
    void invalidate_direct_mem_ptr(int target, sc_dt::uint64 start, sc_dt::uint64 end);

    static constexpr int kUnmapped = -1;
    /// Index of the range that holds the whole burst, or kUnmapped.
    [[nodiscard]] int decode(const tlm::tlm_generic_payload& payload) const noexcept;
    [[nodiscard]] BookedResource::Booking book(BookedResource& link, ResourceCounters& counters,
                                               const sc_core::sc_time& arrival, std::uint64_t bytes) const;

    Clock clock_;
    InterconnectConfig config_;
    std::vector<AddressRange> ranges_;
    std::vector<BookedResource> initiator_links_, target_links_;
    std::vector<ResourceCounters> initiator_counters_, target_counters_;
};

}  // namespace wagesim::chip
