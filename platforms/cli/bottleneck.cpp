// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A group's relief depends on whose cells it holds: copies help those that stay in them, more partitions those that
// take turns.
#include "platforms/cli/bottleneck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace wagesim::cli {
namespace {

/// "layer 3", "layers 2, 3 and 6".
std::string layers_text(const std::vector<std::size_t>& layers)
{
    constexpr std::size_t kMost = 6;
    if (layers.size() > kMost) return fmt::format("{} layers", layers.size());
    std::string out = layers.size() == 1 ? "layer " : "layers ";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const char* const before = i == 0 ? "" : i + 1 == layers.size() ? " and " : ", ";
        out += fmt::format("{}{}", before, layers[i]);
    }
    return out;
}

std::string relief_of_group(const chip::Mapping& mapping, std::size_t group)
{
    const std::vector<chip::LayerPlacement>& layers = mapping.placement().layers;
    std::vector<std::size_t> served;
    bool resident = true;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const bool backward = layers[i].transposed && layers[i].transposed->group == group;
        if (layers[i].shared.group != group && !backward) continue;
        served.push_back(i);
        resident = backward ? layers[i].transposed->resident : layers[i].shared.resident;
    }
    if (!resident) {
        return fmt::format("more partitions.count for {}, which take turns,", layers_text(served));
    }
    return fmt::format("more copies of {} (mapping.replication) or fewer crossbar.lines_per_adc", layers_text(served));
}

}  // namespace

std::map<std::string, std::string> reliefs_of(const chip::Mapping& mapping)
{
    std::map<std::string, std::string> out = {
        {"gradient", "more gradient.macs_per_cycle"},
        {"quantize_update", "more lanes (lanes)"},
        {"buffer", "a wider buffer port (buffer.bytes_per_cycle)"},
        {"dram", "a wider DRAM port (dram.bytes_per_cycle) or a larger buffer (buffer.kib)"},
    };
    const std::vector<std::string> names = mapping.unit_names();
    for (std::size_t group = 0; group < mapping.placement().groups.size(); ++group) {
        out[names[group]] = relief_of_group(mapping, group);
    }
    return out;
}

}  // namespace wagesim::cli
