// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/chip_insight.hpp"

#include <fmt/core.h>

#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/inspect/trace_json.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

inspect::TraceNames trace_names(const config::RunConfig& config, const chip::Chip& chip)
{
    const ChipCosts costs = costs_of(config);
    inspect::TraceNames names;
    names.run = config.name;
    names.chip = config.chip->name;
    names.version = program_version();
    names.config_hash = config::config_hash(config);
    names.units = chip.mapping().unit_names();
    names.clock_ghz = costs.clock_ghz;
    names.has_energy = costs.technology.has_value();
    if (!names.has_energy) return names;
    for (std::size_t component = 0; component < chip::kComponentNames.size(); ++component) {
        names.leakage_a_cycle += chip::leakage_per_cycle(costs.inventory, *costs.technology,
                                                         static_cast<chip::Component>(component), costs.clock_ghz);
    }
    return names;
}

}  // namespace

void require_insight_options(const Options& options)
{
    if (options.trace && options.out.empty()) throw UsageError("--trace: needs --out DIR");
    if (options.trace && options.resume) {
        throw UsageError("--trace: not with --resume, since the traced steps may lie before the checkpoint");
    }
}

void require_insight_steps(const Options& options, const config::RunConfig& config, std::uint64_t end_step)
{
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
    : config_(config), chip_(chip), directory_(directory)
{
    if (!options.trace) return;
    // Written as soon as it is complete: a run may go on for days, or fail.
    trace_ = std::make_unique<inspect::TraceRecorder>(
        inspect::StepRange{options.trace_steps.first, options.trace_steps.second}, chip.mapping().options().technology,
        [this] { write_trace(); });
    chip_.set_listener(trace_.get());
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

void ChipInsight::finish()
{
    if (trace_ && !trace_written_) write_trace();
}

}  // namespace wagesim::cli
