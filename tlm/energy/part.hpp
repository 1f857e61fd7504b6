// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What takes area and leaks: the parts that a chip has any number of. Vocabulary only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tlm/common/event.hpp"

namespace wagesim::chip {

enum class Part : std::uint8_t {
    cell_pair,
    array,
    line_driver,
    adc,
    shift_adder,
    adder,
    line_buffer_byte,
    ring_byte,
    pooling_lane,
    partition,
    gradient_mac,
    gradient_sum_bit,
    quantize_lane,
    quantize_unit,
    buffer_kib,
    router_port,
    sequencer,
    dram_port
};

struct PartDescription {
    std::string_view name;
    Component component;
    std::string_view description;
};

/// In the order of the enumeration.
inline constexpr std::array<PartDescription, 18> kParts = {{
    {"cell_pair", Component::crossbar, "two cells that hold one level of either sign"},
    {"array", Component::crossbar, "what an array has once, beside cells, drivers and converters"},
    {"line_driver", Component::drivers, "the driver of one line, on either side"},
    {"adc", Component::adc, "a converter with its share of sampling and multiplexing"},
    {"shift_adder", Component::shift_add, "of one converter"},
    {"adder", Component::accumulators, "of the tree that adds arrays' sums, for one line that is converted at a time"},
    {"line_buffer_byte", Component::window, "of the rows that feed windows"},
    {"ring_byte", Component::window, "of the ring of errors"},
    {"pooling_lane", Component::pooling, "takes an accumulator a cycle"},
    {"partition", Component::accumulators, "what a partition has once: registers, control, its bus"},
    {"gradient_mac", Component::gradient, "8 x 8 bits"},
    {"gradient_sum_bit", Component::gradient, "of the sums that stay in the array"},
    {"quantize_lane", Component::quantize_update, "of the quantize/update unit"},
    {"quantize_unit", Component::quantize_update, "what the unit has once"},
    {"buffer_kib", Component::buffer, "1024 bytes of SRAM with its share of decoders and amplifiers"},
    {"router_port", Component::interconnect, "of a router"},
    {"sequencer", Component::sequencer, "the sequencer"},
    {"dram_port", Component::dram, "on this chip; the memory itself is another chip"},
}};

inline constexpr std::size_t kPartCount = kParts.size();

[[nodiscard]] constexpr const PartDescription& describe(Part part) noexcept
{
    return kParts[index_of(part)];
}

}  // namespace wagesim::chip
