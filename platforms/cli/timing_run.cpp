// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/timing_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/image_counts.hpp"

namespace wagesim::cli {

void require_no_data(const config::RunConfig& config)
{
    if (config.floats.any()) throw config::float_fault(config, "the chip computes with no other");
    if (config.chip->crossbar.skip_unchanged_rows && config.activity.empty()) {
        throw config.origins.fault("chip.crossbar.skip_unchanged_rows", "true",
                                   "false with fidelity timing, unless chip.activity says how many rows change");
    }
    if (config.chip->quantize_update.quantizer != chip::Quantizer::tlm) {
        throw config.origins.fault("chip.quantizer", "rtl or lockstep", "tlm with fidelity timing");
    }
}

TimingWork timing_work(const config::RunConfig& config, std::optional<std::uint64_t> steps)
{
    const ImageCounts images = count_images(config);
    TimingWork out;
    out.batch = static_cast<std::uint64_t>(config.training.batch);
    if (out.batch > images.train) {
        throw config.origins.fault("training.batch", std::to_string(out.batch),
                                   fmt::format("1..{}, the number of training images", images.train));
    }
    out.steps_per_epoch = images.train / out.batch;
    out.steps = out.steps_per_epoch * static_cast<std::uint64_t>(config.training.epochs);
    if (steps) out.steps = std::min(out.steps, *steps);
    out.test_images = images.test;
    // After every epoch, and after a part of one.
    out.evaluations = out.steps / out.steps_per_epoch;
    if (out.steps % out.steps_per_epoch != 0 || out.steps == 0) ++out.evaluations;
    return out;
}

TimingOutcome time_chip(chip::Chip& chip, const TimingWork& work)
{
    TimingOutcome outcome;
    outcome.steps_simulated = chip.time_training(work.batch, work.steps);
    if (work.test_images == 0) return outcome;
    outcome.evaluations_simulated = chip.time_evaluation(work.batch, work.test_images / work.batch * work.evaluations);
    const std::uint64_t rest = work.test_images % work.batch;
    if (rest > 0) outcome.evaluations_simulated += chip.time_evaluation(rest, work.evaluations);
    return outcome;
}

Json timing_json(const chip::Chip& chip, const config::RunConfig& config, const TimingWork& work,
                 const TimingOutcome& outcome, double wall_seconds, const std::string& config_hash)
{
    RunResult result;
    result.steps = work.steps;
    result.wall_seconds = wall_seconds;
    result.config_hash = config_hash;
    Json json = to_json(result);
    json["steps_simulated"] = outcome.steps_simulated;
    json["evaluations_simulated"] = outcome.evaluations_simulated;
    json["cycles_estimated"] = config.chip->crossbar.skip_unchanged_rows;
    add_chip(json, chip, config);
    return json;
}

}  // namespace wagesim::cli
