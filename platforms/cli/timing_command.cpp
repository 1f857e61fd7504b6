// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim simulate with fidelity `timing`: no data, so no training either, but every cycle and every event of it. A
// step's cycles depend on no data, so that one of each kind is simulated and the others are counted.
#include <fmt/core.h>

#include <chrono>
#include <memory>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/chip_insight.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/timing_run.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/config/print_run.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

void refuse_data(const Options& options)
{
    const auto refuse = [](const char* option) {
        throw UsageError(std::string(option) + ": not with chip.fidelity timing, which carries no data");
    };
    if (!options.dump.empty()) refuse("--dump");
    if (options.record) refuse("--record");
    if (!options.inject.empty()) refuse("--inject");
    if (!options.record_activity.empty()) refuse("--record-activity");
    if (!options.weights.empty()) refuse("--weights");
}

}  // namespace

ExitCode run_timing(const Options& options, const config::RunConfig& config)
{
    const auto began = std::chrono::steady_clock::now();
    refuse_data(options);
    require_no_data(config);
    std::unique_ptr<RunDirectory> directory;
    if (!options.out.empty()) directory = std::make_unique<RunDirectory>(options.out, options.resume, false);
    if (directory && options.resume && directory->holds_checkpoint()) {
        throw DataError(fmt::format("{}: got a checkpoint, allowed none: a run without data has none to go on from",
                                    directory->checkpoint_file()));
    }
    const TimingWork work = timing_work(config, options.steps);
    require_insight_steps(options, config, work.steps);
    Console console(options.quiet, options.json);
    const BuiltChip built = build_chip(config);
    chip::Chip& chip = *built.chip;
    ChipInsight insight(options, config, chip, directory.get());
    if (directory) directory->claim();
    console.print(fmt::format("{}: {} steps with batch {}, {} evaluations of {} images, without data",
                              config.name.empty() ? "run" : config.name, work.steps, work.batch, work.evaluations,
                              work.test_images));
    const TimingOutcome outcome = time_chip(chip, work);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (outcome.steps_simulated > 0) {
        console.print(fmt::format("steady state: {} of {} steps simulated, the last two alike; {} cycles each",
                                  outcome.steps_simulated, work.steps,
                                  grouped(chip.training_statistics().cycles / work.steps)));
    }
    if (config.chip->crossbar.skip_unchanged_rows) {
        console.print("cycles are an estimate: which rows are programmed depends on data");
    }
    if (!config.technology || chip.mapping().options().activity.empty()) {
        console.print("no recorded activity: energies that depend on data are upper bounds");
    }
    print_chip(chip, config, console);
    insight.print(console);

    if (directory == nullptr && !options.json) return ExitCode::done;
    const Json json = timing_json(chip, config, work, outcome, seconds, config::config_hash(config));
    const std::string text = json.dump(2) + "\n";
    if (directory) {
        write_file_atomically(directory->config_file(), config::print_run(config));
        insight.finish();
        write_file_atomically(directory->result_file(), text);
    }
    if (options.json) fmt::print("{}", text);
    return ExitCode::done;
}

}  // namespace wagesim::cli
