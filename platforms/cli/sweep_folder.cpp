// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_folder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "platforms/cli/exit_code.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

void refuse_run(const std::string& folder)
{
    for (const char* file : {"config.yaml", "checkpoint.npz", "result.json"}) {
        if (std::error_code ignored; !fs::exists(fs::path(folder) / file, ignored)) continue;
        throw UsageError(fmt::format("--out: {} holds a run ({}), allowed the folder of a sweep", folder, file));
    }
}

void create_folder(const std::string& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw UsageError(fmt::format("--out: cannot create {}: {}", folder, error.message()));
}

sweep::FolderLock claim(const std::string& folder, sweep::FolderLock::Kind kind, const std::string& refusal)
{
    if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::claim_patiently(folder, kind)) {
        return std::move(*lock);
    }
    throw UsageError("--out: " + refusal);
}

}  // namespace

void ShareFolder::create() const
{
    create_folder(workers());
}

sweep::FolderLock ShareFolder::claim() const
{
    return cli::claim(path_, sweep::FolderLock::Kind::exclusive,
                      fmt::format("another process is computing the share in {}", path_));
}

void SweepFolder::create() const
{
    refuse_run(path_);
    create_folder(runs());
}

ShareFolder SweepFolder::share(std::uint64_t number) const
{
    return ShareFolder(fmt::format("{}/{}", shares(), number));
}

std::vector<ShareFolder> SweepFolder::all_shares() const
{
    std::vector<std::string> found;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(shares(), ignored)) {
        if (entry.is_directory(ignored)) found.push_back(entry.path().string());
    }
    std::sort(found.begin(), found.end());
    std::vector<ShareFolder> folders;
    for (const std::string& path : found) folders.emplace_back(path);
    return folders;
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
    return cli::claim(path_, sweep::FolderLock::Kind::exclusive,
                      fmt::format("another process is running the sweep in {}", path_));
}

sweep::FolderLock SweepFolder::claim_for_share() const
{
    return cli::claim(path_, sweep::FolderLock::Kind::shared,
                      fmt::format("another process is running the whole sweep in {}", path_));
}

bool SweepFolder::is_running() const
{
    return !sweep::FolderLock::try_claim(path_);
}

}  // namespace wagesim::cli
