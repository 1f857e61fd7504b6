// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Energies as exact integers. Joules are for print.
#pragma once

namespace wagesim::chip {

__extension__ using Attojoules = __int128;  // ISO C++17 has no such type

/// The nearest double: what is printed.
[[nodiscard]] constexpr double joules(Attojoules energy) noexcept
{
    return static_cast<double>(energy) * 1e-18;
}

}  // namespace wagesim::chip
