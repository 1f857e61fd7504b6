// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip counted, as the `chip` and `evaluation` objects of docs/interfaces.md and as tables. Nothing is
// counted here; what this version does not model is null.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platforms/cli/cell_lifetime.hpp"
#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/config/run_config.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/energy/energy.hpp"
#include "tlm/energy/technology.hpp"
#include "tlm/mapping/exact_converters.hpp"

namespace wagesim::cli {

/// What turns counts into seconds, joules and square millimetres.
struct ChipCosts {
    double clock_ghz = 1.0;
    std::optional<chip::Technology> technology;  ///< none: no energy, power or area
    chip::Inventory inventory{};
    std::map<std::string, std::string> reliefs;     ///< by unit and memory: what would relieve it
    std::vector<chip::ExactConverters> converters;  ///< by layer
    int adc_bits = 0;                               ///< that there are
};

[[nodiscard]] ChipCosts costs_of(const chip::Chip& chip, const config::RunConfig& config);

/// What cells have taken belongs to the training steps: `lifetime` is null for evaluations.
[[nodiscard]] Json chip_json(const chip::ChipStatistics& statistics, const ChipCosts& costs,
                             const CellLifetime* lifetime);

/// Cycles, chip time, rates, energy, power, area, the units' utilisation and waits, traffic by stream, lifetime;
/// at most 100 columns.
[[nodiscard]] std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics,
                                     const ChipCosts& costs, const CellLifetime* lifetime);

/// `chip` (training steps) and `evaluation` (test images) into a result.
void add_chip(Json& result, const chip::Chip& chip, const config::RunConfig& config);
/// A table of each.
void print_chip(const chip::Chip& chip, const config::RunConfig& config, Console& console);

/// "12,345,678".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace wagesim::cli
