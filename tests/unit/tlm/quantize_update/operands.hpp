// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Operands that hurt: around every power of two and every tie, both signs, up to the ends of the type or of a lane, and
// random ones of every length. Fixed seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <type_traits>
#include <vector>

namespace wagesim::chip::testing {

/// |value| of at most 2^47 (int64) or 2^31 (int32); at least `count` of them.
template <class T>
[[nodiscard]] std::vector<T> operands(std::size_t count, std::uint64_t seed = 1)
{
    constexpr unsigned kBits = std::is_same_v<T, std::int32_t> ? 31 : 47;
    constexpr std::int64_t kLimit = std::int64_t{1} << kBits;
    std::vector<T> values = {0};
    const auto add = [&values](std::int64_t value) {
        if (value < kLimit) values.push_back(static_cast<T>(value));
        if (value <= kLimit) values.push_back(static_cast<T>(-value));
    };
    for (unsigned bit = 0; bit <= kBits; ++bit) {
        const std::int64_t power = std::int64_t{1} << bit;
        for (const std::int64_t odd : {1, 3, 5, 7}) {  // odd / 2 is a tie, to even and to odd
            for (const std::int64_t near : {-1, 0, 1}) add(odd * power + near);
        }
    }
    std::mt19937_64 random(seed);
    while (values.size() < count) {
        const unsigned length = 1 + static_cast<unsigned>(random() % kBits);
        add(static_cast<std::int64_t>(random() & ((std::uint64_t{1} << length) - 1)));
    }
    return values;
}

[[nodiscard]] inline std::vector<std::uint8_t> random_flags(std::size_t count, std::uint64_t seed = 2)
{
    std::mt19937_64 random(seed);
    std::vector<std::uint8_t> flags(count);
    for (std::uint8_t& each : flags) each = static_cast<std::uint8_t>(random() & 3U);
    return flags;
}

}  // namespace wagesim::chip::testing
