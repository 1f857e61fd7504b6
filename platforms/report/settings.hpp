// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run's configuration in a few words each: what a table of runs shows.
#pragma once

#include <string>

#include "platforms/config/run_config.hpp"
#include "platforms/report/json.hpp"

namespace wagesim::report {

/// The paper's shorthand: 32C5-MP2, 512FC; of the last layer of all, its number of units.
[[nodiscard]] std::string layer_text(const Layer& layer, bool last);

/// [[what, value], ...], texts, in the order to show them.
[[nodiscard]] Json settings_json(const config::RunConfig& config);

}  // namespace wagesim::report
