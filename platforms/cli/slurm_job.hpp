// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The array job that computes a sweep: its number in the sweep's folder, and what Slurm says of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platforms/cli/sweep_folder.hpp"

namespace wagesim::cli {

/// The tasks of the sweep's last array that have not ended.
struct ArrayTasks {
    std::string job;  ///< its number; empty: there is none
    std::uint64_t running = 0;
    std::uint64_t waiting = 0;

    [[nodiscard]] bool alive() const noexcept { return running + waiting > 0; }
    /// A line; nothing where no task is alive.
    [[nodiscard]] std::string text() const;
};

/// Nothing where there is a job and Slurm cannot be asked about it. Throws DataError.
[[nodiscard]] std::optional<ArrayTasks> array_tasks(const SweepFolder& folder);
/// Throws UsageError where an array computes the sweep, or may do so.
void require_no_array(const SweepFolder& folder);

/// Submits DIR/slurm/array.sh and keeps its number, which it returns. Throws UsageError with sbatch's line where that
/// refuses.
std::string submit_array(const SweepFolder& folder);

[[nodiscard]] std::string array_script_file(const SweepFolder& folder);

}  // namespace wagesim::cli
