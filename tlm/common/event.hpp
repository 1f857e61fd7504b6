// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What costs energy: the events that units count, and the component that each belongs to. Vocabulary only; what an
// event costs is the technology's to say.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

enum class Component : std::uint8_t {
    crossbar,
    drivers,
    adc,
    shift_add,
    accumulators,
    window,
    pooling,
    gradient,
    quantize_update,
    buffer,
    dram,
    interconnect,
    sequencer
};
inline constexpr std::array<std::string_view, 13> kComponentNames = {
    "crossbar", "drivers",         "adc",    "shift_add", "accumulators", "window",   "pooling",
    "gradient", "quantize_update", "buffer", "dram",      "interconnect", "sequencer"};

enum class Event : std::uint8_t {
    cell_read,
    cell_pulse,
    array_read,
    cell_set,
    cell_reset,
    row_write,
    cell_verify,
    driver_pulse,
    line_pulse,
    conversion,
    shift_add,
    tree_add,
    line_buffer_byte,
    ring_add,
    pool_step,
    pool_byte,
    gradient_mac,
    gradient_operand_byte,
    spill_add,
    quantize,
    maximum,
    output_error,
    update,
    register_write,
    buffer_bit_read,
    buffer_bit_written,
    dram_bit_read,
    dram_bit_written,
    link_bit,
    router_bit,
    command
};

struct EventDescription {
    std::string_view name;
    Component component;
    bool depends_on_data;  ///< how many there are, whatever the chip file says
    std::string_view description;
};

/// In the order of the enumeration.
inline constexpr std::array<EventDescription, 31> kEvents = {{
    {"cell_read", Component::crossbar, true, "a cell that conducts on a driven line, for one pulse"},
    {"cell_pulse", Component::crossbar, false,
     "a cell pair on a line of a driven group, for one pulse, whatever it holds"},
    {"array_read", Component::crossbar, false, "one pulse into one group of an array's lines, whatever it holds"},
    {"cell_set", Component::crossbar, true, "a programming pulse that raises a cell's level"},
    {"cell_reset", Component::crossbar, true, "a programming pulse that lowers a cell's level"},
    {"row_write", Component::crossbar, false, "a row of an array selected to be programmed"},
    {"cell_verify", Component::crossbar, false, "a cell pair of a selected row compared with what it is to hold"},
    {"driver_pulse", Component::drivers, true, "a line driven with a digit that is not 0"},
    {"line_pulse", Component::drivers, false, "a line of a driven group, for one pulse, whatever its digit"},
    {"conversion", Component::adc, false, "an analog value sampled and converted"},
    {"shift_add", Component::shift_add, false, "a converted value added to its line's sum"},
    {"tree_add", Component::accumulators, false, "two arrays' or two passes' sums added"},
    {"line_buffer_byte", Component::window, false, "a byte into or out of the rows that feed windows"},
    {"ring_add", Component::window, false, "a row sum added into the ring of errors: read, add, write"},
    {"pool_step", Component::pooling, false, "an accumulator compared, masked or scattered"},
    {"pool_byte", Component::pooling, false, "a byte into or out of the pooling rows"},
    {"gradient_mac", Component::gradient, false, "8 x 8 bits multiplied and added"},
    {"gradient_operand_byte", Component::gradient, false, "a byte of operands taken into the array"},
    {"spill_add", Component::gradient, false, "a gradient sum added to what was spilled of it"},
    {"quantize", Component::quantize_update, false, "an element shifted, rounded and clipped, or looked up"},
    {"maximum", Component::quantize_update, false, "an element compared with the largest magnitude"},
    {"output_error", Component::quantize_update, false, "an output's error, its square, and the class compared"},
    {"update", Component::quantize_update, false, "a gradient rounded with a random word, and its weight's step"},
    {"register_write", Component::quantize_update, false, "a register written by the sequencer"},
    {"buffer_bit_read", Component::buffer, false, "a bit out of the buffer"},
    {"buffer_bit_written", Component::buffer, false, "a bit into the buffer"},
    {"dram_bit_read", Component::dram, false, "a bit out of the DRAM"},
    {"dram_bit_written", Component::dram, false, "a bit into the DRAM"},
    {"link_bit", Component::interconnect, false, "a bit over one link"},
    {"router_bit", Component::interconnect, false, "a bit through one router"},
    {"command", Component::sequencer, false, "a command issued and completed"},
}};

inline constexpr std::size_t kEventCount = kEvents.size();

[[nodiscard]] constexpr const EventDescription& describe(Event event) noexcept
{
    return kEvents[index_of(event)];
}

/// Some of one kind.
struct EventCount {
    Event event = Event::command;
    std::uint64_t count = 0;
};

}  // namespace wagesim::chip
