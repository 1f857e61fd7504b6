// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the quantize/update unit must answer, written from docs/numerics.md with wide integers and exact fractions, for
// comparison with the SystemVerilog. Not fast, and deliberately unrelated to ref/numerics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wagesim::test {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// The value of a fraction n / 2^s rounded to nearest, ties to even (numerics.md section 1), s of either sign.
[[nodiscard]] Int128 nearest_even(Int128 n, int s);
/// floor(n * 2^s), n >= 0, s of either sign.
[[nodiscard]] Int128 scaled_floor(Int128 n, int s);
[[nodiscard]] Int128 limited(Int128 n, Int128 limit);
/// 2^(k-1) - 1.
[[nodiscard]] Int128 largest(int width);
/// round(log2 m), -1 for 0.
[[nodiscard]] int rounded_log2(std::uint64_t m);
using RoundKeys = std::array<std::uint16_t, 22>;
/// Round keys of Speck32/64.
[[nodiscard]] RoundKeys expanded(std::uint64_t key);
/// Ciphertext x' * 2^16 + y' of Speck32/64.
[[nodiscard]] std::uint32_t speck(const RoundKeys& keys, std::uint32_t block);
/// 16-bit random word of an index (numerics.md section 8).
[[nodiscard]] std::uint16_t random_word(const RoundKeys& keys, std::uint64_t index);
[[nodiscard]] std::uint16_t random_word(std::uint64_t key, std::uint64_t index);

/// Registers that bursts obey.
struct Settings {
    int width_weight = 2;
    int width_activation = 8;
    int width_gradient = 8;
    int width_error = 8;
    int attenuation = 0;
    int log2_gamma = 0;
    int eta = 0;
    bool clip_to_weight_width = false;
    int exponent = -1;
    std::uint64_t index = 0;
    std::uint64_t key = 0;
    bool key_expanded = true;  ///< false after a reset: all round keys are 0
};

struct ActivationResult {
    std::int64_t code;
    std::uint8_t flags;
};
[[nodiscard]] ActivationResult expected_activation(const Settings& settings, std::int64_t accumulator);

[[nodiscard]] std::int64_t expected_error(const Settings& settings, std::int64_t error, std::uint8_t flags);

/// `position` counts from the burst's first weight.
[[nodiscard]] std::int64_t expected_step(const Settings& settings, std::int64_t gradient, std::uint64_t position);
/// Of a whole burst.
[[nodiscard]] std::vector<std::int64_t> expected_steps(const Settings& settings,
                                                       const std::vector<std::int64_t>& gradients);

struct RequantizeResult {
    std::int64_t stored;
    std::int64_t code;
};
[[nodiscard]] RequantizeResult expected_requantize(const Settings& settings, std::int64_t stored, std::int64_t step);

struct OutputErrorResult {
    std::vector<std::int64_t> errors;
    std::vector<std::uint16_t> classes;
    Uint128 loss = 0;
    std::uint64_t maximum = 0;
};
[[nodiscard]] OutputErrorResult expected_output_error(const Settings& settings,
                                                      const std::vector<std::int64_t>& accumulators,
                                                      const std::vector<std::uint16_t>& labels, std::size_t segment);

/// Cycles of a burst, from docs/modules/quantize_update.md. `mode` is the MODE register's value.
[[nodiscard]] std::uint64_t expected_cycles(int mode, std::size_t count, int lanes);

}  // namespace wagesim::test
