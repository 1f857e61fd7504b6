// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/library/sweep_folder.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include <wagesim/error.hpp>

#include "platforms/config/include.hpp"
#include "platforms/sweep/folder_lock.hpp"
#include "platforms/sweep/stored_sweep.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::library {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 10;
constexpr std::chrono::milliseconds kBetweenTries{50};

[[noreturn]] void refuse(const std::string& line)
{
    throw Error(Error::Kind::config, line);
}

/// Its points are looked at as the program will; which model computes them does not matter for that.
void require_legal(const config::SweepConfig& sweep)
{
    constexpr int kNoModel = 0;
    static_cast<void>(sweep::SurveyedSweep(sweep, kNoModel));
}

void make_folder(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) refuse(fmt::format("out: cannot create {}: {}", folder.string(), error.message()));
}

/// `sweep status` holds it for a moment to see whether somebody has it.
sweep::FolderLock claim(const fs::path& folder)
{
    for (int i = 0; i < kTries; ++i) {
        if (i > 0) std::this_thread::sleep_for(kBetweenTries);
        if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::try_claim(folder.string())) {
            return std::move(*lock);
        }
    }
    refuse(fmt::format("out: another process is running the sweep in {}", folder.string()));
}

/// Whether the folder is this sweep's already. Throws Error where it is another one's.
bool holds(const fs::path& folder, const std::string& name)
{
    const fs::path database = folder / "sweep.sqlite";
    if (!fs::exists(database)) return false;
    const std::string there = sweep::StoredSweep(database.string()).description().name;
    if (!there.empty() && there != name) {
        refuse(fmt::format("out: got {}, the folder of sweep {}, allowed a new one or that of {}", folder.string(),
                           there, name));
    }
    return true;
}

void require_own(const fs::path& file, const std::string& text)
{
    if (!fs::exists(file)) return;
    const config::FileText there = config::read_text(file);
    if (there.reason.empty() && there.text == text) return;
    refuse(fmt::format("out: got {}, which is not of this sweep, allowed a folder without", file.string()));
}

}  // namespace

std::string write_sweep(const std::string& folder, const SweepTexts& texts, const config::SweepConfig& sweep)
{
    require_legal(sweep);
    const fs::path place = folder;
    make_folder(place);
    const sweep::FolderLock lock = claim(place);
    const fs::path base = place / "base.yaml";
    const fs::path file = place / "sweep.yaml";
    if (!holds(place, sweep.name)) {
        require_own(base, texts.base);
        require_own(file, texts.sweep);
    }
    write_file_atomically(base.string(), texts.base);
    write_file_atomically(file.string(), texts.sweep);
    return file.string();
}

}  // namespace wagesim::library
