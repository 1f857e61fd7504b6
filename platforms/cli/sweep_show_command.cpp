// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim sweep status | collect | export | best.
#include <fmt/core.h>

#include <filesystem>
#include <optional>

#include "platforms/cli/data_options.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/slurm_job.hpp"
#include "platforms/cli/sweep_collection.hpp"
#include "platforms/cli/sweep_commands.hpp"
#include "platforms/cli/sweep_output.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/sweep/csv.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

using sweep::Database;
using sweep::SqliteConnection;

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

}  // namespace

ExitCode sweep_show(const Options& options, const config::SweepConfig& sweep, const SweepFolder& folder)
{
    folder.require();
    if (!options.sweep.output.empty()) {
        require_writable_place("-o", options.sweep.output, {options.config, sweep.base_file, options.out});
    }
    const sweep::SurveyedSweep surveyed(sweep, kModelNumber, throw_if_interrupted);
    std::optional<Database> database;
    if (std::filesystem::exists(folder.database_file())) {
        database.emplace(folder.database_file(), sweep.name, SqliteConnection::Mode::existing);
    }
    const bool has_shares = database && std::filesystem::exists(folder.shares());
    const std::optional<ArrayTasks> tasks = has_shares ? array_tasks(folder) : ArrayTasks{};
    const bool asks = has_shares || options.sweep.action == SweepAction::status;
    const bool running = asks && (folder.is_running() || (tasks && tasks->running > 0));
    if (has_shares) {
        const bool at_rest = !running && tasks && tasks->waiting == 0;
        collect_shares(*database, folder, at_rest ? Shares::at_rest : Shares::in_progress);
    }
    const sweep::Overview overview = surveyed.overview(database ? &*database : nullptr);
    const sweep::Summary summary = sweep::summarize(overview);
    switch (options.sweep.action) {
        case SweepAction::status:
            print_result(options, status_text(sweep.name, overview, running) + (tasks ? tasks->text() : ""),
                         status_json(sweep.name, overview, running));
            break;
        case SweepAction::collect:
            print_result(options, collect_text(summary), collect_json(sweep.name, summary));
            break;
        case SweepAction::export_csv: export_points(options, overview); break;
        case SweepAction::best: print_result(options, best_text(summary), best_json(sweep.name, summary)); break;
        case SweepAction::run:
        case SweepAction::slurm:
        case SweepAction::serve: break;
    }
    return ExitCode::done;
}

}  // namespace wagesim::cli
