// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The serving side of points without folders: a process that has read the sweep, and forks for each point that it is
// asked to compute. Nothing is elaborated in it, nor are threads started, so that every fork begins as fresh as a new
// program.
#pragma once

#include <functional>
#include <string>

#include "platforms/sweep/point_messages.hpp"
#include "platforms/sweep/point_resolver.hpp"

namespace wagesim::sweep {

/// Computes a point in a process of its own; returns its result as JSON on one line. What it throws is the point's
/// error.
using ComputePoint = std::function<std::string(const config::RunConfig& run, const std::string& config_hash)>;

/// Serves until the engine is gone. A fork that outlives this process is killed.
void serve_points(MessageStream& engine, const config::SweepConfig& sweep, const config::Stage& stage, int model,
                  const ComputePoint& compute);

}  // namespace wagesim::sweep
