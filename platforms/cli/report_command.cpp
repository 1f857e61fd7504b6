// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim report: run folders, or databases of sweeps, to one page.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "platforms/cli/commands.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/report/page.hpp"
#include "platforms/report/run_json.hpp"
#include "platforms/report/sweep_json.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

bool is_database(const std::string& path)
{
    constexpr std::string_view kSuffix = ".sqlite";
    if (path.size() >= kSuffix.size() && path.compare(path.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0) {
        return true;
    }
    std::error_code ignored;
    std::string start(15, '\0');
    if (!fs::is_regular_file(path, ignored)) return false;
    std::ifstream(path, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size()));
    return start == "SQLite format 3";
}

/// Whether the page is one of sweeps. Nothing is opened but to see that.
bool are_databases(const std::vector<std::string>& paths)
{
    const bool first = is_database(paths.front());
    for (const std::string& path : paths) {
        if (is_database(path) == first) continue;
        throw UsageError(fmt::format("report: got {} and {}, allowed run folders or databases of sweeps, not both",
                                     paths.front(), path));
    }
    return first;
}

/// What can be refused before any folder or database is opened.
void check(const Options& options, bool databases)
{
    std::vector<fs::path> places;
    std::vector<std::string> files;
    for (const std::string& path : options.runs) {
        std::error_code ignored;
        const fs::path place = fs::weakly_canonical(databases ? fs::path(path) : fs::path(path) / "", ignored);
        if (std::find(places.begin(), places.end(), place) != places.end()) {
            throw UsageError(fmt::format("report: got {} twice", path));
        }
        places.push_back(place);
        if (databases) {
            for (const char* end : {"", "-wal", "-shm"}) files.push_back(path + end);
            continue;
        }
        for (const char* file :
             {"config.yaml", "result.json", "record.npz", "epochs.csv", "weights.npz", "checkpoint.npz"}) {
            files.push_back(path + "/" + file);
        }
    }
    require_writable_place("-o", options.output, files);
    if (report::page_template().empty()) {
        throw UsageError("report: this wagesim was built without the page (WAGESIM_REPORT=OFF)");
    }
}

}  // namespace

ExitCode run_report(const Options& options)
{
    const bool databases = are_databases(options.runs);
    check(options, databases);
    report::Json shown = report::Json::array();
    for (const std::string& path : options.runs) {
        shown.push_back(databases ? report::sweep_json(path) : report::run_json(path));
    }
    const report::Json data = {
        {"format", 1}, {"program", program_version()}, {databases ? "sweeps" : "runs", std::move(shown)}};
    const std::string_view page = databases ? report::explore_template() : report::page_template();
    write_file_atomically(options.output, report::render_page(page, data));
    return ExitCode::done;
}

}  // namespace wagesim::cli
