// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep serve: what a point server computes. Whom it serves and how is platforms/sweep's business.
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/timing_run.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/sweep/point_server.hpp"

namespace wagesim::cli {
namespace {

std::string computed(const config::RunConfig& run, const std::string& config_hash, std::optional<std::uint64_t> steps)
{
    const auto began = std::chrono::steady_clock::now();
    require_no_data(run);
    const TimingWork work = timing_work(run, steps);
    const BuiltChip built = build_chip(run);
    const TimingOutcome outcome = time_chip(*built.chip, work);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return timing_json(*built.chip, run, work, outcome, seconds, config_hash).dump();
}

}  // namespace

ExitCode sweep_serve(const Options& options, const config::SweepConfig& sweep)
{
    std::signal(SIGTERM, SIG_DFL);  // there is nothing to finish
    std::signal(SIGINT, SIG_IGN);   // of a terminal: the engine's business
    const config::Stage& stage = sweep.stages.at(options.sweep.stage);
    std::optional<std::uint64_t> steps;
    if (stage.steps) steps = static_cast<std::uint64_t>(*stage.steps);
    sweep::MessageStream engine(STDIN_FILENO);
    sweep::serve_points(engine, sweep, stage, kModelNumber,
                        [&](const config::RunConfig& run, const std::string& config_hash) {
                            return computed(run, config_hash, steps);
                        });
    return ExitCode::done;
}

}  // namespace wagesim::cli
