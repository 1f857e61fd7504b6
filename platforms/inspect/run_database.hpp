// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// run.sqlite: what a chip counted, as tables (docs/run-database.md). Every figure is exact.
#pragma once

#include <string>
#include <vector>

#include "platforms/inspect/explanation.hpp"
#include "tlm/chip/chip_statistics.hpp"
#include "tlm/chip/group_wear.hpp"

namespace wagesim::inspect {

struct RunFacts {
    std::string name, chip, version, config_hash;
    Costs costs;
    const chip::ChipStatistics& training;
    const chip::ChipStatistics& evaluation;
    std::vector<chip::GroupWear> wear;
};

/// The bytes of the whole database.
[[nodiscard]] std::string run_database(const RunFacts& facts);

}  // namespace wagesim::inspect
