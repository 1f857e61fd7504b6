// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/library/sweep_folder.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include <wagesim/error.hpp>

#include "platforms/config/include.hpp"
#include "platforms/sweep/folder_lock.hpp"
#include "platforms/sweep/stored_sweep.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::library {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& line)
{
    throw Error(Error::Kind::config, line);
}

/// Its points are looked at as the program will; which model computes them does not matter for that.
void require_legal(const config::SweepConfig& sweep, const std::function<void()>& breathe)
{
    constexpr int kNoModel = 0;
    static_cast<void>(sweep::SurveyedSweep(sweep, kNoModel, breathe));
}

void require_no_run(const fs::path& folder)
{
    for (const char* const file : {"config.yaml", "checkpoint.npz", "result.json"}) {
        if (!fs::exists(folder / file)) continue;
        refuse(fmt::format("out: {} holds a run ({}), allowed the folder of a sweep", folder.string(), file));
    }
}

void make_folder(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) refuse(fmt::format("out: cannot create {}: {}", folder.string(), error.message()));
}

sweep::FolderLock claim(const fs::path& folder)
{
    if (std::optional<sweep::FolderLock> lock = sweep::FolderLock::claim_patiently(folder.string())) {
        return std::move(*lock);
    }
    refuse(fmt::format("out: another process is running the sweep in {}", folder.string()));
}

void require_no_other(const fs::path& folder, const std::string& name)
{
    const fs::path database = folder / "sweep.sqlite";
    if (!fs::exists(database)) return;
    const std::string there = sweep::StoredSweep(database.string()).description().name;
    if (there.empty() || there == name) return;
    refuse(fmt::format("out: got {}, the folder of sweep {}, allowed a new one or that of {}", folder.string(), there,
                       name));
}

/// What the library may replace begins with this line.
constexpr const char* kMark =
    "# Written by wagesim for a sweep that was made in code, and written anew when that runs.\n";

void require_own(const fs::path& file)
{
    if (!fs::exists(file)) return;
    const config::FileText there = config::read_text(file);
    if (there.reason.empty() && there.text.rfind(kMark, 0) == 0) return;
    refuse(fmt::format("out: got {}, which the library did not write, allowed a folder without", file.string()));
}

bool is_written(const fs::path& file, const std::string& text)
{
    const config::FileText there = config::read_text(file);
    return there.reason.empty() && there.text == kMark + text;
}

}  // namespace

std::string write_sweep(const std::string& folder, const SweepTexts& texts, const config::SweepConfig& sweep,
                        const std::function<void()>& breathe)
{
    require_legal(sweep, breathe);
    const fs::path place = folder;
    make_folder(place);
    const sweep::FolderLock lock = claim(place);
    const fs::path base = place / "base.yaml";
    const fs::path file = place / "sweep.yaml";
    require_no_run(place);
    require_no_other(place, sweep.name);
    require_own(base);
    require_own(file);
    write_file_atomically(base.string(), kMark + texts.base);
    write_file_atomically(file.string(), kMark + texts.sweep);
    return file.string();
}

bool holds_sweep(const std::string& folder, const SweepTexts& texts)
{
    return is_written(fs::path(folder) / "base.yaml", texts.base) &&
           is_written(fs::path(folder) / "sweep.yaml", texts.sweep);
}

}  // namespace wagesim::library
