// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A unit that counts weight codes which are not 0. A timed shell: what it computes is one loop.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <systemc>

#include "tests/tutorial/sparsity_command.hpp"
#include "tests/tutorial/sparsity_meter_config.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/command_extension.hpp"
#include "tlm/common/memory_port.hpp"
#include "tlm/common/result_buffers.hpp"
#include "tlm/common/unit_mode.hpp"

namespace wagesim::chip {

class SparsityMeter : public sc_core::sc_module {
public:
    /// `initiator`: the unit's index among the chip's initiators.
    SparsityMeter(const sc_core::sc_module_name& name, const SparsityMeterConfig& config, std::uint32_t initiator,
                  const Clock& clock, const UnitMode& mode = {});

    /// Commands: blocking transactions with a CommandExtension<SparsityCommand>.
    tlm_utils::simple_target_socket<SparsityMeter> commands;
    MemoryPort memory;

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    /// Returns what it took.
    std::vector<EventCount> execute(const SparsityCommand& command);

    SparsityMeterConfig config_;
    Clock clock_;
    UnitMode mode_;
    ResultBuffers results_;
};

}  // namespace wagesim::chip
