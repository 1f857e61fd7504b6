// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep run | status | collect | export | best. What is computed and how is platforms/sweep's business.
#include <fmt/core.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "platforms/cli/commands.hpp"
#include "platforms/cli/console.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/sweep_folder.hpp"
#include "platforms/cli/sweep_output.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/config/load_sweep.hpp"
#include "platforms/mpi/mpi_communicator.hpp"
#include "platforms/sweep/csv.hpp"
#include "platforms/sweep/engine.hpp"
#include "platforms/sweep/run_result_file.hpp"
#include "platforms/sweep/survey.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

using sweep::Database;
using sweep::SqliteConnection;
using Clock = std::chrono::steady_clock;

/// A line for each point that ends, and the bar.
class SweepConsole final : public sweep::EngineObserver {
public:
    /// Keeps references. `to_compute` is what the bar ends at.
    SweepConsole(const config::SweepConfig& sweep, Console& console, std::uint64_t to_compute)
        : sweep_(sweep), console_(console), to_compute_(to_compute)
    {
        console_.start_progress(0, to_compute);
    }

    void point_ended(const sweep::Point& point, const sweep::Record& record, const sweep::Tally& tally) override
    {
        const std::chrono::duration<double> elapsed = Clock::now() - began_;
        // Of a grid too large to be surveyed, points that are done already turn up while it runs.
        const std::uint64_t left = std::min(to_compute_ - std::min(to_compute_, tally.computed), tally.missing());
        const double seconds_left = elapsed.count() / static_cast<double>(tally.computed) * static_cast<double>(left);
        console_.print(fmt::format("[{}/{}] {}: {}{}", tally.computed, to_compute_, sweep::label_of(point),
                                   outcome(record), left > 0 ? "; " + duration_text(seconds_left) + " left" : ""));
        console_.advance_progress(tally.computed, "points");
    }

    void worker_stopped(const sweep::Point& point, const sweep::WorkerEnd& end) override
    {
        const std::string how = end.signal == 0 ? "interrupted" : fmt::format("killed (signal {})", end.signal);
        console_.print(
            fmt::format("{}: its worker was {}, and goes on from its checkpoint", sweep::label_of(point), how));
    }

private:
    [[nodiscard]] std::string outcome(const sweep::Record& record) const
    {
        if (record.state == sweep::State::failed) return "failed: " + record.error;
        std::string text;
        for (const config::Objective& objective : sweep_.objectives) {
            const std::optional<double> value = sweep::figure(record.result, objective.field);
            text += fmt::format("{} {}, ", objective.field, value ? fmt::format("{:.6g}", *value) : "-");
        }
        text += duration_text(record.wall_seconds.value_or(0.0));
        if (record.images_per_second) text += fmt::format(", {:.0f} images/s", *record.images_per_second);
        return text;
    }

    const config::SweepConfig& sweep_;
    Console& console_;
    std::uint64_t to_compute_;
    Clock::time_point began_ = Clock::now();
};

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

/// Workers of a sweep that was killed end by themselves, after their step; until then their folders are theirs.
sweep::FolderLock claim_runs(const SweepFolder& folder, Console& console)
{
    constexpr std::chrono::milliseconds kBetweenTries{50};
    bool said = false;
    while (true) {
        if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::try_claim(folder.runs()))
            return std::move(*lock);
        if (interruption_requested()) throw Interrupted("interrupted before the first point");
        if (!said) console.print("waiting for the workers of an earlier sweep, which was killed, to end");
        said = true;
        std::this_thread::sleep_for(kBetweenTries);
    }
}

/// How many runs have to be computed for the surveyed points; some may mean the same run.
std::uint64_t count_missing(const std::vector<sweep::Identity>& identities, Database& database)
{
    std::set<std::string> missing;
    for (const sweep::Identity& identity : identities) {
        const std::optional<sweep::Record> record = database.find(identity);
        if (!record || record->state == sweep::State::begun) missing.insert(identity.folder_name());
    }
    return missing.size();
}

void print_plan(const config::SweepConfig& sweep, const std::string& missing, const Parallelism& parallel,
                Console& console)
{
    console.print(fmt::format("{}: {}, {} to compute, {} at a time with {} thread{} each", sweep.name,
                              points_text(sweep), missing, parallel.jobs, parallel.threads,
                              parallel.threads == 1 ? "" : "s"));
}

ExitCode sweep_run(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    const sweep::GridSource grid(sweep);
    sweep::PointResolver resolver(sweep, kModelNumber);
    const std::vector<sweep::Identity> identities = sweep::survey(grid, resolver);
    folder.create();
    const sweep::FolderLock lock = folder.claim();
    Database database(folder.database_file(), sweep.name, SqliteConnection::Mode::create);
    database.describe(sweep);
    if (options.sweep.retry_failed) database.forget_failures();

    Console console(options.quiet, options.json);
    const Parallelism parallel = parallelism(options);
    const bool surveyed = !identities.empty();
    const std::uint64_t missing = surveyed ? count_missing(identities, database) : grid.count();
    print_plan(sweep, fmt::format("{}{} of them", surveyed ? "" : "up to ", missing), parallel, console);
    const sweep::FolderLock runs = claim_runs(folder, console);
    SweepConsole observer(sweep, console, missing);
    sweep::Engine engine(sweep, grid, resolver, database, observer,
                         {own_executable(), mpi::environment_of_children(), program_version(), folder.runs(),
                          runs.descriptor(), parallel.jobs, parallel.threads});
    const sweep::Tally tally = engine.run(interruption_requested);
    console.end_progress();
    console.print(fmt::format("{} done, {} failed, {} missing", tally.done, tally.failed, tally.missing()));
    if (options.json) {
        const Json json = {{"name", sweep.name},     {"points", tally.points},     {"done", tally.done},
                           {"failed", tally.failed}, {"missing", tally.missing()}, {"computed", tally.computed}};
        fmt::print("{}\n", json.dump(2));
    }
    if (tally.missing() > 0) {
        throw Interrupted("interrupted; the same command goes on from the points' checkpoints");
    }
    if (tally.failed > 0) {
        throw DataError(
            fmt::format("{}: {} of {} points failed; wagesim sweep status names them, --retry-failed tries "
                        "them again",
                        sweep.name, tally.failed, tally.points));
    }
    return ExitCode::done;
}

void print_result(const Options& options, const std::string& text, const Json& json)
{
    fmt::print("{}", options.json ? json.dump(2) + "\n" : text);
}

void export_points(const Options& options, const sweep::Overview& overview)
{
    const std::string csv = sweep::export_csv(overview);
    if (options.sweep.output.empty()) {
        fmt::print("{}", csv);
    } else {
        write_file_atomically(options.sweep.output, csv);
    }
}

ExitCode sweep_show(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    folder.require();
    if (!options.sweep.output.empty()) {
        require_writable_place("-o", options.sweep.output, {options.config, sweep.base_file, options.out});
    }
    const sweep::GridSource grid(sweep);
    sweep::PointResolver resolver(sweep, kModelNumber);
    std::optional<Database> database;
    if (std::filesystem::exists(folder.database_file())) {
        database.emplace(folder.database_file(), sweep.name, SqliteConnection::Mode::existing);
    }
    const bool running = options.sweep.action == SweepAction::status && folder.is_running();
    const sweep::Overview overview = make_overview(sweep, grid, resolver, database ? &*database : nullptr);
    const sweep::Summary summary = sweep::summarize(overview);
    switch (options.sweep.action) {
        case SweepAction::status:
            print_result(options, status_text(sweep.name, overview, running),
                         status_json(sweep.name, overview, running));
            break;
        case SweepAction::collect:
            print_result(options, collect_text(summary), collect_json(sweep.name, summary));
            break;
        case SweepAction::export_csv: export_points(options, overview); break;
        case SweepAction::best: print_result(options, best_text(summary), best_json(sweep.name, summary)); break;
        case SweepAction::run: break;
    }
    return ExitCode::done;
}

}  // namespace

ExitCode run_sweep(const Options& options)
{
    const config::SweepConfig sweep = config::load_sweep(options.config, options.assignments);
    const SweepFolder folder(options.out);
    return options.sweep.action == SweepAction::run ? sweep_run(options, sweep, folder)
                                                    : sweep_show(options, sweep, folder);
}

}  // namespace wagesim::cli
