// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Columns of numbers as text that a script decodes into a typed array: little-endian, then base64 (RFC 4648).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wagesim::report {

[[nodiscard]] std::string base64(std::string_view bytes);

[[nodiscard]] std::string base64_column(const std::vector<float>& values);
[[nodiscard]] std::string base64_column(const std::vector<double>& values);
/// In 1, 2 or 4 bytes each.
[[nodiscard]] std::string base64_column(const std::vector<std::uint32_t>& values, std::size_t bytes);

}  // namespace wagesim::report
