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

}  // namespace

void SweepFolder::create() const
{
    std::error_code error;
    fs::create_directories(runs(), error);
    if (error) throw UsageError(fmt::format("--out: cannot create {}: {}", runs(), error.message()));
}

void SweepFolder::require() const
{
    std::error_code ignored;
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
