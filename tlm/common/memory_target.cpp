// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A burst of b bytes that arrives at t: start = max(t, port free), port free = start + ceil(b / bytes_per_cycle),
// complete at start + latency + ceil(b / bytes_per_cycle).
#include "tlm/common/memory_target.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace wagesim::chip {

MemoryTarget::MemoryTarget(const sc_core::sc_module_name& name, std::uint64_t bytes, MemoryTiming timing,
                           const Clock& clock)
    : sc_module(name), socket("socket"), clock_(clock), timing_(timing), store_(bytes), port_(this->name())
{
    if (timing_.bytes_per_cycle == 0) throw InvariantError(this->name(), "a port that moves no bytes");
    socket.register_b_transport(this, &MemoryTarget::b_transport);
    socket.register_get_direct_mem_ptr(this, &MemoryTarget::get_direct_mem_ptr);
    socket.register_transport_dbg(this, &MemoryTarget::transport_dbg);
}

bool MemoryTarget::contains(std::uint64_t address, std::uint64_t bytes) const noexcept
{
    return bytes <= store_.size() && address <= store_.size() - bytes;
}

std::byte* MemoryTarget::storage(std::uint64_t address, std::uint64_t bytes)
{
    if (!contains(address, bytes)) {
        throw InvariantError(name(), std::to_string(bytes) + " bytes at " + std::to_string(address) + " are outside");
    }
    return store_.data() + address;
}

void MemoryTarget::reset_counters()
{
    counters_ = {};
    traffic_ = {};
    waits_.clear();
}

tlm::tlm_response_status MemoryTarget::check(const tlm::tlm_generic_payload& payload) const
{
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    const unsigned bytes = payload.get_data_length();
    if (bytes == 0 || payload.get_streaming_width() < bytes) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (!contains(payload.get_address(), bytes)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

void MemoryTarget::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    BurstExtension* burst = nullptr;
    payload.get_extension(burst);
    tlm::tlm_response_status status = check(payload);
    // Every burst is counted by its purpose, so one without is refused.
    if (status == tlm::TLM_OK_RESPONSE && burst == nullptr) status = tlm::TLM_GENERIC_ERROR_RESPONSE;
    payload.set_response_status(status);
    if (status != tlm::TLM_OK_RESPONSE) return;

    const std::uint64_t transfer_cycles = ceil_divide(payload.get_data_length(), timing_.bytes_per_cycle);
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    const BookedResource::Booking booking = port_.book(now + delay, clock_.time_of(transfer_cycles));
    delay = booking.end + clock_.time_of(timing_.latency_cycles) - now;
    burst->waited = std::max(burst->waited, booking.waited);

    if (payload.get_data_ptr() != nullptr) move_bytes(payload);
    payload.set_dmi_allowed(true);
    count(payload, *burst, clock_.cycles_in(booking.waited), transfer_cycles);
}

void MemoryTarget::move_bytes(tlm::tlm_generic_payload& payload)
{
    std::byte* const stored = store_.data() + payload.get_address();
    if (payload.is_read())
        std::memcpy(payload.get_data_ptr(), stored, payload.get_data_length());
    else
        std::memcpy(stored, payload.get_data_ptr(), payload.get_data_length());
}

void MemoryTarget::count(const tlm::tlm_generic_payload& payload, const BurstExtension& burst,
                         std::uint64_t waited_cycles, std::uint64_t busy_cycles)
{
    ++counters_.bursts;
    counters_.bytes += payload.get_data_length();
    counters_.busy_cycles += busy_cycles;
    counters_.waits_cycles += waited_cycles;
    if (payload.is_read())
        traffic_.add_read(burst.purpose, payload.get_data_length());
    else
        traffic_.add_write(burst.purpose, payload.get_data_length());
    if (burst.initiator >= waits_.size()) waits_.resize(burst.initiator + std::size_t{1});
    InitiatorWaits& waits = waits_[burst.initiator];
    if (waits.name.empty()) waits.name = burst.initiator_name;
    waits.cycles[index_of(direction_of(burst.purpose.phase))] += waited_cycles;
}

bool MemoryTarget::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
{
    const std::uint64_t address = payload.get_address();
    const unsigned bytes = payload.get_data_length();
    dmi.allow_none();
    if (bytes == 0 || payload.get_command() == tlm::TLM_IGNORE_COMMAND || !contains(address, bytes)) return false;
    // Exactly what is asked for, so that a pointer never covers more than the burst it belongs to.
    dmi.set_start_address(address);
    dmi.set_end_address(address + bytes - 1);
    dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(store_.data() + address));
    if (payload.is_read())
        dmi.allow_read();
    else
        dmi.allow_write();
    return true;
}

unsigned MemoryTarget::transport_dbg(tlm::tlm_generic_payload& payload)
{
    const unsigned bytes = payload.get_data_length();
    const bool legal = payload.get_command() != tlm::TLM_IGNORE_COMMAND && payload.get_data_ptr() != nullptr &&
                       contains(payload.get_address(), bytes);
    payload.set_response_status(legal ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (!legal) return 0;
    move_bytes(payload);
    return bytes;
}

}  // namespace wagesim::chip
