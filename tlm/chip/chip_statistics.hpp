// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip counted, as plain values: training and evaluation each have one. Every figure is a 64-bit integer, so
// sums agree exactly and a run can be checkpointed and resumed. No joules and no rates: those are derived elsewhere.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tlm/energy/attojoules.hpp"
#include "tlm/energy/ledger.hpp"

namespace wagesim::chip {

/// Cycles of one unit by the direction of the command that spent them.
struct DirectionCycles {
    std::uint64_t forward = 0;
    std::uint64_t backward = 0;
    std::uint64_t other = 0;  ///< gradients, updates, programming
    [[nodiscard]] std::uint64_t total() const noexcept { return forward + backward + other; }
};

struct UnitStatistics {
    std::string name;  ///< partitions0, ..., gradient, quantize_update
    std::uint64_t commands = 0;
    DirectionCycles busy;  ///< from a command's issue to its completion
    /// Cycles in which the unit was busy and at least one other command of the direction was ready and queued for it.
    /// Each cycle counts once, however many queued; queueing for memory is the memories' own statistic.
    DirectionCycles waits;
};

/// Bytes that bursts moved, by what they carried.
struct StreamTraffic {
    std::uint64_t activations = 0, errors = 0, gradients = 0, weights = 0;
    [[nodiscard]] std::uint64_t total() const noexcept { return activations + errors + gradients + weights; }
};

/// The window of cycles in which the most dynamic energy was spent.
struct PeakPower {
    std::uint64_t window_cycles = 0;  ///< 0: nothing has run
    std::uint64_t attojoules = 0;

    /// Takes over a window with more energy a cycle.
    void consider(std::uint64_t cycles, Attojoules energy) noexcept;
};

struct LayerStatistics {
    std::uint64_t macs = 0;    ///< forward, backward and gradient together
    std::uint64_t cycles = 0;  ///< busy cycles of all units on this layer's commands
    /// Rows of arrays, programmed one after the other; those of them in which a cell changed, which are all that
    /// crossbar.skip_unchanged_rows programs; and cells to verify where no row is left out.
    std::uint64_t rows_due = 0, rows_changed = 0, cells_due = 0;
};

struct ChipStatistics {
    std::uint64_t programs = 0;  ///< training steps or evaluated batches
    std::uint64_t samples = 0;
    std::uint64_t cycles = 0;
    std::uint64_t macs_forward = 0, macs_backward = 0, macs_gradient = 0;
    std::uint64_t cell_writes = 0;  ///< cells whose code changed when they were programmed
    Ledger ledger;                  ///< events by phase and layer
    PeakPower peak;
    StreamTraffic dram, buffer;
    std::uint64_t dram_busy = 0, buffer_busy = 0;  ///< cycles in which the memory's port moved bytes
    std::vector<UnitStatistics> units;
    std::vector<LayerStatistics> layers;
};

/// to += times * what was counted in `of`, which has the same units and layers.
void add_statistics(ChipStatistics& to, const ChipStatistics& of, std::uint64_t times);

using NamedCounters = std::vector<std::pair<std::string, std::uint64_t>>;

/// Every counter under a dotted name ("dram.weights", "units.gradient.busy.other", "layers.2.macs"), in a fixed order.
[[nodiscard]] NamedCounters counters_of(const ChipStatistics& statistics);
/// Puts counters back. The names must be those of counters_of(statistics); std::invalid_argument names one that is not.
void restore_counters(const NamedCounters& counters, ChipStatistics& statistics);

}  // namespace wagesim::chip
