// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The folder of a sweep: its database, the folders of its points, what several machines compute of it, and the locks on
// all that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/folder_lock.hpp"

namespace wagesim::cli {

/// Where a share of a plan (platforms/sweep/plan.hpp) is computed: a database that one process has open, and copies of
/// it for all others, which may be on other machines.
class ShareFolder {
public:
    explicit ShareFolder(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string database_file() const { return path_ + "/sweep.sqlite"; }
    [[nodiscard]] std::string published_file() const { return path_ + "/published.sqlite"; }
    /// A folder whose lock the workers hold; they may outlive their parent by a checkpoint.
    [[nodiscard]] std::string workers() const { return path_ + "/workers"; }

    /// Throws UsageError where it cannot be created.
    void create() const;
    /// The lock of the process that computes the share. Throws UsageError where another one has it.
    [[nodiscard]] sweep::FolderLock claim() const;

private:
    std::string path_;
};

class SweepFolder {
public:
    explicit SweepFolder(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] std::string database_file() const { return path_ + "/sweep.sqlite"; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string runs() const { return path_ + "/runs"; }
    [[nodiscard]] std::string shares() const { return path_ + "/shares"; }
    [[nodiscard]] std::string plan_file() const { return shares() + "/plan.json"; }
    [[nodiscard]] ShareFolder share(std::uint64_t number) const;
    /// Those that there are.
    [[nodiscard]] std::vector<ShareFolder> all_shares() const;
    /// Scripts, logs and the number of an array job.
    [[nodiscard]] std::string slurm() const { return path_ + "/slurm"; }

    /// Creates both folders. Throws UsageError where they cannot be.
    void create() const;
    /// Throws UsageError where this is no folder.
    void require() const;
    /// The lock of the process that writes the database. Throws UsageError where another one has it.
    [[nodiscard]] sweep::FolderLock claim() const;
    /// A lock beside others of its kind, which keeps claim() away. Throws UsageError where that was there first.
    [[nodiscard]] sweep::FolderLock claim_for_share() const;
    /// Whether a process is running the sweep, or a share of it, as far as locks tell: on this machine at least.
    [[nodiscard]] bool is_running() const;

private:
    std::string path_;
};

}  // namespace wagesim::cli
