// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A chip for a run, with the quantize/update unit that its chip file names, and its counters for checkpoints.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platforms/cli/engine.hpp"
#include "platforms/config/run_config.hpp"
#include "platforms/verify/lockstep_unit.hpp"
#include "platforms/verify/quantize_update_factory.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::cli {

struct BuiltChip {
    std::shared_ptr<verify::LockstepRecord> lockstep;  ///< none unless the unit is a LockstepUnit
    verify::RtlExtras extras;
    std::unique_ptr<chip::Chip> chip;

    /// What of the unit failed in a run, or nothing: the simulation kernel passes exceptions on as its own reports.
    [[nodiscard]] std::optional<std::string> unit_failure() const;
};

/// The configuration has a chip. Throws ConfigError for one that cannot run the network, or whose lanes no unit has.
[[nodiscard]] BuiltChip build_chip(const config::RunConfig& config, verify::RtlExtras extras = {});

/// What that chip would execute. Throws as build_chip does.
[[nodiscard]] chip::Mapping map_chip(const config::RunConfig& config);

/// The statistics of both phases under dotted names, and back again.
[[nodiscard]] Counters chip_counters(const chip::Chip& chip);
/// Throws std::invalid_argument for anything that chip_counters did not return.
void restore_chip_counters(chip::Chip& chip, const Counters& counters);

/// Cells that are not ideal, by group of partitions, and back again.
[[nodiscard]] StateArrays chip_state(const chip::Chip& chip);
/// Throws std::invalid_argument for anything that chip_state did not return.
void restore_chip_state(chip::Chip& chip, const StateArrays& state);

}  // namespace wagesim::cli
