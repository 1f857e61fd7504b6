// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The value of a sweep file's `stages`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::config {

/// Checks a dotted key that stage file.key `where` sets at `place`.
using CheckKey = std::function<void(const Place& place, const std::string& where, const std::string& key)>;

/// `node`: a list of stages, at least one. Throws ConfigError.
[[nodiscard]] std::vector<Stage> read_stages(const DocumentNode& node, const CheckKey& check_key);

/// The settings in `node`, a map of dotted keys to values under `where`. Throws ConfigError.
[[nodiscard]] std::vector<Override> read_settings(const DocumentNode& node, const std::string& where,
                                                  const CheckKey& check_key);

}  // namespace wagesim::config
