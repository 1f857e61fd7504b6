// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run without data: how much there is to time, the timing, and its result. Prints nothing, writes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platforms/cli/run_result.hpp"
#include "platforms/config/run_config.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::cli {

/// How much there is to do.
struct TimingWork {
    std::uint64_t batch = 1, steps_per_epoch = 0, steps = 0, evaluations = 0, test_images = 0;
};

/// Throws ConfigError for a run that needs data to be simulated.
void require_no_data(const config::RunConfig& config);

/// With at most `steps` training steps. Throws ConfigError, DataError.
[[nodiscard]] TimingWork timing_work(const config::RunConfig& config, std::optional<std::uint64_t> steps);

/// What of it was simulated; the rest is alike and was counted.
struct TimingOutcome {
    std::uint64_t steps_simulated = 0, evaluations_simulated = 0;
};
TimingOutcome time_chip(chip::Chip& chip, const TimingWork& work);

/// The run's result.json.
[[nodiscard]] Json timing_json(const chip::Chip& chip, const config::RunConfig& config, const TimingWork& work,
                               const TimingOutcome& outcome, double wall_seconds, const std::string& config_hash);

}  // namespace wagesim::cli
