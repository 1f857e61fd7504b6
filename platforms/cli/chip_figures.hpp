// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip counted, as the `chip` and `evaluation` objects of docs/interfaces.md and as tables. Nothing is
// counted here; what this version does not model is null.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/config/run_config.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/energy/energy.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::cli {

/// What turns counts into seconds, joules and square millimetres.
struct ChipCosts {
    double clock_ghz = 1.0;
    std::optional<chip::Technology> technology;  ///< none: no energy, power or area
    chip::Inventory inventory{};
    std::map<std::string, std::string> reliefs;  ///< by unit and memory: what would relieve it
};

[[nodiscard]] ChipCosts costs_of(const chip::Chip& chip, const config::RunConfig& config);

[[nodiscard]] Json chip_json(const chip::ChipStatistics& statistics, const ChipCosts& costs);

/// Cycles, chip time, rates, energy, power, area, the units' utilisation and waits, traffic by stream; at most 100
/// columns.
[[nodiscard]] std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics,
                                     const ChipCosts& costs);

/// `chip` (training steps) and `evaluation` (test images) into a result.
void add_chip(Json& result, const chip::Chip& chip, const config::RunConfig& config);
/// A table of each.
void print_chip(const chip::Chip& chip, const config::RunConfig& config, Console& console);

/// "12,345,678".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace wagesim::cli
