// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A group of MAC partitions on the chip: the partitions that one layer occupies in lockstep, or that time-multiplexed
// layers share. A timed shell: takes commands one at a time, books their bursts and spends their cycles; what computes
// is MacEngine.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstdint>
#include <map>
#include <systemc>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/memory_port.hpp"
#include "tlm/common/result_buffers.hpp"
#include "tlm/common/statistics.hpp"
#include "tlm/common/tensor_tap.hpp"
#include "tlm/common/unit_mode.hpp"
#include "tlm/energy/activity.hpp"
#include "tlm/mac_partition/mac_engine.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mac_partition/partition_events.hpp"
#include "tlm/mac_partition/partition_timing.hpp"
#include "tlm/mac_partition/strided_burst.hpp"

namespace wagesim::chip {

/// What programming visits where no row is left out, and how much of it has something to change.
struct ProgrammingTurns {
    std::uint64_t due = 0, changed = 0;  ///< rows of arrays, one after the other
    std::uint64_t cells_due = 0;         ///< cell_verify events
};

class MacPartition : public sc_core::sc_module {
public:
    /// `initiator`: the group's index among the chip's initiators.
    MacPartition(const sc_core::sc_module_name& name, MacEngine engine, const PartitionTiming& timing,
                 const PartitionEvents& events, std::uint32_t initiator, const Clock& clock, const UnitMode& mode = {},
                 Activity activity = {});

    /// Commands: blocking transactions with a CommandExtension<PartitionCommand>.
    tlm_utils::simple_target_socket<MacPartition> commands;
    MemoryPort memory;

    /// Who is shown the accumulators; nullptr: nobody.
    void set_tap(TensorTap* tap) noexcept { tap_ = tap; }
    /// The codes that a resident layer's cells hold, in O, I, kh, kw order, untimed: for taps.
    void read_cells(std::uint32_t layer, std::int8_t* codes) const { engine_.read_codes(layer, codes); }
    /// Puts codes into the cells, untimed and uncounted: a tap's fault. The block is the one that they hold.
    void overwrite_cells(const PartitionProgram& command, const std::int8_t* codes)
    {
        engine_.program(command, codes, false);
    }

    /// As MacEngine's.
    [[nodiscard]] std::size_t worn_copies() const noexcept { return engine_.worn_copies(); }
    /// The cells, for who looks at them from outside.
    [[nodiscard]] const std::vector<CrossbarGrid>& copies() const noexcept { return engine_.copies(); }
    [[nodiscard]] std::vector<CrossbarGrid>& copies() noexcept { return engine_.copies(); }
    /// What cells are really like; null where they are ideal. The host tells them when a program begins.
    [[nodiscard]] const std::vector<DeviceArrays*>& devices() const noexcept { return engine_.devices(); }

    [[nodiscard]] const UnitCounters& counters() const noexcept { return counters_; }
    /// Cells whose code changed when they were programmed.
    [[nodiscard]] std::uint64_t cell_writes() const noexcept { return cell_writes_; }
    /// By layer.
    [[nodiscard]] const std::map<std::uint32_t, ProgrammingTurns>& turns() const noexcept { return turns_; }
    void reset_counters();

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    /// Each returns what it took.
    std::vector<EventCount> execute(const PartitionProgram& command);
    std::vector<EventCount> execute(const PartitionForward& command);
    std::vector<EventCount> execute(const PartitionUnpool& command);
    std::vector<EventCount> execute(const PartitionBackward& command);

    /// The time when so many cycles have passed from now.
    [[nodiscard]] sc_core::sc_time after(std::uint64_t cycles) const { return clock_.time_of(clock_.now() + cycles); }

    [[nodiscard]] RowLease<const std::byte> read(const MemoryRegion& tensor, const RowAccess& access,
                                                 const BurstPurpose& purpose);
    [[nodiscard]] RowLease<std::byte> write(const MemoryRegion& tensor, const RowAccess& access,
                                            const BurstPurpose& purpose);
    /// Suspends until a product's vectors are through whose inputs are all there at `ready_at`, reads having begun at
    /// cycle `begin`: by the closed form, or (Granularity::vector) one after the other.
    void compute(const VectorSteps& steps, std::uint64_t begin, const sc_core::sc_time& ready_at) const;
    /// What windows take in: each row once through the line buffer, or every window's elements anew.
    [[nodiscard]] RowLease<const std::byte> read_windows(const MemoryRegion& tensor, const RowAccess& access,
                                                         std::uint64_t anew, const BurstPurpose& purpose);
    [[nodiscard]] RowLease<std::byte> write_again(const MemoryRegion& tensor, std::uint64_t count,
                                                  const BurstPurpose& purpose);
    [[nodiscard]] RowLease<const std::byte> read(const MemoryRegion& tensor, const BurstPurpose& purpose);
    [[nodiscard]] RowLease<std::byte> write(const MemoryRegion& tensor, const BurstPurpose& purpose);
    [[nodiscard]] LayerActivity activity_of(std::uint32_t layer) const;
    /// Without data: `events` and those that the activity makes of them.
    template <class Command>
    [[nodiscard]] std::vector<EventCount> with_estimates(std::vector<EventCount> events, const Command& command) const;
    /// What a command took, where no data say how much of it depended on them.
    template <class Command>
    [[nodiscard]] std::vector<EventCount> estimated(const Command& command) const;

    MacEngine engine_;
    PartitionTiming timing_;
    PartitionEvents events_;
    UnitMode mode_;
    ResultBuffers results_;
    Activity activity_;  ///< used where there are no data
    Clock clock_;
    bool busy_ = false;
    TensorTap* tap_ = nullptr;
    UnitCounters counters_;
    std::uint64_t cell_writes_ = 0;
    std::map<std::uint32_t, ProgrammingTurns> turns_;
};

}  // namespace wagesim::chip
