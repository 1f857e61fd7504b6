// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How long cells last: pulses that they have taken, against those that the technology says they endure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tlm/chip/chip_statistics.hpp"
#include "tlm/chip/group_wear.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::cli {

struct CellLifetime {
    std::uint64_t cells = 0;                    ///< single ones, of the groups in use
    std::optional<std::uint64_t> writes;        ///< weights whose code changed in training; none without data
    std::optional<std::uint64_t> most_pulses;   ///< of one cell, evaluations included; none without data
    std::optional<double> mean_pulses;          ///< of a cell; without data, as the activity factors say
    std::optional<std::uint64_t> endurance;     ///< pulses; none where the technology names none
    std::optional<double> steps_to_first_cell;  ///< training steps until the most worn cell has taken them
    std::optional<double> steps_to_mean_cell;   ///< until the average cell has
};

/// Rates are those of the steps so far, evaluations and the first filling of the cells included; without data the
/// latter is left out.
[[nodiscard]] CellLifetime cell_lifetime(const chip::ChipStatistics& training, const chip::ChipStatistics& evaluation,
                                         const std::vector<chip::GroupWear>& wear,
                                         const std::optional<chip::Technology>& technology);

}  // namespace wagesim::cli
