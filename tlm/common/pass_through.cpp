// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Forwards all four calls; the hooks see them and cannot change them.
#include "tlm/common/pass_through.hpp"

namespace wagesim::chip {

PassThrough::PassThrough(const sc_core::sc_module_name& name)
    : sc_module(name), target("target"), initiator("initiator")
{
    target.register_b_transport(this, &PassThrough::b_transport);
    target.register_get_direct_mem_ptr(this, &PassThrough::get_direct_mem_ptr);
    target.register_transport_dbg(this, &PassThrough::transport_dbg);
    initiator.register_invalidate_direct_mem_ptr(this, &PassThrough::invalidate_direct_mem_ptr);
}

void PassThrough::before_transport(const tlm::tlm_generic_payload&, const sc_core::sc_time&) {}
void PassThrough::after_transport(const tlm::tlm_generic_payload&, const sc_core::sc_time&, const sc_core::sc_time&) {}
void PassThrough::after_dmi(const tlm::tlm_generic_payload&, const tlm::tlm_dmi&, bool) {}

void PassThrough::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    const sc_core::sc_time begin = sc_core::sc_time_stamp() + delay;
    before_transport(payload, delay);
    initiator->b_transport(payload, delay);
    after_transport(payload, begin, delay);
}

bool PassThrough::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
{
    const bool granted = initiator->get_direct_mem_ptr(payload, dmi);
    after_dmi(payload, dmi, granted);
    return granted;
}

unsigned PassThrough::transport_dbg(tlm::tlm_generic_payload& payload)
{
    return initiator->transport_dbg(payload);
}

void PassThrough::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end)
{
    target->invalidate_direct_mem_ptr(start, end);
}

}  // namespace wagesim::chip
