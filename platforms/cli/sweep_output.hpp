// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What `sweep` shows: texts for people and JSON for programs.
#pragma once

#include <string>

#include "platforms/cli/run_result.hpp"
#include "platforms/sweep/summary.hpp"

namespace wagesim::cli {

/// How many points the source has, and of what they are made.
[[nodiscard]] std::string points_text(const config::SweepConfig& sweep, const sweep::PointSource& source);

/// "widths.g=2 seed=1".
[[nodiscard]] std::string settings_text(const std::vector<config::Variable>& variables,
                                        const std::vector<std::string>& settings);

/// `running`: whether a process runs the sweep; begun points are missing otherwise.
[[nodiscard]] std::string status_text(const std::string& name, const sweep::Overview& overview, bool running);
[[nodiscard]] Json status_json(const std::string& name, const sweep::Overview& overview, bool running);

/// A row for each configuration.
[[nodiscard]] std::string collect_text(const sweep::Summary& summary);
[[nodiscard]] Json collect_json(const std::string& name, const sweep::Summary& summary);

[[nodiscard]] std::string best_text(const sweep::Summary& summary);
[[nodiscard]] Json best_json(const std::string& name, const sweep::Summary& summary);

}  // namespace wagesim::cli
