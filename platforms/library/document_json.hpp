// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A value of a YAML document as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "platforms/config/document.hpp"

namespace wagesim::library {

/// Plain scalars that look like numbers, true, false or null are these; keys of maps are strings, as JSON has it.
[[nodiscard]] nlohmann::ordered_json document_json(const config::DocumentNode& node);

}  // namespace wagesim::library
