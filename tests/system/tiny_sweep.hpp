// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep of tiny runs in a folder of its own, and its exported table as text.
#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {

/// Six points of some tens of milliseconds to a second each.
inline const char* tiny_sweep()
{
    return R"(name: tiny-sweep
base: tiny.yaml
command: train
set: {data.count: 4000, training.epochs: 10}
axes:
  - training.gamma: [1, 2, 8]
seeds: [1, 2]
objectives:
  final_test_error: min
  epochs.last.loss: min
)";
}

/// A folder with tiny.yaml and sweep.yaml in it.
class TinySweep {
public:
    explicit TinySweep(const std::string& text = tiny_sweep()) { write(text); }

    void write(const std::string& text) const { write_text(run_ / "sweep.yaml", text); }
    [[nodiscard]] std::string operator/(const std::string& name) const { return run_ / name; }
    [[nodiscard]] std::string file() const { return run_ / "sweep.yaml"; }

    /// wagesim sweep ACTION -c sweep.yaml --out OUT MORE...
    [[nodiscard]] std::vector<std::string> arguments(const std::string& action, const std::string& out,
                                                     const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> all = {"sweep", action, "-c", file(), "--out", run_ / out};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] CommandResult run(const std::string& action, const std::string& out = "out",
                                    const std::vector<std::string>& more = {}) const
    {
        return wagesim(arguments(action, out, more));
    }
    [[nodiscard]] nlohmann::json json(const std::string& action, const std::string& out = "out") const
    {
        const CommandResult result = run(action, out, {"--json"});
        return nlohmann::json::parse(result.out, nullptr, false);
    }

    /// The exported table without what the clock decides. No field of these sweeps has a comma.
    [[nodiscard]] std::string table(const std::string& out) const
    {
        std::istringstream csv(run("export", out).out);
        std::string kept;
        std::vector<bool> timed;
        for (std::string line; std::getline(csv, line);) {
            std::istringstream fields(line);
            std::size_t column = 0;
            for (std::string field; std::getline(fields, field, ','); ++column) {
                if (kept.find('\n') == std::string::npos) {
                    timed.push_back(field == "wall_seconds" || field == "images_per_second");
                }
                if (!timed.at(column)) kept += field + ",";
            }
            kept += "\n";
        }
        return kept;
    }

    /// Folders of points.
    [[nodiscard]] std::vector<std::filesystem::path> runs(const std::string& out = "out") const
    {
        std::vector<std::filesystem::path> folders;
        for (const auto& entry : std::filesystem::directory_iterator(run_ / (out + "/runs"))) {
            folders.push_back(entry.path());
        }
        return folders;
    }

private:
    TinyRun run_;
};

}  // namespace wagesim::test
