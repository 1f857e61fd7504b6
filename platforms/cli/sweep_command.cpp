// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep: which action. What is computed and how is platforms/sweep's business.
#include "platforms/cli/commands.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/config/load_sweep.hpp"

namespace wagesim::cli {

ExitCode run_sweep(const Options& options)
{
    const config::SweepConfig sweep = config::load_sweep(options.config, options.assignments);
    const SweepFolder folder(options.out);
    switch (options.sweep.action) {
        case SweepAction::run: return sweep_run(options, sweep, folder);
        case SweepAction::slurm: return sweep_slurm(options, sweep, folder);
        case SweepAction::serve: return sweep_serve(options, sweep);
        case SweepAction::status:
        case SweepAction::collect:
        case SweepAction::export_csv:
        case SweepAction::best: break;
    }
    return sweep_show(options, sweep, folder);
}

}  // namespace wagesim::cli
