// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A RunConfig as a run file: resolved, complete, and equal to the original when loaded again.
#pragma once

#include <string>

#include "platforms/config/run_config.hpp"

namespace wagesim::config {

/// YAML with every key and its value in a fixed order, network and chip inlined, paths absolute.
/// parse_run(print_run(x), any file) == x.
[[nodiscard]] std::string print_run(const RunConfig& config);

/// The same without names and paths: what decides a run's results, apart from the contents of the data files.
[[nodiscard]] std::string print_results_part(const RunConfig& config);

}  // namespace wagesim::config
