// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// kill -9 at random: sweeps whose workers, their forks and the parent itself are killed, and go on, until they are
// done.
#pragma once

#include <string>
#include <vector>

#include "tests/system/tiny_sweep.hpp"

namespace wagesim::test {

struct KillCampaign {
    int of_workers = 0;  ///< or of what they have started
    int of_parents = 0;
    std::string last_folder;  ///< of the last sweep
};

/// Twenty kills, or WAGESIM_SWEEP_KILLS. Expects every table to be that of a sweep that nothing happened to.
[[nodiscard]] KillCampaign kill_at_random(const TinySweep& sweep, const std::vector<std::string>& options);

}  // namespace wagesim::test
