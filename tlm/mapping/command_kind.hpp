// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a command is, in a word, and how much it handles: for people. The whole of it is program_text.cpp's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {

/// program, forward, unpool, backward; gradient; input, activation, ..., requantize, or registers without a burst.
[[nodiscard]] std::string_view kind_of(const Command& command);
/// The samples that it names; nothing where it names none.
[[nodiscard]] std::optional<SampleRange> samples_of(const Command& command);
/// Elements of a quantize/update burst; 0 for other commands.
[[nodiscard]] std::uint64_t elements_of(const Command& command);

}  // namespace wagesim::chip
