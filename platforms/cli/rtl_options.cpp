// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/rtl_options.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>
#include <systemc>

#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/exit_code.hpp"
#include "tlm/common/clock.hpp"

namespace wagesim::cli {
namespace {

/// Simulated time counts in units of the kernel's resolution.
std::uint64_t femtoseconds(const sc_core::sc_time& time)
{
    const auto resolution_fs =
        static_cast<std::uint64_t>(std::llround(sc_core::sc_get_time_resolution().to_seconds() * 1e15));
    return time.value() * resolution_fs;
}

void require_rtl(const char* option, const config::RunConfig& config)
{
    if (config.chip->fidelity == chip::Fidelity::timing) {
        throw UsageError(fmt::format("{}: not with chip.fidelity timing, which has no unit that computes", option));
    }
    if (config.chip->quantize_update.quantizer == chip::Quantizer::tlm) {
        throw UsageError(fmt::format(
            "{}: got chip.quantizer tlm, allowed rtl or lockstep; --set chip.quantizer=rtl makes it so", option));
    }
}

}  // namespace

void require_rtl_options(const Options& options, const config::RunConfig& config)
{
    if (!options.rtl_library.empty()) require_rtl("--rtl-library", config);
    if (options.wave.empty()) return;
    require_rtl("--wave", config);
    if (options.resume) {
        throw UsageError("--wave: not with --resume, since the steps may lie before the checkpoint");
    }
}

std::shared_ptr<verify::RtlLibrary> open_rtl_library(const Options& options)
{
    if (options.rtl_library.empty()) return nullptr;
    std::shared_ptr<verify::RtlLibrary> library;
    try {
        library = verify::RtlLibrary::load(options.rtl_library);
    } catch (const std::invalid_argument& fault) {
        throw UsageError(fmt::format("--rtl-library: {}", fault.what()));
    }
    if (!options.wave.empty() && !library->records_waves()) {
        throw UsageError(fmt::format("--wave: not with {}, which records no waves", options.rtl_library));
    }
    return library;
}

void require_wave_steps(const Options& options, std::uint64_t end_step)
{
    const auto [first, end] = options.wave_steps;
    if (options.wave.empty() || end <= end_step) return;
    throw UsageError(
        fmt::format("--wave-steps: got {}:{}, allowed A:B up to {}, the steps of this run", first, end, end_step));
}

verify::RtlExtras rtl_extras(const Session& session)
{
    verify::RtlExtras extras;
    extras.library = session.rtl_library;
    if (session.options.wave.empty()) return extras;
    verify::WaveRecorder::Options options;
    options.file = session.options.wave;
    options.first_step = session.options.wave_steps.first;
    options.end_step = session.options.wave_steps.second;
    options.period_fs = femtoseconds(chip::Clock(session.config.chip->clock_ghz).period());
    options.now_fs = [] { return femtoseconds(sc_core::sc_time_stamp()); };
    extras.waves = std::make_shared<verify::WaveRecorder>(std::move(options));
    return extras;
}

void print_wave(const verify::WaveRecorder* waves, Console& console)
{
    if (waves == nullptr || !waves->finished()) return;
    const verify::WaveRecorder::Options& options = waves->options();
    console.print(
        fmt::format("wave: {} cycles of the quantize/update unit in {}", grouped(waves->cycles()), options.file));
}

void add_rtl(Json& result, const Session& session, const verify::WaveRecorder* waves)
{
    if (session.rtl_library) {
        result["rtl_library"] = {{"file", session.rtl_library->file()},
                                 {"name", session.rtl_library->name()},
                                 {"sha256", session.rtl_library_sha256}};
    }
    if (waves != nullptr && waves->finished()) {
        const verify::WaveRecorder::Options& options = waves->options();
        result["wave"] = {
            {"file", options.file}, {"steps", {options.first_step, options.end_step}}, {"cycles", waves->cycles()}};
    }
}

}  // namespace wagesim::cli
