// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random numbers of devices by place and event: functions of keys, never of who drew before, so that threads, blocks
// and the order of commands do not show. Beside std::sqrt only basic operations, which IEEE 754 fixes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ref/numerics/random_words.hpp"

namespace wagesim::chip {

/// What a number is drawn for.
enum class DeviceDraw : std::uint64_t { stuck = 1, write = 2, drift = 3, adc_offset = 4, adc_gain = 5, read = 6 };

/// Key of one thing: (seed, draw) and where, what or when it is. mix64 is ref/numerics'.
template <class... Words>
[[nodiscard]] constexpr std::uint64_t device_key(std::uint64_t seed, DeviceDraw draw, Words... words) noexcept
{
    std::uint64_t key = numerics::mix64(seed ^ numerics::mix64(static_cast<std::uint64_t>(draw)));
    ((key = numerics::mix64(key ^ static_cast<std::uint64_t>(words))), ...);
    return key;
}

/// Uniform in [0, 1), 53 bits of the key.
[[nodiscard]] constexpr double uniform(std::uint64_t key) noexcept
{
    constexpr double kUnit = 1.0 / 9007199254740992.0;
    return static_cast<double>(key >> 11U) * kUnit;
}

/// Quantiles of the standard normal distribution at (k + 1/2) / 4096. The sum of two of them, scaled to variance 1, is
/// what is drawn: it reaches 5.2 standard deviations.
class NormalTable {
public:
    static constexpr std::size_t kSize = 4096;
    static constexpr std::uint32_t kMask = kSize - 1;

    [[nodiscard]] static const NormalTable& get();

    [[nodiscard]] double quantile(std::size_t k) const noexcept { return quantiles_[k]; }
    /// What a sum of two quantiles is multiplied by.
    [[nodiscard]] double scale() const noexcept { return scale_; }

private:
    NormalTable();
    std::array<double, kSize> quantiles_{};
    double scale_ = 1.0;
};

/// Standard normal, from 24 bits of the key.
[[nodiscard]] double normal(std::uint64_t key) noexcept;

/// The 32 random bits of a conversion: a key of the read and the index of the line. The vector kernel has the same.
[[nodiscard]] constexpr std::uint32_t line_bits(std::uint64_t key, std::uint32_t line) noexcept
{
    std::uint32_t h = line * 0x9E3779B1U + static_cast<std::uint32_t>(key);
    h ^= h >> 16U;
    h *= 0x7FEB352DU;
    h ^= h >> 15U;
    h += static_cast<std::uint32_t>(key >> 32U);
    h *= 0x846CA68BU;
    h ^= h >> 16U;
    return h;
}

/// 2^-x for x >= 0, and log2(x) for x >= 1, with errors below 2^-48: the C library's may differ from machine to
/// machine.
[[nodiscard]] double power_of_half(double x) noexcept;
[[nodiscard]] double logarithm_2(double x) noexcept;

}  // namespace wagesim::chip
