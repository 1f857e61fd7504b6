// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Operands for kernel tests: random ones from a printed seed, and adversarial ones that drive every partial sum to an
// end of its range.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace wagesim::test {

enum class Fill { random, highest, lowest, alternating };

inline constexpr Fill kFills[] = {Fill::random, Fill::highest, Fill::lowest, Fill::alternating};

/// Values in low..high; alternating changes sides every element.
template <class T>
std::vector<T> filled(std::size_t n, std::int64_t low, std::int64_t high, Fill fill, std::mt19937_64& engine)
{
    std::uniform_int_distribution<std::int64_t> value(low, high);
    std::vector<T> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        switch (fill) {
            case Fill::random: out[i] = static_cast<T>(value(engine)); break;
            case Fill::highest: out[i] = static_cast<T>(high); break;
            case Fill::lowest: out[i] = static_cast<T>(low); break;
            case Fill::alternating: out[i] = static_cast<T>(i % 2 == 0 ? high : low); break;
        }
    }
    return out;
}

inline std::size_t between(std::size_t low, std::size_t high, std::mt19937_64& engine)
{
    return std::uniform_int_distribution<std::size_t>(low, high)(engine);
}

}  // namespace wagesim::test
