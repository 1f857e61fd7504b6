// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The interconnect, one router or a mesh of them: decodes addresses, and books every link on a burst's route. Links are
// first come, first served, with buffers between them: a full one never blocks another.
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
#include "tlm/interconnect/topology.hpp"

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

    struct Link {
        BookedResource resource;
        ResourceCounters counters;
    };
    /// In the order of Topology::links: one for each initiator and each target by binding order, then a mesh's own.
    [[nodiscard]] const std::vector<Link>& links() const noexcept { return links_; }
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
    void book(Link& link, const sc_core::sc_time& arrival, std::uint64_t bytes, sc_core::sc_time& end,
              sc_core::sc_time& waited) const;

    Clock clock_;
    InterconnectConfig config_;
    std::vector<AddressRange> ranges_;
    std::vector<std::vector<Route>> routes_;
    std::vector<Link> links_;
};

}  // namespace wagesim::chip
