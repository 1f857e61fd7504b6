// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/config/number_text.hpp"

#include <charconv>
#include <cmath>

namespace wagesim::config {

std::optional<double> number_of_text(const std::string& text)
{
    double number = 0.0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

}  // namespace wagesim::config
