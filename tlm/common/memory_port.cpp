// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Booking first, bytes second: the order of the two calls below is what the protocol checker proves on the wire.
#include "tlm/common/memory_port.hpp"

#include <limits>
#include <string>

namespace wagesim::chip {

MemoryPort::MemoryPort(const char* name, std::uint32_t initiator) : socket(name)
{
    extension_.initiator = initiator;
    const sc_core::sc_object* owner = socket.get_parent_object();
    extension_.initiator_name = owner != nullptr ? owner->name() : socket.name();
    payload_.set_extension(&extension_);
}

MemoryPort::~MemoryPort()
{
    payload_.clear_extension(&extension_);  // the payload would delete what it does not own
}

MemoryPort::Booking MemoryPort::book(tlm::tlm_command command, const MemoryRegion& region, const BurstPurpose& purpose)
{
    const std::uint64_t bytes = region.bytes();
    if (bytes == 0 || bytes > std::numeric_limits<unsigned>::max()) {
        throw InvariantError(socket.name(), "a burst of " + std::to_string(bytes) + " bytes");
    }
    extension_.purpose = purpose;
    extension_.element_bytes = static_cast<std::uint32_t>(bytes_of(region.type));
    extension_.waited = sc_core::SC_ZERO_TIME;
    payload_.set_command(command);
    payload_.set_address(region.address);
    payload_.set_data_ptr(nullptr);
    payload_.set_data_length(static_cast<unsigned>(bytes));
    payload_.set_streaming_width(static_cast<unsigned>(bytes));
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);

    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(payload_, delay);
    const bool is_read = command == tlm::TLM_READ_COMMAND;
    const auto refuse = [&](const std::string& why) {
        throw InvariantError(socket.name(), (is_read ? "read of " : "write of ") + std::to_string(bytes) +
                                                " bytes at " + std::to_string(region.address) + ": " + why);
    };
    if (!payload_.is_response_ok()) refuse(payload_.get_response_string());

    tlm::tlm_dmi dmi;
    if (!payload_.is_dmi_allowed() || !socket->get_direct_mem_ptr(payload_, dmi)) refuse("no DMI granted");
    if (dmi.get_start_address() > region.address || dmi.get_end_address() < region.address + bytes - 1 ||
        !(is_read ? dmi.is_read_allowed() : dmi.is_write_allowed())) {
        refuse("the DMI granted does not cover it");
    }
    auto* const data = reinterpret_cast<std::byte*>(dmi.get_dmi_ptr()) + (region.address - dmi.get_start_address());
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    if (listener_ != nullptr) {
        listener_->on_burst({extension_.initiator, is_read, region, purpose, now, extension_.waited, now + delay});
    }
    return {data, now + delay, extension_.waited};
}

ReadLease MemoryPort::read(const MemoryRegion& region, const BurstPurpose& purpose)
{
    const Booking booking = book(tlm::TLM_READ_COMMAND, region, purpose);
    return {booking.data, region, booking.ready_at, booking.waited};
}

WriteLease MemoryPort::write(const MemoryRegion& region, const BurstPurpose& purpose)
{
    const Booking booking = book(tlm::TLM_WRITE_COMMAND, region, purpose);
    return {booking.data, region, booking.ready_at, booking.waited};
}

}  // namespace wagesim::chip
