// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands, one file each. What they refuse they throw: ConfigError, UsageError, DataError, Interrupted.
#pragma once

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/options.hpp"
#include "platforms/cli/ranks.hpp"
#include "platforms/config/run_config.hpp"

namespace wagesim::cli {

/// The one command whose work is split over ranks. Collective.
ExitCode run_train(const Options& options, const Ranks& ranks);
ExitCode run_simulate(const Options& options);
/// simulate with fidelity `timing`.
ExitCode run_timing(const Options& options, const config::RunConfig& config);
ExitCode run_verify(const Options& options);
ExitCode run_infer(const Options& options);
ExitCode run_report(const Options& options);
ExitCode run_compare(const Options& options);
ExitCode run_config(const Options& options);
ExitCode run_sweep(const Options& options);

}  // namespace wagesim::cli
