// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The engines of a sweep, whose workers are this program.
#pragma once

#include <string>

#include "platforms/cli/options.hpp"
#include "platforms/cli/sweep_parallelism.hpp"
#include "platforms/sweep/folder_lock.hpp"
#include "platforms/sweep/stage_engine.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::cli {

/// Makes what a stage of the sweep needs: point servers, or a process for each point with a folder in `runs`. Workers
/// hold the lock, too. Keeps references.
[[nodiscard]] sweep::EngineFactory sweep_engines(const Options& options, const sweep::SurveyedSweep& sweep,
                                                 const SweepParallelism& parallelism, const std::string& runs,
                                                 const sweep::FolderLock& lock);

}  // namespace wagesim::cli
