// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/activity_output.hpp"

#include <fmt/format.h>

#include <vector>

#include "platforms/config/load_activity.hpp"
#include "ref/data/atomic_file.hpp"
#include "tlm/energy/activity.hpp"

namespace wagesim::cli {

void write_activity(const chip::Chip& chip, const Session& session)
{
    if (session.options.record_activity.empty()) return;
    const chip::ChipStatistics& training = chip.training_statistics();
    const chip::ChipStatistics& evaluation = chip.evaluation_statistics();
    const std::string title = fmt::format("activity of {}: {} training steps, {} test images", session.config.name,
                                          training.programs, evaluation.samples);
    std::vector<chip::ProgrammingCounts> programming;
    for (const chip::LayerStatistics& layer : training.layers) {
        programming.push_back({layer.rows_due, layer.rows_changed, layer.cells_due});
    }
    write_file_atomically(
        session.options.record_activity,
        config::print_activity(chip::measured_activity(training.ledger, evaluation.ledger, programming), title));
}

}  // namespace wagesim::cli
