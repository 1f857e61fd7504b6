// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_collection.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/interruption.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenLooks{50};

sweep::FolderLock claim_in_turn(const std::string& folder, const std::function<void()>& waiting)
{
    for (bool first = true;; first = false) {
        if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::try_claim(folder)) return std::move(*lock);
        if (interruption_requested()) throw Interrupted("interrupted before the first point");
        if (first) waiting();
        std::this_thread::sleep_for(kBetweenLooks);
    }
}

}  // namespace

void collect_shares(sweep::Database& database, const SweepFolder& folder, Shares state)
{
    if (!fs::exists(folder.shares())) return;
    const sweep::FolderLock turn = claim_in_turn(folder.shares(), [] {});
    for (const ShareFolder& share : folder.all_shares()) {
        const std::optional<sweep::FolderLock> lock =
            state == Shares::at_rest ? sweep::FolderLock::try_claim(share.path()) : std::nullopt;
        const std::string file = lock ? share.database_file() : share.published_file();
        if (fs::exists(file)) database.merge(file);
    }
}

void forget_failures(sweep::Database& database, const SweepFolder& folder, const std::string& name)
{
    database.forget_failures();
    for (const ShareFolder& share : folder.all_shares()) {
        if (!fs::exists(share.database_file())) continue;
        sweep::Database(share.database_file(), name, sweep::SqliteConnection::Mode::existing).forget_failures();
        std::remove(share.published_file().c_str());
    }
}

sweep::FolderLock claim_after_workers(const std::string& folder, Console& console)
{
    return claim_in_turn(
        folder, [&] { console.print("waiting for the workers of an earlier sweep, which was killed, to end"); });
}

sweep::FolderLock claim_after_all_workers(const SweepFolder& folder, Console& console)
{
    sweep::FolderLock lock = claim_after_workers(folder.runs(), console);
    for (const ShareFolder& share : folder.all_shares()) {
        static_cast<void>(claim_after_workers(share.workers(), console));
    }
    return lock;
}

sweep::Plan read_plan(const SweepFolder& folder, const sweep::SurveyedSweep& sweep)
{
    const std::string file = folder.plan_file();
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw UsageError(fmt::format("--share: there is no {}, which wagesim sweep slurm writes", file));
    std::ostringstream text;
    text << stream.rdbuf();
    sweep::Plan plan = sweep::parse_plan(text.str(), file);
    if (plan.sweep != sweep.name()) {
        throw UsageError(
            fmt::format("--share: {} is of the sweep {}, allowed one of {}", file, plan.sweep, sweep.name()));
    }
    if (plan.fingerprint != sweep.fingerprint()) {
        throw UsageError(
            fmt::format("--share: the sweep, --set or files that it reads have changed since {} was written; sweep "
                        "slurm plans anew",
                        file));
    }
    return plan;
}

}  // namespace wagesim::cli
