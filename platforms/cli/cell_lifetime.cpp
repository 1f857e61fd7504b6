// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/cell_lifetime.hpp"

#include <algorithm>

namespace wagesim::cli {
namespace {

std::uint64_t pulses_of(const chip::Ledger& ledger)
{
    return ledger.count(chip::Event::cell_set) + ledger.count(chip::Event::cell_reset);
}

}  // namespace

CellLifetime cell_lifetime(const chip::ChipStatistics& training, const chip::ChipStatistics& evaluation,
                           const std::vector<chip::GroupWear>& wear, const std::optional<chip::Technology>& technology)
{
    CellLifetime out;
    std::uint64_t total = 0, most = 0;
    bool counted = false;
    for (const chip::GroupWear& group : wear) {
        out.cells += group.cells;
        total += group.total;
        most = std::max(most, group.most);
        counted = counted || group.counted;
    }
    if (counted) {
        out.most_pulses = most;
        out.writes = training.cell_writes;
    } else {
        total = pulses_of(training.ledger) + pulses_of(evaluation.ledger);
    }
    if (out.cells > 0 && training.programs > 0) {
        out.mean_pulses = static_cast<double>(total) / static_cast<double>(out.cells);
    }
    if (!technology || technology->endurance_pulses == 0) return out;
    out.endurance = technology->endurance_pulses;
    const double budget = static_cast<double>(*out.endurance) * static_cast<double>(training.programs);
    if (most > 0 && training.programs > 0) out.steps_to_first_cell = budget / static_cast<double>(most);
    if (out.mean_pulses.value_or(0.0) > 0.0) out.steps_to_mean_cell = budget / *out.mean_pulses;
    return out;
}

}  // namespace wagesim::cli
