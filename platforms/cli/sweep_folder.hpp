// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The folder of a sweep: its database, the folders of its points, and the locks on both.
#pragma once

#include <optional>
#include <string>

#include "platforms/sweep/folder_lock.hpp"

namespace wagesim::cli {

class SweepFolder {
public:
    explicit SweepFolder(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] std::string database_file() const { return path_ + "/sweep.sqlite"; }
    [[nodiscard]] std::string runs() const { return path_ + "/runs"; }

    /// Creates both folders. Throws UsageError where they cannot be.
    void create() const;
    /// Throws UsageError where this is no folder.
    void require() const;
    /// The lock of the process that writes the database. Throws UsageError where another one has it.
    [[nodiscard]] sweep::FolderLock claim() const;
    /// Whether a process is running the sweep.
    [[nodiscard]] bool is_running() const;

private:
    std::string path_;
};

}  // namespace wagesim::cli
