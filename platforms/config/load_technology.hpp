// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A technology file's figures for one chip's crossbars (docs/energy.md has the format). Every figure names its source,
// and none may be missing: what costs nothing says so.
#pragma once

#include <string>

#include "platforms/config/document.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::config {

/// `file`: the map under `key`. Throws ConfigError naming file, line and key.
[[nodiscard]] chip::Technology read_technology(const DocumentNode& file, const std::string& key,
                                               const chip::CrossbarConfig& crossbar);

}  // namespace wagesim::config
