// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rows of texts as a table for a terminal.
#pragma once

#include <string>
#include <vector>

namespace wagesim::cli {

enum class TextAlignment { left, right };

/// Columns as wide as their widest cell, two spaces apart; the first row is the header. With `right` the first column
/// stays at the right, too.
[[nodiscard]] std::string text_table(const std::vector<std::vector<std::string>>& rows, TextAlignment alignment);

}  // namespace wagesim::cli
