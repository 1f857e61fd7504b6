// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A module that stands on a wire and changes nothing: base of whatever watches traffic. Models know nothing of it; the
// Chip puts one between two sockets only when asked. Takes no time.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

namespace wagesim::chip {

class PassThrough : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<PassThrough> target;        ///< where the initiator is bound
    tlm_utils::simple_initiator_socket<PassThrough> initiator;  ///< to be bound to the target

protected:
    explicit PassThrough(const sc_core::sc_module_name& name);

    /// Around each blocking transaction; `delay` is the annotated one, before and after.
    virtual void before_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);
    virtual void after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                                 const sc_core::sc_time& delay);
    /// After each DMI request.
    virtual void after_dmi(const tlm::tlm_generic_payload& payload, const tlm::tlm_dmi& dmi, bool granted);

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end);
};

}  // namespace wagesim::chip
