// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/mapping/command_kind.hpp"

#include <array>
#include <variant>

namespace wagesim::chip {
namespace {

/// In the order of QuantizeUpdateMode.
constexpr std::array<std::string_view, 8> kBurstKinds = {"input",        "activation",       "abs_max", "error",
                                                         "output_error", "gradient_abs_max", "update",  "requantize"};

std::string_view partition_kind(const PartitionCommand& command)
{
    if (std::holds_alternative<PartitionProgram>(command)) return "program";
    if (std::holds_alternative<PartitionUnpool>(command)) return "unpool";
    if (std::holds_alternative<PartitionBackward>(command)) return "backward";
    return "forward";
}

}  // namespace

std::string_view kind_of(const Command& command)
{
    if (const auto* const partition = std::get_if<PartitionCommand>(&command.work)) return partition_kind(*partition);
    if (std::holds_alternative<GradientCommand>(command.work)) return "gradient";
    const auto& burst = std::get<QuantizeUpdateWork>(command.work).command.burst;
    return burst ? kBurstKinds[static_cast<std::size_t>(burst->mode)] : "registers";
}

std::optional<SampleRange> samples_of(const Command& command)
{
    if (const auto* const gradient = std::get_if<GradientCommand>(&command.work)) {
        return SampleRange{gradient->first_sample, gradient->samples};
    }
    const auto* const partition = std::get_if<PartitionCommand>(&command.work);
    if (partition == nullptr) return std::nullopt;
    if (const auto* const forward = std::get_if<PartitionForward>(partition)) return forward->samples;
    if (const auto* const unpool = std::get_if<PartitionUnpool>(partition)) return unpool->samples;
    if (const auto* const backward = std::get_if<PartitionBackward>(partition)) return backward->samples;
    return std::nullopt;
}

std::uint64_t elements_of(const Command& command)
{
    const auto* const work = std::get_if<QuantizeUpdateWork>(&command.work);
    return work != nullptr && work->command.burst ? work->command.burst->count : 0;
}

}  // namespace wagesim::chip
