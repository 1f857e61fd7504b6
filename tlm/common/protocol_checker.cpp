// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each rule is a sentence; a broken one is thrown as it stands here.
#include "tlm/common/protocol_checker.hpp"

#include "tlm/common/burst_extension.hpp"
#include "tlm/common/invariant.hpp"

namespace wagesim::chip {

ProtocolChecker::ProtocolChecker(const sc_core::sc_module_name& name) : PassThrough(name) {}

void ProtocolChecker::demand(bool holds, const tlm::tlm_generic_payload& payload, const char* rule) const
{
    if (holds) return;
    throw InvariantError(name(), std::string("broken rule \"") + rule + "\" by a burst of " +
                                     std::to_string(payload.get_data_length()) + " bytes at " +
                                     std::to_string(payload.get_address()));
}

void ProtocolChecker::before_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay)
{
    const BurstExtension* burst = nullptr;
    payload.get_extension(burst);
    demand(burst != nullptr, payload, "a burst says what it is for");
    demand(delay == sc_core::SC_ZERO_TIME, payload, "initiators are synchronised when they book");
    demand(payload.is_read() || payload.is_write(), payload, "a burst reads or writes");
    demand(payload.get_byte_enable_ptr() == nullptr, payload, "a burst has no byte enables");
    demand(payload.get_data_length() > 0, payload, "a burst has a length");
    demand(payload.get_streaming_width() >= payload.get_data_length(), payload, "a burst does not wrap");
    demand(burst->element_bytes > 0 && payload.get_address() % burst->element_bytes == 0 &&
               payload.get_data_length() % burst->element_bytes == 0,
           payload, "a burst is aligned to its elements and holds whole ones");
    demand(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE, payload, "a request has no response yet");
}

void ProtocolChecker::after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& /*begin*/,
                                      const sc_core::sc_time& /*delay*/)
{
    demand(payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE, payload, "a target sets a response status");
    booked_.reset();
    if (payload.is_response_ok()) {
        booked_ =
            Booked{payload.get_command(), payload.get_address(), payload.get_data_length(), sc_core::sc_time_stamp()};
    }
    ++bursts_checked_;
}

void ProtocolChecker::after_dmi(const tlm::tlm_generic_payload& payload, const tlm::tlm_dmi& dmi, bool granted)
{
    demand(booked_ && booked_->at == sc_core::sc_time_stamp() && booked_->command == payload.get_command() &&
               booked_->address == payload.get_address() && booked_->bytes == payload.get_data_length(),
           payload, "DMI is asked for once, right after the burst that books it");
    if (granted) {
        demand(dmi.get_start_address() == booked_->address &&
                   dmi.get_end_address() == booked_->address + booked_->bytes - 1,
               payload, "DMI covers the booked burst and nothing else");
        demand(payload.is_read() ? !dmi.is_write_allowed() : !dmi.is_read_allowed(), payload,
               "DMI allows what the burst does and nothing else");
    }
    booked_.reset();
    ++grants_checked_;
}

}  // namespace wagesim::chip
