// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Times in simulator ticks (1 ps): whoever reads the file may know no clock.
#include "tlm/common/transaction_tracer.hpp"

#include <utility>

#include "tlm/common/burst_extension.hpp"

namespace wagesim::chip {

TransactionTracer::TransactionTracer(const sc_core::sc_module_name& name, Listener listener)
    : PassThrough(name), listener_(std::move(listener))
{
}

void TransactionTracer::after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                                        const sc_core::sc_time& delay)
{
    listener_({name(), payload, begin, sc_core::sc_time_stamp() + delay});
}

std::string burst_csv_header()
{
    return "wire,begin_ps,end_ps,command,address,bytes,phase,stream,layer,waited_ps,response";
}

std::string burst_csv_line(const TransactionRecord& record)
{
    const tlm::tlm_generic_payload& payload = record.payload;
    const BurstExtension* burst = nullptr;
    payload.get_extension(burst);
    const char* const command = payload.is_read() ? "read" : payload.is_write() ? "write" : "command";
    std::string line(record.wire);
    const auto add = [&line](std::string_view field) { line.append(",").append(field); };
    add(std::to_string(record.begin.value()));
    add(std::to_string(record.end.value()));
    add(command);
    add(std::to_string(payload.get_address()));
    add(std::to_string(payload.get_data_length()));
    add(burst != nullptr ? kPhaseNames[index_of(burst->purpose.phase)] : "");
    add(burst != nullptr ? kTrafficClassNames[index_of(burst->purpose.traffic)] : "");
    add(burst != nullptr ? std::to_string(burst->purpose.layer) : "");
    add(burst != nullptr ? std::to_string(burst->waited.value()) : "");
    add(payload.get_response_string());
    return line;
}

}  // namespace wagesim::chip
