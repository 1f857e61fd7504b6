// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim simulate with fidelity `timing`: no data, so no training either, but every cycle and every event of it. A
// step's cycles depend on no data, so that one of each kind is simulated and the others are counted.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/chip_insight.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/image_counts.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/config/print_run.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

void refuse_data(const Options& options, const config::RunConfig& config)
{
    const auto refuse = [](const char* option) {
        throw UsageError(std::string(option) + ": not with chip.fidelity timing, which carries no data");
    };
    if (!options.dump.empty()) refuse("--dump");
    if (options.record) refuse("--record");
    if (!options.inject.empty()) refuse("--inject");
    if (!options.record_activity.empty()) refuse("--record-activity");
    if (!options.weights.empty()) refuse("--weights");
    if (config.floats.any()) throw config::float_fault(config, "the chip computes with no other");
    if (config.chip->crossbar.skip_unchanged_rows && config.activity.empty()) {
        throw config.origins.fault("chip.crossbar.skip_unchanged_rows", "true",
                                   "false with fidelity timing, unless chip.activity says how many rows change");
    }
    if (config.chip->quantize_update.quantizer != chip::Quantizer::tlm) {
        throw config.origins.fault("chip.quantizer", "rtl or lockstep", "tlm with fidelity timing");
    }
}

/// How much there is to do.
struct Work {
    std::uint64_t batch = 1, steps_per_epoch = 0, steps = 0, evaluations = 0, test_images = 0;
};

Work work_of(const Options& options, const config::RunConfig& config)
{
    const ImageCounts images = count_images(config);
    Work out;
    out.batch = static_cast<std::uint64_t>(config.training.batch);
    if (out.batch > images.train) {
        throw config.origins.fault("training.batch", std::to_string(out.batch),
                                   fmt::format("1..{}, the number of training images", images.train));
    }
    out.steps_per_epoch = images.train / out.batch;
    out.steps = out.steps_per_epoch * static_cast<std::uint64_t>(config.training.epochs);
    if (options.steps) out.steps = std::min(out.steps, *options.steps);
    out.test_images = images.test;
    // After every epoch, and after a part of one.
    out.evaluations = out.steps / out.steps_per_epoch;
    if (out.steps % out.steps_per_epoch != 0 || out.steps == 0) ++out.evaluations;
    return out;
}

}  // namespace

ExitCode run_timing(const Options& options, const config::RunConfig& config)
{
    const auto began = std::chrono::steady_clock::now();
    refuse_data(options, config);
    std::unique_ptr<RunDirectory> directory;
    if (!options.out.empty()) directory = std::make_unique<RunDirectory>(options.out, options.resume, false);
    if (directory && options.resume && directory->holds_checkpoint()) {
        throw DataError(fmt::format("{}: got a checkpoint, allowed none: a run without data has none to go on from",
                                    directory->checkpoint_file()));
    }
    const Work work = work_of(options, config);
    require_insight_steps(options, config, work.steps);
    Console console(options.quiet, options.json);
    const BuiltChip built = build_chip(config);
    chip::Chip& chip = *built.chip;
    ChipInsight insight(options, config, chip, directory.get());
    if (directory) directory->claim();
    console.print(fmt::format("{}: {} steps with batch {}, {} evaluations of {} images, without data",
                              config.name.empty() ? "run" : config.name, work.steps, work.batch, work.evaluations,
                              work.test_images));
    const std::uint64_t steps_simulated = chip.time_training(work.batch, work.steps);
    std::uint64_t evaluations_simulated = 0;
    if (work.test_images > 0) {
        evaluations_simulated = chip.time_evaluation(work.batch, work.test_images / work.batch * work.evaluations);
        const std::uint64_t rest = work.test_images % work.batch;
        if (rest > 0) evaluations_simulated += chip.time_evaluation(rest, work.evaluations);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    if (steps_simulated > 0) {
        console.print(fmt::format("steady state: {} of {} steps simulated, the last two alike; {} cycles each",
                                  steps_simulated, work.steps,
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
    RunResult result;
    result.steps = work.steps;
    result.wall_seconds = seconds;
    result.config_hash = config::config_hash(config);
    Json json = to_json(result);
    json["steps_simulated"] = steps_simulated;
    json["evaluations_simulated"] = evaluations_simulated;
    json["cycles_estimated"] = config.chip->crossbar.skip_unchanged_rows;
    add_chip(json, chip, config);
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
