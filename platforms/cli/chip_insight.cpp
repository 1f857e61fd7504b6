// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/chip_insight.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/inspect/explanation.hpp"
#include "platforms/inspect/run_database.hpp"
#include "platforms/inspect/trace_json.hpp"
#include "platforms/inspect/wear_json.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

inspect::Costs inspect_costs(const chip::Chip& chip, const config::RunConfig& config)
{
    const ChipCosts costs = costs_of(chip, config);
    return {costs.clock_ghz, costs.technology, costs.inventory};
}

/// Of the whole chip, in a cycle.
chip::Attojoules leakage_of(const ChipCosts& costs)
{
    chip::Attojoules sum = 0;
    if (!costs.technology) return sum;
    for (std::size_t component = 0; component < chip::kComponentNames.size(); ++component) {
        sum += chip::leakage_per_cycle(costs.inventory, *costs.technology, static_cast<chip::Component>(component),
                                       costs.clock_ghz);
    }
    return sum;
}

inspect::TraceNames trace_names(const config::RunConfig& config, const chip::Chip& chip)
{
    const ChipCosts costs = costs_of(chip, config);
    inspect::TraceNames names;
    names.run = config.name;
    names.chip = config.chip->name;
    names.version = program_version();
    names.config_hash = config::config_hash(config);
    names.units = chip.mapping().unit_names();
    names.clock_ghz = costs.clock_ghz;
    names.has_energy = costs.technology.has_value();
    names.leakage_a_cycle = leakage_of(costs);
    return names;
}

}  // namespace

void require_insight_options(const Options& options)
{
    if (!options.explain.empty() && (options.json || options.quiet)) {
        throw UsageError(
            fmt::format("--explain: not with {}, which prints no text", options.json ? "--json" : "--quiet"));
    }
    if (options.sqlite && options.out.empty()) throw UsageError("--sqlite: needs --out DIR");
    if (options.trace && options.out.empty()) throw UsageError("--trace: needs --out DIR");
    if (options.trace && options.resume) {
        throw UsageError("--trace: not with --resume, since the traced steps may lie before the checkpoint");
    }
}

void require_insight_steps(const Options& options, const config::RunConfig& config, std::uint64_t end_step)
{
    if (!options.explain.empty() && end_step == 0) {
        throw UsageError("--explain: got a run of no steps, allowed --steps 1 or more");
    }
    if (!options.explain.empty() && config.chip->crossbar.skip_unchanged_rows) {
        throw UsageError("--explain: not with chip.crossbar.skip_unchanged_rows, whose cycles no formula gives");
    }
    if (!options.explain.empty() && config.chip->schedule == chip::Schedule::pipelined &&
        config.chip->sequencer.command_cycles == 0) {
        throw UsageError(
            "--explain: not with chip.schedule pipelined and chip.sequencer.command_cycles 0: commands of no length "
            "cannot be told apart");
    }
    const auto [first, end] = options.trace_steps;
    if (!options.trace) return;
    if (end > end_step) {
        throw UsageError(
            fmt::format("--trace-steps: got {}:{}, allowed A:B up to {}, the steps of this run", first, end, end_step));
    }
    if (config.chip->fidelity == chip::Fidelity::timing && first > 0) {
        throw UsageError(
            fmt::format("--trace-steps: got {}:{}, allowed 0:B with chip.fidelity timing, which simulates "
                        "the first steps only",
                        first, end));
    }
}

ChipInsight::ChipInsight(const Options& options, const config::RunConfig& config, chip::Chip& chip,
                         const RunDirectory* directory)
    : options_(options), config_(config), chip_(chip), directory_(directory)
{
    if (options.trace) open_trace();
    if (!options.explain.empty()) explainer_ = std::make_unique<inspect::StepExplainer>(chip.mapping());
    const bool shows_power = (options.record || options.trace) && config.technology;
    if (shows_power) power_ = std::make_unique<inspect::PowerRecorder>();
    listeners_.add(trace_.get());
    listeners_.add(power_.get());
    listeners_.add(explainer_.get());
    chip_.set_listener(listeners_.or_none());
}

void ChipInsight::open_trace()
{
    // Written as soon as it is complete: a run may go on for days, or fail.
    trace_ = std::make_unique<inspect::TraceRecorder>(
        inspect::StepRange{options_.trace_steps.first, options_.trace_steps.second},
        chip_.mapping().options().technology, [this] { write_trace(); });
}

ChipInsight::~ChipInsight()
{
    chip_.set_listener(nullptr);
}

void ChipInsight::write_trace()
{
    write_file_atomically(directory_->trace_file(), inspect::trace_json(*trace_, trace_names(config_, chip_)));
    trace_written_ = true;
}

void ChipInsight::print(Console& console) const
{
    if (!explainer_) return;
    if (!explainer_->complete()) return console.print("no training step was run, so none is explained");
    std::string text = inspect::explanation(options_.explain, *explainer_, chip_.mapping(), chip_.training_statistics(),
                                            inspect_costs(chip_, config_));
    text.pop_back();  // the console ends the line
    console.print(text);
}

void ChipInsight::finish()
{
    if (directory_ == nullptr) return;
    if (trace_ && !trace_written_) write_trace();
    // A run that comes in parts keeps the power of its first step.
    if (power_ && power_->complete() && !std::filesystem::exists(directory_->power_file())) {
        write_file_atomically(directory_->power_file(),
                              power_->json(config_.chip->clock_ghz, leakage_of(costs_of(chip_, config_))));
    }
    if (options_.record) {
        const std::uint64_t endurance = config_.technology ? config_.technology->endurance_pulses : 0;
        write_file_atomically(
            directory_->wear_file(),
            inspect::wear_json(chip_.wear(chip::WearDetail::maps), chip_.training_statistics().programs, endurance));
    }
    if (options_.sqlite) {
        write_file_atomically(
            directory_->database_file(),
            inspect::run_database({config_.name, config_.chip->name, program_version(), config::config_hash(config_),
                                   inspect_costs(chip_, config_), chip_.training_statistics(),
                                   chip_.evaluation_statistics(), chip_.wear()}));
    }
}

}  // namespace wagesim::cli
