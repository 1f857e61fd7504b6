// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep slurm: what is missing becomes a plan, its shares the tasks of an array job. Computes nothing itself.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/slurm_job.hpp"
#include "platforms/cli/sweep_collection.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/sweep/books.hpp"
#include "platforms/sweep/keep.hpp"
#include "platforms/sweep/overview.hpp"
#include "platforms/sweep/slurm_script.hpp"
#include "platforms/sweep/survey.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;
using sweep::Database;
using sweep::SqliteConnection;

constexpr std::uint64_t kPointsOfATask = 1000;  // without data

/// Nothing ends while a plan is made.
class NoObserver final : public sweep::EngineObserver {
public:
    void point_ended(const sweep::Point& /*point*/, const sweep::Record& /*record*/,
                     const sweep::Tally& /*tally*/) override
    {
    }
    void worker_stopped(const sweep::Point& /*point*/, const sweep::WorkerEnd& /*end*/) override {}
};

class ArraySubmission {
public:
    ArraySubmission(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
        : options_(options),
          sweep_(sweep),
          folder_(folder),
          grid_(sweep),
          constraints_(sweep),
          first_(sweep::make_source(grid_, sweep.sampling)),
          survey_(sweep::survey(sweep, grid_, first_.get(), kModelNumber)),
          console_(false, options.json)
    {
    }

    ExitCode run()
    {
        folder_.create();
        for (const std::string& made : {folder_.shares(), folder_.slurm()}) {
            std::error_code error;
            fs::create_directories(made, error);
            if (error) throw UsageError(fmt::format("--out: cannot create {}: {}", made, error.message()));
        }
        const std::optional<sweep::FolderLock> submitting = sweep::FolderLock::try_claim(folder_.slurm());
        if (!submitting) {
            throw UsageError(fmt::format("--out: another process is submitting the sweep in {}", folder_.path()));
        }
        require_no_array(folder_);
        plan();
        if (plan_.shares.empty()) return conclude("");
        if (options_.sweep.dry_run) return conclude("");
        return conclude(submit_array(folder_));
    }

private:
    /// What the first stage with missing points lacks, written down. Nobody computes the sweep meanwhile; afterwards
    /// the tasks do.
    void plan()
    {
        const sweep::FolderLock lock = folder_.claim();
        static_cast<void>(claim_after_workers(folder_.runs(), console_));
        for (const ShareFolder& share : folder_.all_shares()) {
            static_cast<void>(claim_after_workers(share.workers(), console_));
        }
        Database database(folder_.database_file(), sweep_.name, SqliteConnection::Mode::create);
        database.describe(sweep_, survey_.fingerprint);
        collect_shares(database, folder_, Shares::at_rest);
        if (options_.sweep.retry_failed) forget_failures(database, folder_, sweep_.name);
        plan_.sweep = sweep_.name;
        plan_.fingerprint = survey_.fingerprint;
        for (; plan_.stage < sweep_.stages.size() && plan_.shares.empty(); ++plan_.stage) plan_stage(database);
        if (plan_.shares.empty()) return;
        --plan_.stage;
        const std::string script = array_script();
        write_file_atomically(folder_.plan_file(), sweep::plan_text(plan_));
        write_file_atomically(array_script_file(folder_), script);
    }

    void plan_stage(Database& database)
    {
        std::unique_ptr<sweep::PointSource> kept;
        if (plan_.stage > 0) {
            const sweep::Overview overview = sweep::make_overview(
                {sweep_, grid_, first_.get(), survey_.fingerprint, &database, kModelNumber, plan_.stage});
            plan_.designs = sweep::kept_designs(overview, plan_.stage, sweep_.stages[plan_.stage].keep);
            kept = std::make_unique<sweep::ListSource>(grid_, plan_.designs);
        }
        NoObserver nobody;
        const sweep::PointSource& source = plan_.stage == 0 ? *first_ : *kept;
        sweep::Books books({sweep_, plan_.stage, source, constraints_, database, nobody, program_version()});
        // Resolving takes a twentieth of the time that a point without data takes, but not on many machines: of many
        // such points, what is known is known by its place, and only equal designs are the same run.
        const bool resolves = !survey_.without_data[plan_.stage] || source.count() <= sweep::kMostSurveyed ||
                              database.has_ended_without_place();
        sweep::PointResolver resolver(sweep_, sweep_.stages[plan_.stage], kModelNumber);
        std::vector<sweep::MissingPoint> missing;
        std::map<std::string, std::uint64_t> runs;
        database.transaction([&] {
            while (const std::optional<sweep::Point> point = books.next()) {
                std::string run = fmt::format("{} {}", point->design, point->seed);
                if (resolves) {
                    const sweep::ResolvedPoint resolved = resolver.resolve(*point);
                    if (books.settle_known(*point, resolved.identity)) continue;
                    // Who is no legal run has no hash, and fails by itself.
                    run = resolved.run ? resolved.identity.folder_name() : resolved.identity.config_hash;
                }
                missing.push_back({point->index, runs.emplace(run, runs.size()).first->second});
            }
        });
        failed_ += books.tally().failed;
        if (missing.empty()) return;
        missing_points_ = missing.size();
        plan_.shares = sweep::split(missing, tasks_for(runs.size()));
    }

    [[nodiscard]] std::uint64_t tasks_for(std::uint64_t runs) const
    {
        const std::uint64_t each = survey_.without_data[plan_.stage] ? kPointsOfATask : 1;
        const std::uint64_t wanted = std::min(kMostTasks, (runs + each - 1) / each);
        return std::min(runs, options_.sweep.tasks.value_or(wanted));
    }

    [[nodiscard]] std::string array_script() const
    {
        const int jobs = options_.sweep.jobs.value_or(1);
        const int threads = options_.threads.value_or(1);
        sweep::ArrayJob job;
        job.sweep = sweep_.name;
        job.folder = fs::absolute(folder_.slurm()).lexically_normal().string();
        job.tasks = plan_.shares.size();
        job.cpus = static_cast<std::uint64_t>(jobs) * static_cast<std::uint64_t>(threads);
        job.command = {fs::read_symlink("/proc/self/exe").string(),
                       "sweep",
                       "run",
                       "-c",
                       fs::absolute(options_.config).string(),
                       "--out",
                       fs::absolute(folder_.path()).string(),
                       "--jobs",
                       std::to_string(jobs),
                       "--threads",
                       std::to_string(threads)};
        for (const std::string& assignment : options_.assignments) {
            job.command.emplace_back("--set");
            job.command.push_back(assignment);
        }
        job.command.emplace_back("--share");
        job.partition = options_.sweep.partition;
        job.account = options_.sweep.account;
        job.time = options_.sweep.time;
        job.options = options_.sweep.scheduler_options;
        try {
            return sweep::array_script(job);
        } catch (const std::invalid_argument& error) {
            throw UsageError(error.what());
        }
    }

    ExitCode conclude(const std::string& job)
    {
        const bool none = plan_.shares.empty();
        if (options_.json) {
            const Json json = {{"name", sweep_.name},
                               {"stage", none ? Json() : Json(sweep_.stages[plan_.stage].name)},
                               {"missing", missing_points_},
                               {"tasks", plan_.shares.size()},
                               {"job", job.empty() ? Json() : Json(job)}};
            fmt::print("{}\n", json.dump(2));
            return ExitCode::done;
        }
        if (none) {
            const std::string failed =
                failed_ > 0 ? fmt::format("; {} have failed, --retry-failed tries them again", failed_) : "";
            console_.print(fmt::format("{}: no points are missing{}", sweep_.name, failed));
            return ExitCode::done;
        }
        const bool only = sweep_.stages.size() == 1;
        console_.print(fmt::format("{}{}: {} points to compute, in {} tasks", sweep_.name,
                                   only ? "" : ", stage " + sweep_.stages[plan_.stage].name, missing_points_,
                                   plan_.shares.size()));
        console_.print(job.empty() ? fmt::format("{} is written, and not submitted", array_script_file(folder_))
                                   : fmt::format("{} is Slurm job {}; wagesim sweep status shows how far it is",
                                                 array_script_file(folder_), job));
        if (plan_.stage + 1 < sweep_.stages.size()) {
            console_.print(fmt::format("when it has ended, the same command submits stage {}",
                                       sweep_.stages[plan_.stage + 1].name));
        }
        return ExitCode::done;
    }

    const Options& options_;
    const config::SweepConfig& sweep_;
    const SweepFolder& folder_;
    sweep::DesignGrid grid_;
    sweep::ConstraintSet constraints_;
    std::unique_ptr<sweep::PointSource> first_;
    sweep::Survey survey_;
    Console console_;
    sweep::Plan plan_;
    std::uint64_t missing_points_ = 0;
    std::uint64_t failed_ = 0;
};

}  // namespace

ExitCode sweep_slurm(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    if (sweep.sampling.kind == config::Sampling::Kind::optimiser) {
        throw UsageError(
            "sampling: got optimiser, allowed all others: each of its generations needs the one before, so sweep run "
            "computes them on one machine");
    }
    return ArraySubmission(options, sweep, folder).run();
}

}  // namespace wagesim::cli
