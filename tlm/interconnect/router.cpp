// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Links and memory are all booked at the time of the request, and the routers' latencies are added at the end: booked
// at its own arrival, a link would see requests of different routes out of time order (docs/modules/interconnect.md).
#include "tlm/interconnect/router.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tlm/common/burst_extension.hpp"

namespace wagesim::chip {

Router::Router(const sc_core::sc_module_name& name, const InterconnectConfig& config, std::vector<AddressRange> targets,
               const Clock& clock)
    : sc_module(name),
      from_initiators("from_initiators"),
      to_targets("to_targets"),
      clock_(clock),
      config_(config),
      ranges_(std::move(targets))
{
    if (config_.bytes_per_cycle < 1) throw InvariantError(this->name(), "links that move no bytes");
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (ranges_[i].overlaps(ranges_[j])) throw InvariantError(this->name(), "address ranges overlap");
        }
    }
    from_initiators.register_b_transport(this, &Router::b_transport);
    from_initiators.register_get_direct_mem_ptr(this, &Router::get_direct_mem_ptr);
    from_initiators.register_transport_dbg(this, &Router::transport_dbg);
    to_targets.register_invalidate_direct_mem_ptr(this, &Router::invalidate_direct_mem_ptr);
}

void Router::end_of_elaboration()
{
    if (to_targets.size() != ranges_.size()) {
        throw InvariantError(name(), std::to_string(ranges_.size()) + " address ranges, " +
                                         std::to_string(to_targets.size()) + " targets bound");
    }
    Topology topology = make_topology(config_.kind, from_initiators.size(), ranges_.size());
    for (const std::string& link : topology.links) {
        links_.push_back({BookedResource(std::string(name()) + "." + link), ResourceCounters{}});
    }
    routes_ = std::move(topology.routes);
}

void Router::reset_counters()
{
    for (Link& link : links_) link.counters = {};
}

int Router::decode(const tlm::tlm_generic_payload& payload) const noexcept
{
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        if (ranges_[i].contains(payload.get_address(), payload.get_data_length())) return static_cast<int>(i);
    }
    return kUnmapped;
}

void Router::book(Link& link, const sc_core::sc_time& arrival, std::uint64_t bytes, sc_core::sc_time& end,
                  sc_core::sc_time& waited) const
{
    const std::uint64_t cycles = ceil_divide(bytes, static_cast<std::uint64_t>(config_.bytes_per_cycle));
    const BookedResource::Booking booking = link.resource.book(arrival, clock_.time_of(cycles));
    ++link.counters.bursts;
    link.counters.bytes += bytes;
    link.counters.busy_cycles += cycles;
    link.counters.waits_cycles += clock_.cycles_in(booking.waited);
    end = std::max(end, booking.end);
    waited = std::max(waited, booking.waited);
}

void Router::b_transport(int initiator, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    const int target = decode(payload);
    if (target == kUnmapped) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    const auto t = static_cast<std::size_t>(target);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    const sc_core::sc_time sent = now + delay;

    const std::uint64_t address = payload.get_address();
    payload.set_address(address - ranges_[t].base);
    to_targets[target]->b_transport(payload, delay);
    payload.set_address(address);
    if (!payload.is_response_ok()) return;

    const Route& route = routes_[static_cast<std::size_t>(initiator)][t];
    sc_core::sc_time end = now + delay;
    sc_core::sc_time waited = sc_core::SC_ZERO_TIME;
    for (const std::size_t link : route.links) book(links_[link], sent, payload.get_data_length(), end, waited);
    const std::uint64_t crossing = 2 * route.routers * static_cast<std::uint64_t>(config_.latency_cycles);
    delay = end + clock_.time_of(crossing) - now;
    BurstExtension* burst = nullptr;
    payload.get_extension(burst);
    if (burst != nullptr) burst->waited = std::max(burst->waited, waited);
}

bool Router::get_direct_mem_ptr(int /*initiator*/, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
{
    const int target = decode(payload);
    if (target == kUnmapped) {
        dmi.allow_none();
        return false;
    }
    const std::uint64_t address = payload.get_address();
    const std::uint64_t base = ranges_[static_cast<std::size_t>(target)].base;
    payload.set_address(address - base);
    const bool granted = to_targets[target]->get_direct_mem_ptr(payload, dmi);
    payload.set_address(address);
    dmi.set_start_address(dmi.get_start_address() + base);
    dmi.set_end_address(dmi.get_end_address() + base);
    return granted;
}

unsigned Router::transport_dbg(int /*initiator*/, tlm::tlm_generic_payload& payload)
{
    const int target = decode(payload);
    if (target == kUnmapped) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return 0;
    }
    const std::uint64_t address = payload.get_address();
    payload.set_address(address - ranges_[static_cast<std::size_t>(target)].base);
    const unsigned bytes = to_targets[target]->transport_dbg(payload);
    payload.set_address(address);
    return bytes;
}

void Router::invalidate_direct_mem_ptr(int target, sc_dt::uint64 start, sc_dt::uint64 end)
{
    const std::uint64_t base = ranges_[static_cast<std::size_t>(target)].base;
    for (unsigned i = 0; i < from_initiators.size(); ++i) {
        from_initiators[static_cast<int>(i)]->invalidate_direct_mem_ptr(start + base, end + base);
    }
}

}  // namespace wagesim::chip
