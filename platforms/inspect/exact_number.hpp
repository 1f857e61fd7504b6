// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// 128-bit integers in decimal: the standard library prints none.
#pragma once

#include <string>

#include "tlm/energy/attojoules.hpp"

namespace wagesim::inspect {

/// "12345678901234567890123"; energy >= 0.
[[nodiscard]] inline std::string exact_text(chip::Attojoules energy)
{
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(energy % 10)));
        energy /= 10;
    } while (energy > 0);
    return digits;
}

/// "1234567" -> "1,234,567".
[[nodiscard]] inline std::string grouped_digits(std::string digits)
{
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

}  // namespace wagesim::inspect
