// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit on the chip: takes commands, fetches and stores streams, spends the cycles. What computes is
// the injected unit: C++ twin, Verilated RTL, or both in lockstep; this shell cannot tell.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstddef>
#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/event.hpp"
#include "tlm/common/memory_port.hpp"
#include "tlm/common/result_buffers.hpp"
#include "tlm/common/statistics.hpp"
#include "tlm/common/unit_mode.hpp"
#include "tlm/quantize_update/quantize_update_command.hpp"

namespace wagesim::chip {

class QuantizeUpdate : public sc_core::sc_module {
public:
    /// `initiator`: the unit's index among the chip's initiators.
    QuantizeUpdate(const sc_core::sc_module_name& name, std::unique_ptr<QuantizeUpdateUnit> unit,
                   std::uint32_t initiator, const Clock& clock, const UnitMode& mode = {});

    /// Commands: blocking transactions with a CommandExtension<QuantizeUpdateCommand>. Debug transport reads and writes
    /// registers, in no time: 32-bit words at their addresses.
    tlm_utils::simple_target_socket<QuantizeUpdate> commands;
    MemoryPort memory;

    [[nodiscard]] const UnitCounters& counters() const noexcept { return counters_; }
    void reset_counters() { counters_ = {}; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);

    /// Returns what it took.
    std::vector<EventCount> execute(const QuantizeUpdateCommand& command);
    [[nodiscard]] CycleCount write_registers(const QuantizeUpdateCommand& command);
    void stream(const QuantizeUpdateCommand& command, const QuantizeUpdateBurst& burst);
    [[nodiscard]] ConstStream fetch(const QuantizeUpdateCommand& command,
                                    const std::optional<QuantizeUpdateStream>& source, std::uint64_t count,
                                    sc_core::sc_time& ready_at);
    void store(const QuantizeUpdateCommand& command, const std::optional<QuantizeUpdateStream>& target,
               std::uint64_t count, const std::vector<std::byte>& bytes, sc_core::sc_time& ready_at);

    std::unique_ptr<QuantizeUpdateUnit> unit_;
    Clock clock_;
    UnitMode mode_;
    ResultBuffers results_;
    bool busy_ = false;
    /// Results on their way out: their burst can be booked only when they are there.
    std::vector<std::byte> result_, auxiliary_result_;
    UnitCounters counters_;
};

}  // namespace wagesim::chip
