// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the sequencer runs: commands to units with their dependencies, and what a tap may see after each. Made by the
// mapping, the same for every step; what differs from step to step is filled in at issue. Plain C++, printable.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "ref/tensor/tensor_name.hpp"
#include "tlm/common/address_map.hpp"
#include "tlm/common/tensor_tap.hpp"
#include "tlm/gradient_array/gradient_command.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/quantize_update/quantize_update_command.hpp"

namespace wagesim::chip {

/// Units that serve commands: partition groups 0 .. groups - 1, then the gradient array, then quantize/update.
using UnitId = std::uint32_t;
using CommandIndex = std::uint32_t;

/// A quantize/update command; with `of_step`, the sequencer adds the registers that differ from step to step (ETA,
/// KEY).
struct QuantizeUpdateWork {
    QuantizeUpdateCommand command;
    bool of_step = false;
};

/// A layer's weights in a unit's cells.
struct CellPlace {
    UnitId unit = 0;
    CellLayout layout = CellLayout::shared;
    CellBlock block;
};

/// A tensor, or part of one, that is complete now: in modelled memory, in a register, or in the cells.
struct Observation {
    enum class Place { memory, registers, cells };
    Place place = Place::memory;
    TensorRegion region;           ///< without `data`
    MemoryRegion memory;           ///< Place::memory: where it lies
    std::vector<CellPlace> cells;  ///< Place::cells: all that hold it, each all of the layer; they have to agree
};

struct Command {
    UnitId unit = 0;
    std::uint32_t layer = 0;
    Phase phase = Phase::forward;
    std::variant<PartitionCommand, GradientCommand, QuantizeUpdateWork> work;
    /// Commands of other units that must be complete; the unit's own earlier ones always are.
    std::vector<CommandIndex> after;
    std::vector<Observation> observations;
    std::uint64_t macs = 0;  ///< multiply-accumulates, for the statistics
};

struct Program {
    std::string name;
    std::vector<Observation> before;  ///< what is there before the first command
    std::vector<Command> commands;    ///< each unit serves its own in this order
};

/// A line for each command: index, unit, phase, layer, what, where, after which.
[[nodiscard]] std::string to_text(const Program& program, const std::vector<std::string>& unit_names);

}  // namespace wagesim::chip
