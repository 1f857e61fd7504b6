// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts of settings that are numbers.
#pragma once

#include <optional>
#include <string>

namespace wagesim::config {

/// The number that all of `text` is in decimal; nothing for any other text, infinities and NaN among them.
[[nodiscard]] std::optional<double> number_of_text(const std::string& text);

}  // namespace wagesim::config
