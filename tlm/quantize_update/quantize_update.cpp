// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A command's cycles: registers, then max(reads, the unit's own), then writes (docs/modules/quantize_update.md).
#include "tlm/quantize_update/quantize_update.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "tlm/common/command_extension.hpp"
#include "tlm/common/copy_bytes.hpp"
#include "tlm/common/occupied.hpp"

namespace wagesim::chip {
namespace {

/// How many elements each stream of a burst has.
[[nodiscard]] std::uint64_t auxiliary_count(const QuantizeUpdateBurst& burst)
{
    if (burst.mode != QuantizeUpdateMode::output_error) return burst.count;
    if (burst.segment == 0) throw std::invalid_argument("output_error without a segment length");
    return burst.count / burst.segment;
}

/// What an element of a burst takes.
[[nodiscard]] Event element_event(QuantizeUpdateMode mode)
{
    switch (mode) {
        case QuantizeUpdateMode::abs_max:
        case QuantizeUpdateMode::gradient_abs_max: return Event::maximum;
        case QuantizeUpdateMode::output_error: return Event::output_error;
        case QuantizeUpdateMode::update: return Event::update;
        case QuantizeUpdateMode::input:
        case QuantizeUpdateMode::activation:
        case QuantizeUpdateMode::error:
        case QuantizeUpdateMode::requantize: break;
    }
    return Event::quantize;
}

/// Room for a stream's results, and the stream as the unit sees it.
[[nodiscard]] MutableStream prepared(const std::optional<QuantizeUpdateStream>& target, std::uint64_t count,
                                     std::vector<std::byte>& bytes)
{
    if (!target) return {};
    const std::size_t wanted = count * bytes_of(target->type);
    if (bytes.size() < wanted) bytes.resize(wanted);  // never smaller: growing again would clear it
    return {bytes.data(), target->type};
}

}  // namespace

QuantizeUpdate::QuantizeUpdate(const sc_core::sc_module_name& name, std::unique_ptr<QuantizeUpdateUnit> unit,
                               std::uint32_t initiator, const Clock& clock, const UnitMode& mode)
    : sc_module(name),
      commands("commands"),
      memory("memory", initiator),
      unit_(std::move(unit)),
      clock_(clock),
      mode_(mode),
      results_(mode.delivery)
{
    if (unit_ == nullptr) throw InvariantError(this->name(), "no unit injected");
    commands.register_b_transport(this, &QuantizeUpdate::b_transport);
    commands.register_transport_dbg(this, &QuantizeUpdate::transport_dbg);
}

void QuantizeUpdate::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    auto* const extension = receive_command<QuantizeUpdateCommand>(payload);
    if (extension == nullptr) return;
    if (busy_) {
        extension->error = "a command while another is served";
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return;
    }
    const Occupied occupied(busy_);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    try {
        extension->events = execute(*extension->command);
        extension->complete_at = results_.complete_at();
    } catch (const std::invalid_argument& refused) {
        extension->error = refused.what();
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    } catch (const std::out_of_range& refused) {
        extension->error = refused.what();
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
}

std::vector<EventCount> QuantizeUpdate::execute(const QuantizeUpdateCommand& command)
{
    const sc_core::sc_time begin = sc_core::sc_time_stamp();
    const CycleCount register_cycles = write_registers(command);
    if (register_cycles > 0) sc_core::wait(clock_.time_of(register_cycles));
    if (command.burst && command.burst->count > 0) stream(command, *command.burst);
    ++counters_.commands;
    counters_.add_busy(command.phase, clock_.cycles_in(sc_core::sc_time_stamp() - begin));
    std::vector<EventCount> events = {{Event::register_write, command.registers.size() + (command.burst ? 1U : 0U)}};
    if (command.burst) events.push_back({element_event(command.burst->mode), command.burst->count});
    return events;
}

CycleCount QuantizeUpdate::write_registers(const QuantizeUpdateCommand& command)
{
    CycleCount cycles = 0;
    for (const RegisterWrite& write : command.registers) cycles += unit_->write_register(write.address, write.value);
    if (command.burst) {
        cycles += unit_->write_register(static_cast<std::uint32_t>(QuantizeUpdateRegister::mode),
                                        static_cast<std::uint32_t>(command.burst->mode));
    }
    return cycles;
}

ConstStream QuantizeUpdate::fetch(const QuantizeUpdateCommand& command,
                                  const std::optional<QuantizeUpdateStream>& source, std::uint64_t count,
                                  sc_core::sc_time& ready_at)
{
    if (!source) return {};
    const ReadLease lease =
        memory.read({source->address, source->type, count}, {source->traffic, command.phase, command.layer});
    counters_.add_queued(command.phase, clock_.cycles_in(lease.waited));
    ready_at = std::max(ready_at, lease.ready_at);
    return {lease.data, source->type};
}

void QuantizeUpdate::store(const QuantizeUpdateCommand& command, const std::optional<QuantizeUpdateStream>& target,
                           std::uint64_t count, const std::vector<std::byte>& bytes, sc_core::sc_time& ready_at)
{
    if (!target) return;
    const WriteLease lease =
        memory.write({target->address, target->type, count}, {target->traffic, command.phase, command.layer});
    counters_.add_queued(command.phase, clock_.cycles_in(lease.waited));
    ready_at = std::max(ready_at, lease.ready_at);
    if (mode_.data == BurstData::carried) copy_bytes(bytes.data(), lease.region.bytes(), lease.data);
}

void QuantizeUpdate::stream(const QuantizeUpdateCommand& command, const QuantizeUpdateBurst& burst)
{
    const std::uint64_t auxiliaries = auxiliary_count(burst);
    const sc_core::sc_time begin = sc_core::sc_time_stamp();

    sc_core::sc_time fetched_at = begin;
    Burst lanes;
    lanes.count = burst.count;
    lanes.segment = burst.segment;
    lanes.operand = fetch(command, burst.operand, burst.count, fetched_at);
    lanes.auxiliary = fetch(command, burst.auxiliary, auxiliaries, fetched_at);
    if (mode_.data == BurstData::carried) {
        lanes.result = prepared(burst.result, burst.count, result_);
        lanes.auxiliary_result = prepared(burst.auxiliary_result, auxiliaries, auxiliary_result_);
    }
    wait_until(fetched_at);
    wait_until(begin + clock_.time_of(unit_->run(lanes)));

    if (!burst.result && !burst.auxiliary_result) return;
    results_.wait_for_room();
    sc_core::sc_time stored_at = sc_core::sc_time_stamp();
    store(command, burst.result, burst.count, result_, stored_at);
    store(command, burst.auxiliary_result, auxiliaries, auxiliary_result_, stored_at);
    results_.sent(stored_at);
}

unsigned QuantizeUpdate::transport_dbg(tlm::tlm_generic_payload& payload)
{
    constexpr unsigned kWord = sizeof(std::uint32_t);
    const unsigned bytes = payload.get_data_length();
    const bool legal = payload.get_command() != tlm::TLM_IGNORE_COMMAND && payload.get_data_ptr() != nullptr &&
                       bytes % kWord == 0 && payload.get_address() <= UINT32_MAX;
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (!legal) return 0;
    try {
        for (unsigned done = 0; done < bytes; done += kWord) {
            const auto address = static_cast<std::uint32_t>(payload.get_address()) + done;
            unsigned char* const word = payload.get_data_ptr() + done;
            std::uint32_t value = 0;
            if (payload.is_read()) {
                value = unit_->read_register(address);
                std::memcpy(word, &value, kWord);
            } else {
                std::memcpy(&value, word, kWord);
                unit_->write_register(address, value);
            }
        }
    } catch (const std::out_of_range&) {
        return 0;
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return bytes;
}

}  // namespace wagesim::chip
