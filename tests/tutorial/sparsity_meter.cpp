// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// max(reads, ceil(codes / lanes)), then the count is written.
#include "tests/tutorial/sparsity_meter.hpp"

#include <algorithm>
#include <cstring>

namespace wagesim::chip {
namespace {

std::int64_t codes_above_zero(const std::int8_t* codes, std::uint64_t count)
{
    return std::count_if(codes, codes + count, [](std::int8_t code) { return code != 0; });
}

}  // namespace

SparsityMeter::SparsityMeter(const sc_core::sc_module_name& name, const SparsityMeterConfig& config,
                             std::uint32_t initiator, const Clock& clock, const UnitMode& mode)
    : sc_module(name),
      commands("commands"),
      memory("memory", initiator),
      config_(config),
      clock_(clock),
      mode_(mode),
      results_(mode.delivery)
{
    commands.register_b_transport(this, &SparsityMeter::b_transport);
}

void SparsityMeter::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    auto* const extension = receive_command<SparsityCommand>(payload);
    if (extension == nullptr) return;  // the response says why
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    extension->events = execute(*extension->command);
    extension->complete_at = results_.complete_at();
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

std::vector<EventCount> SparsityMeter::execute(const SparsityCommand& command)
{
    const BurstPurpose purpose{TrafficClass::weights, Phase::programming, command.layer};
    const std::uint64_t lanes = static_cast<std::uint64_t>(config_.lanes);
    const std::uint64_t computed = clock_.now() + ceil_divide(command.codes.count, lanes);
    const ReadLease codes = memory.read(command.codes, purpose);
    wait_until(std::max(codes.ready_at, clock_.time_of(computed)));
    results_.wait_for_room();
    const WriteLease count = memory.write(command.count, purpose);
    if (mode_.data == BurstData::carried) {
        const std::int64_t found = codes_above_zero(codes.as<std::int8_t>(), command.codes.count);
        std::memcpy(count.data, &found, sizeof found);
    }
    results_.sent(count.ready_at);
    return {{Event::maximum, command.codes.count}};  // a comparison a code
}

}  // namespace wagesim::chip
