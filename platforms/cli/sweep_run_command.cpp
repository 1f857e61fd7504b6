// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep run: stage by stage, with the engine that the stage's points need.
#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "platforms/cli/console.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/slurm_job.hpp"
#include "platforms/cli/sweep_collection.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/sweep_console.hpp"
#include "platforms/cli/sweep_estimate.hpp"
#include "platforms/cli/sweep_output.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/mpi/mpi_communicator.hpp"
#include "platforms/sweep/design_costs.hpp"
#include "platforms/sweep/keep.hpp"
#include "platforms/sweep/optimiser.hpp"
#include "platforms/sweep/plan.hpp"
#include "platforms/sweep/run_engine.hpp"
#include "platforms/sweep/served_engine.hpp"
#include "platforms/sweep/survey.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

using sweep::Database;
using sweep::SqliteConnection;

/// The program that this process runs, even if its file has been replaced since.
std::string own_executable()
{
    return "/proc/self/exe";
}

struct Parallelism {
    int jobs = 1;
    int threads = 1;
};

/// All cores together, unless the options or OMP_NUM_THREADS say otherwise: points side by side before threads.
Parallelism parallelism(const Options& options)
{
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::optional<int> threads = options.threads;
    if (!threads && std::getenv("OMP_NUM_THREADS") != nullptr) threads = omp_get_max_threads();
    Parallelism out;
    out.jobs = options.sweep.jobs.value_or(std::max(1, cores / threads.value_or(1)));
    out.threads = threads.value_or(std::max(1, cores / out.jobs));
    return out;
}

/// Shows the world, now and then, what a share has found.
class SharePublisher {
public:
    /// Keeps a reference.
    SharePublisher(Database& database, std::string file) : database_(database), file_(std::move(file)) {}

    /// To be called often.
    void look()
    {
        if (Clock::now() >= next_) publish();
    }
    void publish()
    {
        if (database_.changes() == published_) return;
        const Clock::time_point began = Clock::now();
        published_ = database_.changes();
        database_.publish(file_);
        const Clock::duration took = Clock::now() - began;
        next_ = began + std::max<Clock::duration>(kLeastPause, kPauses * took);
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kLeastPause{2};
    static constexpr int kPauses = 50;  // a copy takes longer the more there is

    Database& database_;
    std::string file_;
    std::int64_t published_ = 0;
    Clock::time_point next_ = Clock::now() + kLeastPause;
};

/// An optimiser's generation was interrupted.
struct Stopped final : std::exception {};

/// A sweep on its way through its stages.
class SweepRun {
public:
    SweepRun(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
        : options_(options),
          sweep_(sweep),
          folder_(folder),
          grid_(sweep),
          constraints_(sweep),
          first_(sweep.sampling.kind == config::Sampling::Kind::optimiser ? nullptr
                                                                          : sweep::make_source(grid_, sweep.sampling)),
          survey_(sweep::survey(sweep, grid_, first_.get(), kModelNumber)),
          console_(options.quiet, options.json),
          parallel_(parallelism(options))
    {
    }

    ExitCode run()
    {
        folder_.create();
        const sweep::FolderLock lock = folder_.claim();
        Database database(folder_.database_file(), sweep_.name, SqliteConnection::Mode::create);
        database.describe(sweep_, survey_.fingerprint);
        require_no_array(folder_);
        const sweep::FolderLock runs = claim_after_workers(folder_.runs(), console_);
        for (const ShareFolder& share : folder_.all_shares()) {
            static_cast<void>(claim_after_workers(share.workers(), console_));
        }
        collect_shares(database, folder_, Shares::at_rest);
        if (options_.sweep.retry_failed) forget_failures(database, folder_, sweep_.name);
        std::unique_ptr<sweep::PointSource> kept;
        for (std::size_t stage = 0; stage < sweep_.stages.size(); ++stage) {
            if (stage > 0) kept = keep(database, stage);
            if (stage == 0 && !first_) {
                tallies_.push_back(optimise(database, runs.descriptor()));
            } else {
                tallies_.push_back(run_stage(database, stage, stage == 0 ? *first_ : *kept, runs.descriptor()));
            }
            if (tallies_.back().missing() > 0) break;
        }
        return conclude(sweep_.stages.size());
    }

    ExitCode run_share()
    {
        folder_.require();
        const auto [number, shares] = *options_.sweep.share;
        const sweep::Plan plan = read_plan(folder_, sweep_, survey_.fingerprint);
        if (plan.shares.size() != shares) {
            throw UsageError(fmt::format("--share: got {}/{}, allowed K/{}, as {} has it", number, shares,
                                         plan.shares.size(), folder_.plan_file()));
        }
        const sweep::FolderLock whole = folder_.claim_for_share();
        const ShareFolder share = folder_.share(number);
        share.create();
        const sweep::FolderLock lock = share.claim();
        const sweep::FolderLock workers = claim_after_workers(share.workers(), console_);
        Database database(share.database_file(), sweep_.name, SqliteConnection::Mode::create);
        database.describe(sweep_, survey_.fingerprint);
        if (options_.sweep.retry_failed) database.forget_failures();
        SharePublisher publisher(database, share.published_file());
        interrupted_ = [&] {
            publisher.look();
            return interruption_requested();
        };
        const sweep::ListSource kept(grid_, plan.designs);
        const sweep::PointSource* const source = plan.stage == 0 ? first_.get() : &kept;
        tallies_.push_back(run_stage(database, plan.stage, *source, workers.descriptor(), &plan.shares[number]));
        publisher.publish();
        return conclude(1);
    }

private:
    /// What the stage takes over from the one before.
    std::unique_ptr<sweep::PointSource> keep(Database& database, std::size_t stage)
    {
        const sweep::Overview overview =
            sweep::make_overview({sweep_, grid_, first_.get(), survey_.fingerprint, &database, kModelNumber, stage});
        return std::make_unique<sweep::ListSource>(grid_,
                                                   sweep::kept_designs(overview, stage, sweep_.stages[stage].keep));
    }

    /// All points of the stage, or those with the indices `points`.
    sweep::Tally run_stage(Database& database, std::size_t stage, const sweep::PointSource& source, int lock,
                           const std::vector<std::uint64_t>* points = nullptr)
    {
        const bool served = survey_.without_data[stage];
        // Whether they are known is seen as they come, but for the few of a small sweep's first stage.
        const bool counted = stage == 0 && points == nullptr && !survey_.identities.empty();
        const std::uint64_t count = points != nullptr ? points->size() : source.count();
        const std::uint64_t missing = counted ? count_missing(database) : count;
        print_plan(stage, source, points != nullptr ? share_text(count) : all_text(stage, source), missing, counted);
        SweepConsole observer(sweep_, console_, missing,
                              served ? SweepConsole::Detail::summary : SweepConsole::Detail::every_point);
        const sweep::StageRun run{sweep_, stage, source, constraints_, database, observer, program_version(), points};
        return print_tally(make_engine(run, lock)());
    }

    sweep::Tally print_tally(const sweep::Tally& tally)
    {
        console_.end_progress();
        const std::string excluded = tally.excluded > 0 ? fmt::format(", {} excluded", tally.excluded) : "";
        console_.print(
            fmt::format("{} done, {} failed{}, {} missing", tally.done, tally.failed, excluded, tally.missing()));
        return tally;
    }

    /// An optimiser weighs what the first stage finds.
    void require_objectives() const
    {
        const std::size_t known = sweep::objectives_of_first_stage(sweep_, survey_.without_data[0]).size();
        if (known >= 2) return;
        throw config::ConfigError(
            fmt::format("{}: objectives: got {} that stage {} has figures for, allowed two or more for an optimiser",
                        options_.config, known, sweep_.stages.front().name));
    }

    /// The first stage where an optimiser chooses its designs.
    sweep::Tally optimise(Database& database, int lock)
    {
        const config::Sampling& sampling = sweep_.sampling;
        require_objectives();
        const std::uint64_t most = std::uint64_t{sampling.population} * (sampling.generations + 1) * grid_.seeds();
        sweep::ListSource source(grid_, {});
        console_.print(fmt::format("{}: {} generations of {} designs, up to {} points to compute", sweep_.name,
                                   sampling.generations + 1, sampling.population, most));
        SweepConsole observer(
            sweep_, console_, most,
            survey_.without_data[0] ? SweepConsole::Detail::summary : SweepConsole::Detail::every_point);
        const sweep::StageRun run{sweep_, 0, source, constraints_, database, observer, program_version()};
        const std::vector<std::size_t> weighed = sweep::objectives_of_first_stage(sweep_, survey_.without_data[0]);
        sweep::DesignCosts costs(run, weighed);
        const Engine engine = make_engine(run, lock);
        sweep::Tally tally;
        const sweep::Evaluate evaluate = [&](const std::vector<std::uint64_t>& designs) {
            for (const std::uint64_t design : designs) {
                if (costs.add(design)) source.append(design);
            }
            tally = engine();
            if (tally.missing() > 0) throw Stopped();
            return costs.of(designs);
        };
        try {
            sweep::optimise(grid_, sampling, weighed.size(), evaluate);
        } catch (const Stopped&) {
            // The points that are there are those of the generations until now.
        }
        return print_tally(tally);
    }

    /// Computes what the source of a stage has, each time that it is called.
    using Engine = std::function<sweep::Tally()>;

    Engine make_engine(const sweep::StageRun& run, int lock)
    {
        return survey_.without_data[run.stage] ? make_served_engine(run, lock) : make_run_engine(run, lock);
    }

    Engine make_run_engine(const sweep::StageRun& run, int lock)
    {
        const auto engine = std::make_shared<sweep::RunEngine>(
            run, sweep::RunEngine::Options{own_executable(), mpi::environment_of_children(), folder_.runs(), lock,
                                           parallel_.jobs, parallel_.threads, kModelNumber});
        return [this, engine] { return engine->run(interrupted_); };
    }

    Engine make_served_engine(const sweep::StageRun& run, int lock)
    {
        std::vector<std::string> arguments = {
            "sweep", "serve", "-c", options_.config, "--stage", std::to_string(run.stage), "--threads", "1"};
        for (const std::string& assignment : options_.assignments) {
            arguments.emplace_back("--set");
            arguments.push_back(assignment);
        }
        const auto engine = std::make_shared<sweep::ServedEngine>(
            run, sweep::ServedEngine::Options{own_executable(), std::move(arguments), mpi::environment_of_children(),
                                              lock, jobs_of(run.stage), kModelNumber});
        return [this, engine] { return engine->run(interrupted_); };
    }

    /// How many runs have to be computed for the surveyed points; some may mean the same run.
    [[nodiscard]] std::uint64_t count_missing(Database& database) const
    {
        std::set<std::string> missing;
        for (const std::optional<sweep::Identity>& identity : survey_.identities) {
            if (!identity) continue;
            const std::optional<sweep::Record> record = database.find(*identity);
            if (!record || record->state == sweep::State::begun) missing.insert(identity->folder_name());
        }
        return missing.size();
    }

    [[nodiscard]] std::string all_text(std::size_t stage, const sweep::PointSource& source) const
    {
        return stage == 0 ? points_text(sweep_, source) : fmt::format("{} points", source.count());
    }

    [[nodiscard]] std::string share_text(std::uint64_t count) const
    {
        const auto [number, shares] = *options_.sweep.share;
        return fmt::format("share {}/{}, {} points", number, shares, count);
    }

    void print_plan(std::size_t stage, const sweep::PointSource& source, const std::string& points,
                    std::uint64_t missing, bool counted)
    {
        const bool only = sweep_.stages.size() == 1;
        const int jobs = jobs_of(stage);
        const std::string how = survey_.without_data[stage]
                                    ? fmt::format("{} at a time", jobs)
                                    : fmt::format("{} at a time with {} thread{} each", jobs, parallel_.threads,
                                                  parallel_.threads == 1 ? "" : "s");
        console_.print(fmt::format("{}{}: {}, {}{} of them to compute, {}{}", sweep_.name,
                                   only ? "" : ", stage " + sweep_.stages[stage].name, points, counted ? "" : "up to ",
                                   missing, how,
                                   missing > 0 && !options_.sweep.share ? estimate_text(stage, source, missing) : ""));
    }

    /// How many points of the stage are computed side by side.
    [[nodiscard]] int jobs_of(std::size_t stage) const
    {
        if (!survey_.without_data[stage]) return parallel_.jobs;
        return options_.sweep.jobs.value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    }

    /// What the stage should take on this machine, by its first point that is none of those excluded.
    [[nodiscard]] std::string estimate_text(std::size_t stage, const sweep::PointSource& source,
                                            std::uint64_t missing) const
    {
        constexpr std::uint64_t kMostLooks = 1000;
        sweep::PointResolver resolver(sweep_, sweep_.stages[stage], kModelNumber);
        for (std::uint64_t i = 0; i < std::min(source.count(), kMostLooks); ++i) {
            const sweep::Point point = source.point(i);
            if (constraints_.excludes(point.settings)) continue;
            const sweep::ResolvedPoint resolved = resolver.resolve(point);
            if (!resolved.run) continue;
            const std::optional<double> seconds =
                estimate_seconds(*resolved.run, sweep_.stages[stage], parallel_.threads);
            if (!seconds) return "";
            const auto rounds = static_cast<double>((missing + static_cast<std::uint64_t>(jobs_of(stage)) - 1) /
                                                    static_cast<std::uint64_t>(jobs_of(stage)));
            return fmt::format(", about {}", duration_text(*seconds * rounds));
        }
        return "";
    }

    /// `stages` had to be gone through.
    ExitCode conclude(std::size_t stages)
    {
        sweep::Tally sum;
        for (const sweep::Tally& tally : tallies_) {
            sum.points += tally.points;
            sum.done += tally.done;
            sum.failed += tally.failed;
            sum.excluded += tally.excluded;
            sum.computed += tally.computed;
        }
        if (options_.json) {
            const Json json = {{"name", sweep_.name},     {"points", sum.points},     {"done", sum.done},
                               {"failed", sum.failed},    {"excluded", sum.excluded}, {"missing", sum.missing()},
                               {"computed", sum.computed}};
            fmt::print("{}\n", json.dump(2));
        }
        if (sum.missing() > 0 || tallies_.size() < stages) {
            throw Interrupted("interrupted; the same command goes on from the points' checkpoints");
        }
        if (sum.failed > 0) {
            throw DataError(fmt::format(
                "{}: {} of {} points failed; wagesim sweep status names them, --retry-failed tries them again",
                sweep_.name, sum.failed, sum.points));
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
    Parallelism parallel_;
    std::vector<sweep::Tally> tallies_;
    std::function<bool()> interrupted_ = interruption_requested;
};

}  // namespace

ExitCode sweep_run(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    SweepRun run(options, sweep, folder);
    return options.sweep.share ? run.run_share() : run.run();
}

}  // namespace wagesim::cli
