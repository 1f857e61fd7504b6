// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines that fit a terminal.
#pragma once

#include <string>

namespace wagesim::inspect {

inline constexpr std::size_t kTextColumns = 100;

/// `text` behind `head` and a space, broken at spaces; further lines are indented by `indent`. With its last newline.
[[nodiscard]] std::string wrapped(const std::string& head, const std::string& text, std::size_t indent);

/// Every line of a text that is too long, broken likewise.
[[nodiscard]] std::string wrapped_lines(const std::string& text, std::size_t indent);

}  // namespace wagesim::inspect
