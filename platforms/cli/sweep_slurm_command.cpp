// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep slurm: what is missing becomes a plan, its shares the tasks of an array job. Computes nothing itself.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/slurm_job.hpp"
#include "platforms/cli/sweep_collection.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/sweep/missing_work.hpp"
#include "platforms/sweep/slurm_script.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPointsOfATask = 1000;  // without data

class ArraySubmission {
public:
    ArraySubmission(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
        : options_(options),
          folder_(folder),
          sweep_(sweep, kModelNumber, throw_if_interrupted),
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
        if (work_.points.empty() || options_.sweep.dry_run) return conclude("");
        return conclude(submit_array(folder_));
    }

private:
    /// Writes down what the sweep lacks. Nobody computes it meanwhile; afterwards the tasks do.
    void plan()
    {
        const sweep::FolderLock lock = folder_.claim();
        static_cast<void>(claim_after_all_workers(folder_, console_));
        sweep::Database database = sweep_.open(folder_.database_file());
        collect_shares(database, folder_, Shares::at_rest);
        if (options_.sweep.retry_failed) forget_failures(database, folder_, sweep_.name());
        work_ = sweep::find_missing(sweep_, database, throw_if_interrupted);
        if (work_.points.empty()) return;
        const sweep::Plan plan = sweep::make_plan(sweep_, work_, tasks());
        const std::string script = array_script();
        write_file_atomically(folder_.plan_file(), sweep::plan_text(plan));
        write_file_atomically(array_script_file(folder_), script);
    }

    [[nodiscard]] std::uint64_t tasks() const
    {
        const std::uint64_t each = sweep_.is_without_data(work_.stage) ? kPointsOfATask : 1;
        const std::uint64_t wanted = std::min(kMostTasks, (work_.runs + each - 1) / each);
        return std::min(work_.runs, options_.sweep.tasks.value_or(wanted));
    }

    [[nodiscard]] std::string array_script() const
    {
        const int jobs = options_.sweep.jobs.value_or(1);
        const int threads = options_.threads.value_or(1);
        sweep::ArrayJob job;
        job.sweep = sweep_.name();
        job.folder = fs::absolute(folder_.slurm()).lexically_normal().string();
        job.tasks = tasks();
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
        if (options_.json) {
            print_json(job);
        } else if (work_.points.empty()) {
            const std::string failed =
                work_.failed > 0 ? fmt::format("; {} have failed, --retry-failed tries them again", work_.failed) : "";
            console_.print(fmt::format("{}: no points are missing{}", sweep_.name(), failed));
        } else {
            print_lines(job);
        }
        return ExitCode::done;
    }

    void print_json(const std::string& job) const
    {
        const bool none = work_.points.empty();
        const Json json = {{"name", sweep_.name()},
                           {"stage", none ? Json() : Json(sweep_.stage(work_.stage).name)},
                           {"missing", work_.points.size()},
                           {"tasks", tasks()},
                           {"job", job.empty() ? Json() : Json(job)}};
        fmt::print("{}\n", json.dump(2));
    }

    void print_lines(const std::string& job)
    {
        const std::string stage = sweep_.stages() == 1 ? "" : ", stage " + sweep_.stage(work_.stage).name;
        const std::string script = array_script_file(folder_);
        console_.print(
            fmt::format("{}{}: {} points to compute, in {} tasks", sweep_.name(), stage, work_.points.size(), tasks()));
        console_.print(job.empty()
                           ? fmt::format("{} is written, and not submitted", script)
                           : fmt::format("{} is Slurm job {}; wagesim sweep status shows how far it is", script, job));
        if (work_.stage + 1 < sweep_.stages()) {
            console_.print(fmt::format("when it has ended, the same command submits stage {}",
                                       sweep_.stage(work_.stage + 1).name));
        }
    }

    const Options& options_;
    const SweepFolder& folder_;
    sweep::SurveyedSweep sweep_;
    Console console_;
    sweep::MissingWork work_;
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
