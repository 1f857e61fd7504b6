// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim report: run folders to one page.
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

/// What can be refused before any folder is opened.
void check(const Options& options)
{
    std::vector<fs::path> places;
    std::vector<std::string> files;
    for (const std::string& folder : options.runs) {
        if (is_database(folder)) {
            throw UsageError(fmt::format("report: got {}, allowed run folders; this version draws no sweeps", folder));
        }
        std::error_code ignored;
        const fs::path place = fs::weakly_canonical(fs::path(folder) / "", ignored);
        if (std::find(places.begin(), places.end(), place) != places.end()) {
            throw UsageError(fmt::format("report: got {} twice", folder));
        }
        places.push_back(place);
        for (const char* file :
             {"config.yaml", "result.json", "record.npz", "epochs.csv", "weights.npz", "checkpoint.npz"}) {
            files.push_back(folder + "/" + file);
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
    check(options);
    report::Json runs = report::Json::array();
    for (const std::string& folder : options.runs) runs.push_back(report::run_json(folder));
    const report::Json data = {{"format", 1}, {"program", program_version()}, {"runs", std::move(runs)}};
    write_file_atomically(options.output, report::render_page(report::page_template(), data));
    return ExitCode::done;
}

}  // namespace wagesim::cli
