// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep run: the sweep, or a share of it, in its folder, whose locks are held meanwhile. Stages, engines and
// what is printed of them are others' business.
#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/slurm_job.hpp"
#include "platforms/cli/stage_console.hpp"
#include "platforms/cli/sweep_collection.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/sweep_engines.hpp"
#include "platforms/cli/sweep_parallelism.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/sweep/plan.hpp"
#include "platforms/sweep/share_publisher.hpp"
#include "platforms/sweep/stage_runner.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

class SweepRun {
public:
    SweepRun(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
        : options_(options),
          folder_(folder),
          sweep_(sweep, kModelNumber, throw_if_interrupted),
          console_(options.quiet, options.json),
          parallelism_(options),
          stage_console_(options, sweep_, parallelism_, console_)
    {
    }

    ExitCode run()
    {
        folder_.create();
        const sweep::FolderLock lock = folder_.claim();
        require_no_array(folder_);  // before places of another fingerprint are forgotten
        sweep::Database database = sweep_.open(folder_.database_file());
        const sweep::FolderLock workers = claim_after_all_workers(folder_, console_);
        collect_shares(database, folder_, Shares::at_rest);
        if (options_.sweep.retry_failed) forget_failures(database, folder_, sweep_.name());
        return conclude(runner(database, workers).run(interruption_requested));
    }

    ExitCode run_share()
    {
        folder_.require();
        const sweep::Plan plan = read_plan(folder_, sweep_);
        const auto [number, shares] = *options_.sweep.share;
        if (plan.shares.size() != shares) {
            throw UsageError(fmt::format("--share: got {}/{}, allowed K/{}, as {} has it", number, shares,
                                         plan.shares.size(), folder_.plan_file()));
        }
        const sweep::FolderLock whole = folder_.claim_for_share();
        const ShareFolder share = folder_.share(number);
        share.create();
        const sweep::FolderLock lock = share.claim();
        const sweep::FolderLock workers = claim_after_workers(share.workers(), console_);
        sweep::Database database = sweep_.open(share.database_file());
        if (options_.sweep.retry_failed) database.forget_failures();
        sweep::SharePublisher publisher(database, share.published_file());
        const sweep::Tally tally = runner(database, workers).run_share(plan, number, [&] {
            publisher.look();
            return interruption_requested();
        });
        publisher.publish();
        return conclude(tally);
    }

private:
    sweep::StageRunner runner(sweep::Database& database, const sweep::FolderLock& workers)
    {
        return {sweep_, database, stage_console_,
                sweep_engines(options_, sweep_, parallelism_, folder_.runs(), workers), program_version()};
    }

    [[nodiscard]] ExitCode conclude(const sweep::Tally& tally) const
    {
        if (options_.json) {
            const Json json = {{"name", sweep_.name()},     {"points", tally.points},     {"done", tally.done},
                               {"failed", tally.failed},    {"excluded", tally.excluded}, {"missing", tally.missing()},
                               {"computed", tally.computed}};
            fmt::print("{}\n", json.dump(2));
        }
        if (tally.missing() > 0) {
            throw Interrupted("interrupted; the same command goes on from the points' checkpoints");
        }
        if (tally.failed > 0) {
            throw DataError(fmt::format(
                "{}: {} of {} points failed; wagesim sweep status names them, --retry-failed tries them again",
                sweep_.name(), tally.failed, tally.points));
        }
        return ExitCode::done;
    }

    const Options& options_;
    const SweepFolder& folder_;
    sweep::SurveyedSweep sweep_;
    Console console_;
    SweepParallelism parallelism_;
    StageConsole stage_console_;
};

}  // namespace

ExitCode sweep_run(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    SweepRun run(options, sweep, folder);
    return options.sweep.share ? run.run_share() : run.run();
}

}  // namespace wagesim::cli
