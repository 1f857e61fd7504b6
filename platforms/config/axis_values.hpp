// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The values of one key of a sweep: a list, or a range written short. Knows no key.
#pragma once

#include <string>
#include <vector>

#include "platforms/config/document.hpp"

namespace wagesim::config {

/// The values that `node`, which stands under `key`, means; at least one, no two with the same text:
///   [A, B, C]                          whatever they are
///   {range: [FIRST, LAST]}             by 1
///   {range: [FIRST, LAST, STEP]}       decimal numbers, exactly; LAST must be one of them
///   {log_range: [FIRST, LAST]}         each twice the one before
///   {log_range: [FIRST, LAST, FACTOR]} each FACTOR times the one before; LAST must be one of them
/// Throws ConfigError.
[[nodiscard]] std::vector<DocumentNode> axis_values(const DocumentNode& node, const std::string& key);

}  // namespace wagesim::config
