// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What differs between two run folders: keys of their configurations, and figures of their results.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/compare_settings.hpp"

namespace wagesim::report {

/// A number of result.json; nothing where a run does not have it, or has null.
struct FigureDifference {
    std::string field;  ///< dotted; elements of lists by index
    std::optional<double> first, second;
    /// second / first, where both are there and the first is not 0.
    [[nodiscard]] std::optional<double> ratio() const;
};

struct Comparison {
    std::vector<config::SettingDifference> settings;  ///< keys of config.yaml
    std::vector<FigureDifference> figures;            ///< in the order of the first file, then the second's own
    std::uint64_t equal_settings = 0;
    std::uint64_t equal_figures = 0;
};

/// Of two folders that --out left. The machine that a run was computed on, and its name, are no difference. Throws
/// DataError for a folder that holds no complete run.
[[nodiscard]] Comparison compare_runs(const std::string& first, const std::string& second);

}  // namespace wagesim::report
