// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_folder.hpp"

#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "platforms/cli/exit_code.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 10;
constexpr std::chrono::milliseconds kBetweenTries{50};

void refuse_run(const std::string& folder)
{
    for (const char* file : {"config.yaml", "checkpoint.npz", "result.json"}) {
        if (std::error_code ignored; !fs::exists(fs::path(folder) / file, ignored)) continue;
        throw UsageError(fmt::format("--out: {} holds a run ({}), allowed the folder of a sweep", folder, file));
    }
}

}  // namespace

void SweepFolder::create() const
{
    refuse_run(path_);
    std::error_code error;
    fs::create_directories(runs(), error);
    if (error) throw UsageError(fmt::format("--out: cannot create {}: {}", runs(), error.message()));
}

void SweepFolder::require() const
{
    std::error_code ignored;
    refuse_run(path_);
    if (!fs::is_directory(path_, ignored)) {
        throw UsageError(fmt::format("--out: got {}, allowed the folder of a sweep", path_));
    }
}

sweep::FolderLock SweepFolder::claim() const
{
    // `sweep status` holds the lock for a moment to see whether somebody has it.
    for (int i = 0; i < kTries; ++i) {
        if (i > 0) std::this_thread::sleep_for(kBetweenTries);
        if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::try_claim(path_)) return std::move(*lock);
    }
    throw UsageError(fmt::format("--out: another process is running the sweep in {}", path_));
}

bool SweepFolder::is_running() const
{
    return !sweep::FolderLock::try_claim(path_);
}

}  // namespace wagesim::cli
