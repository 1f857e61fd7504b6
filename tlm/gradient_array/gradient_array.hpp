// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The gradient array on the chip: an output-stationary array of MACs. It keeps a tile's sums over the whole batch and
// sends them out once, or (`accumulate: image`) spills them after each image. A timed shell; what computes is
// GradientEngine.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstdint>
#include <systemc>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/event.hpp"
#include "tlm/common/memory_port.hpp"
#include "tlm/common/result_buffers.hpp"
#include "tlm/common/statistics.hpp"
#include "tlm/common/unit_mode.hpp"
#include "tlm/gradient_array/gradient_command.hpp"
#include "tlm/gradient_array/gradient_engine.hpp"
#include "tlm/gradient_array/gradient_timing.hpp"

namespace wagesim::chip {

class GradientArray : public sc_core::sc_module {
public:
    /// `initiator`: the array's index among the chip's initiators.
    GradientArray(const sc_core::sc_module_name& name, GradientEngine engine, const GradientArrayConfig& config,
                  std::uint32_t initiator, const Clock& clock, const UnitMode& mode = {});

    /// Commands: blocking transactions with a CommandExtension<GradientCommand>.
    tlm_utils::simple_target_socket<GradientArray> commands;
    MemoryPort memory;

    [[nodiscard]] const UnitCounters& counters() const noexcept { return counters_; }
    void reset_counters() { counters_ = {}; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    /// Why the command cannot be executed; empty where it can.
    [[nodiscard]] std::string fault_of(const GradientCommand& command) const;
    /// Each returns what it took.
    std::vector<EventCount> execute(const GradientCommand& command);
    std::vector<EventCount> execute_by_image(const GradientCommand& command);
    /// Books; counts what it had to queue.
    ReadLease read(const MemoryRegion& region, const BurstPurpose& purpose);
    WriteLease write(const MemoryRegion& region, const BurstPurpose& purpose);
    /// As book_again.
    ReadLease read_again(const MemoryRegion& tensor, std::uint64_t count, const BurstPurpose& purpose);

    GradientEngine engine_;
    GradientTiling tiling_;
    GradientAccumulate accumulate_;
    Clock clock_;
    UnitMode mode_;
    ResultBuffers results_;
    bool busy_ = false;
    UnitCounters counters_;
};

}  // namespace wagesim::chip
