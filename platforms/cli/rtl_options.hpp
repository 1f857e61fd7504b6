// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --rtl-library and --wave: what they are allowed with, what they add to a chip, and what a result says of them.
#pragma once

#include <cstdint>
#include <memory>

#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"
#include "platforms/verify/quantize_update_factory.hpp"

namespace wagesim::cli {

/// Throws UsageError where the chip has no RTL that the options could be about; before anything is read.
void require_rtl_options(const Options& options, const config::RunConfig& config);
/// Nothing without --rtl-library. Throws UsageError for a file that is no such library, or cannot do what --wave asks.
[[nodiscard]] std::shared_ptr<verify::RtlLibrary> open_rtl_library(const Options& options);
/// Throws UsageError where the run does not have the steps that --wave-steps asks for.
void require_wave_steps(const Options& options, std::uint64_t end_step);

/// For the chip of this session: its library and its recorder, or none.
[[nodiscard]] verify::RtlExtras rtl_extras(const Session& session);

/// A line about the file, where there is one. `waves` may be null.
void print_wave(const verify::WaveRecorder* waves, Console& console);
/// `rtl_library` and `wave` into a result, where they were asked for.
void add_rtl(Json& result, const Session& session, const verify::WaveRecorder* waves);

}  // namespace wagesim::cli
