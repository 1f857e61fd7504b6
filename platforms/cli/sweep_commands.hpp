// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The actions of wagesim sweep.
#pragma once

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/options.hpp"
#include "platforms/cli/sweep_folder.hpp"
#include "platforms/config/sweep_config.hpp"

namespace wagesim::cli {

ExitCode sweep_run(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder);
/// Submits a job array whose tasks are `sweep run --share`.
ExitCode sweep_slurm(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder);
/// status, collect, export, best
ExitCode sweep_show(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder);
/// A point server for `sweep run`, which starts it with the stream on standard input. No user's command.
ExitCode sweep_serve(const Options& options, const config::SweepConfig& sweep);

}  // namespace wagesim::cli
