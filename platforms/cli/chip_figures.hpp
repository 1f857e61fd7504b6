// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip counted, as the `chip` and `evaluation` objects of docs/interfaces.md and as tables. Nothing is
// counted here; what this version does not model is null.
#pragma once

#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::cli {

[[nodiscard]] Json chip_json(const chip::ChipStatistics& statistics, double clock_ghz);

/// Cycles, chip time, rates, the units' utilisation and waits, traffic by stream; at most 100 columns.
[[nodiscard]] std::string chip_table(const std::string& title, const chip::ChipStatistics& statistics,
                                     double clock_ghz);

/// `chip` (training steps) and `evaluation` (test images) into a result.
void add_chip(Json& result, const chip::Chip& chip, const Session& session);
/// A table of each.
void print_chip(const chip::Chip& chip, const Session& session, Console& console);

/// "12,345,678".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace wagesim::cli
