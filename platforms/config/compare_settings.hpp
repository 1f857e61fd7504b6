// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which keys of two resolved configurations differ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/document.hpp"

namespace wagesim::config {

/// A key whose values differ; nothing where a configuration does not have it.
struct SettingDifference {
    std::string key;
    std::optional<std::string> first, second;
};

struct SettingsComparison {
    std::vector<SettingDifference> differences;  ///< in the order of the first one, then what only the second one has
    std::uint64_t equal = 0;
};

/// Names are no difference.
[[nodiscard]] SettingsComparison compare_settings(const DocumentNode& first, const DocumentNode& second);

}  // namespace wagesim::config
