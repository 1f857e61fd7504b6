// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random words by position: Speck32/64 in counter mode (docs/numerics.md section 8). Normative. Stateless on purpose:
// a word is a function of (seed, domain, step, layer, index), never of who drew before.
#pragma once

#include <array>
#include <cstdint>

namespace wagesim::numerics {

/// What a random word is for.
enum class RandomDomain : std::uint64_t { rounding = 0, initialisation = 1, shuffling = 2, augmentation = 3 };

/// SplitMix64's output function after one increment, modulo 2^64.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t z) noexcept
{
    z += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

/// The 64-bit cipher key of one stream; step < 2^40, layer < 2^16.
[[nodiscard]] constexpr std::uint64_t stream_key(std::uint64_t seed, RandomDomain domain, std::uint64_t step,
                                                 std::uint64_t layer) noexcept
{
    return mix64(seed ^ mix64((static_cast<std::uint64_t>(domain) << 56U) | (step << 16U) | layer));
}

/// Speck32/64 with its key schedule expanded once.
class Speck32 {
public:
    static constexpr int kRounds = 22;

    explicit constexpr Speck32(std::uint64_t key) noexcept
    {
        std::array<std::uint16_t, kRounds + 2> l{};
        l[2] = static_cast<std::uint16_t>(key >> 48U);
        l[1] = static_cast<std::uint16_t>(key >> 32U);
        l[0] = static_cast<std::uint16_t>(key >> 16U);
        round_keys_[0] = static_cast<std::uint16_t>(key);
        for (unsigned i = 0; i + 1 < kRounds; ++i) {
            l[i + 3] = static_cast<std::uint16_t>((round_keys_[i] + rotate_right(l[i], 7)) ^ i);
            round_keys_[i + 1] = static_cast<std::uint16_t>(rotate_left(round_keys_[i], 2) ^ l[i + 3]);
        }
    }

    /// Ciphertext (x' << 16) | y' of the block (x << 16) | y.
    [[nodiscard]] constexpr std::uint32_t encrypt(std::uint32_t block) const noexcept
    {
        auto x = static_cast<std::uint16_t>(block >> 16U);
        auto y = static_cast<std::uint16_t>(block);
        for (const std::uint16_t k : round_keys_) {
            x = static_cast<std::uint16_t>((rotate_right(x, 7) + y) ^ k);
            y = static_cast<std::uint16_t>(rotate_left(y, 2) ^ x);
        }
        return (static_cast<std::uint32_t>(x) << 16U) | y;
    }

    /// 16-bit word i: block i >> 1, low half for even i, high half for odd i.
    [[nodiscard]] constexpr std::uint16_t word16(std::uint64_t i) const noexcept
    {
        const std::uint32_t cipher = encrypt(static_cast<std::uint32_t>(i >> 1U));
        return static_cast<std::uint16_t>((i & 1U) != 0 ? cipher >> 16U : cipher);
    }

    /// 32-bit word i: block i.
    [[nodiscard]] constexpr std::uint32_t word32(std::uint32_t i) const noexcept { return encrypt(i); }

    [[nodiscard]] constexpr const std::array<std::uint16_t, kRounds>& round_keys() const noexcept
    {
        return round_keys_;
    }

private:
    [[nodiscard]] static constexpr std::uint16_t rotate_right(std::uint16_t v, unsigned by) noexcept
    {
        return static_cast<std::uint16_t>((v >> by) | (v << (16U - by)));
    }
    [[nodiscard]] static constexpr std::uint16_t rotate_left(std::uint16_t v, unsigned by) noexcept
    {
        return static_cast<std::uint16_t>((v << by) | (v >> (16U - by)));
    }

    std::array<std::uint16_t, kRounds> round_keys_{};
};

/// (word * n) >> 32: an integer in 0..n-1.
[[nodiscard]] constexpr std::uint32_t bounded(std::uint32_t word, std::uint32_t n) noexcept
{
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(word) * n) >> 32U);
}

}  // namespace wagesim::numerics
