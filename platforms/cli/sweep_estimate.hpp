// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How long a point of a sweep will take, before any is computed: from a step or two of it on this machine.
#pragma once

#include <optional>

#include "platforms/config/run_config.hpp"
#include "platforms/config/sweep_config.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::cli {

/// Seconds of the run as the stage computes it, alone on `threads` threads. Measured in a process of its own: a fork
/// that trains two steps on empty images, or times the whole where the run carries no data. Evaluating an image counts
/// as a third of training it. Nothing where it cannot be measured: the point itself will say why.
[[nodiscard]] std::optional<double> estimate_seconds(const config::RunConfig& run, const config::Stage& stage,
                                                     int threads);

/// The same of a point of the stage: the first of those of `source` that is a legal run and not excluded, if that is
/// among the first 1000.
[[nodiscard]] std::optional<double> estimate_point_seconds(const sweep::SurveyedSweep& sweep, std::size_t stage,
                                                           const sweep::PointSource& source, int threads);

}  // namespace wagesim::cli
