// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run folder (docs/commands.md) as the data of a page: everything checked that the page relies on.
#pragma once

#include <string>

#include "platforms/report/json.hpp"

namespace wagesim::report {

/// {name, folder, command, complete, config, settings, result, epochs, steps, histograms, chip}; what the folder does
/// not have is null. Throws DataError for a folder that holds no run, or a corrupt one.
[[nodiscard]] Json run_json(const std::string& folder);

}  // namespace wagesim::report
