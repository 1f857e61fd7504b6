// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A burst's energy is spread over the time from its turn to its last byte.
#include "tlm/energy/memory_meter.hpp"

#include <utility>

#include "tlm/common/burst_extension.hpp"

namespace wagesim::chip {

MemoryMeter::MemoryMeter(const sc_core::sc_module_name& name, Event read, Event written, std::vector<Passage> passages,
                         EventRecorder& events, const Clock& clock)
    : PassThrough(name), read_(read), written_(written), passages_(std::move(passages)), events_(events), clock_(clock)
{
}

void MemoryMeter::after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                                  const sc_core::sc_time& delay)
{
    BurstExtension* burst = nullptr;
    payload.get_extension(burst);
    if (burst == nullptr || !payload.is_response_ok()) return;
    constexpr std::uint64_t kBitsPerByte = 8;
    const std::uint64_t bits = kBitsPerByte * payload.get_data_length();
    const Passage& passage = passages_.at(burst->initiator);
    events_.record({{payload.is_read() ? read_ : written_, bits},
                    {Event::link_bit, bits * passage.links},
                    {Event::router_bit, bits * passage.routers}},
                   burst->purpose.phase, burst->purpose.layer, clock_.cycles_in(begin + burst->waited),
                   clock_.cycles_in(sc_core::sc_time_stamp() + delay));
}

}  // namespace wagesim::chip
