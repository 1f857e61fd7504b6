// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Files of recorded activity: fractions by layer, as `--record-activity` writes them (docs/energy.md).
#pragma once

#include <cstddef>
#include <string>

#include "platforms/config/document.hpp"
#include "tlm/energy/activity_factors.hpp"

namespace wagesim::config {

/// `file`: the map under `key`, for a network of `layers` layers. Throws ConfigError naming file, line and key.
[[nodiscard]] chip::Activity read_activity(const DocumentNode& file, const std::string& key, std::size_t layers);
/// The same as text; `title` is a line of comment.
[[nodiscard]] std::string print_activity(const chip::Activity& activity, const std::string& title);

}  // namespace wagesim::config
