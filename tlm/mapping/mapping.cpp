// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The mapping's parts, made once and in order; and its text.
#include "tlm/mapping/mapping.hpp"

#include <stdexcept>

namespace wagesim::chip {
namespace {

ChipConfig checked(const ChipConfig& config, const Network& network, const ChipOptions& options)
{
    std::string all;
    for (const std::string& fault : chip_faults(config, network, options)) all += (all.empty() ? "" : "\n") + fault;
    if (!all.empty()) throw std::invalid_argument(all);
    return config;
}

}  // namespace

Mapping::Mapping(const ChipConfig& config, const Network& network, const ChipOptions& options)
    : config_(checked(config, network, options)),
      options_(options),
      layers_(plan_layers(network, config, options)),
      placement_(place_layers(layers_, config_, options.widths, options.batch)),
      memory_(plan_memory(layers_, placement_, config_, options.batch))
{
}

std::vector<std::string> Mapping::unit_names() const
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < placement_.groups.size(); ++i) out.push_back("partitions" + std::to_string(i));
    out.emplace_back("gradient");
    out.emplace_back("quantize_update");
    return out;
}

std::string Mapping::text() const
{
    return to_text(placement_) + to_text(memory_) + to_text(training_program(options_.batch), unit_names());
}

}  // namespace wagesim::chip
