// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What several machines have found, brought together.
#pragma once

#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/sweep_folder.hpp"
#include "platforms/sweep/database.hpp"
#include "platforms/sweep/plan.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::cli {

enum class Shares {
    in_progress,  ///< perhaps on other machines: only what they publish may be read
    at_rest,      ///< nobody computes one
};

/// Takes over into the sweep's database what the shares have found. As often as one likes, by one process at a time.
void collect_shares(sweep::Database& database, const SweepFolder& folder, Shares state);

/// Points that have failed, here or in a share, have begun from now on. Nobody computes a share.
void forget_failures(sweep::Database& database, const SweepFolder& folder, const std::string& name);

/// Workers of a sweep that was killed end by themselves, after their step; until then their folders are theirs, and
/// they hold the lock of `folder`. Throws Interrupted.
[[nodiscard]] sweep::FolderLock claim_after_workers(const std::string& folder, Console& console);

/// The same for the sweep's workers and those of all shares. The lock is that of the sweep's.
[[nodiscard]] sweep::FolderLock claim_after_all_workers(const SweepFolder& folder, Console& console);

/// Throws UsageError where there is none, or it is not of this sweep as it is.
[[nodiscard]] sweep::Plan read_plan(const SweepFolder& folder, const sweep::SurveyedSweep& sweep);

}  // namespace wagesim::cli
