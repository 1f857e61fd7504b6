// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit's streams as fast loops over arrays: what a lane does, for many elements at once. Exactly numerics.md for
// every operand of up to 48 bits; an int64 outside is taken modulo 2^48. No registers, no cycles, no memory map.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ref/numerics/random_words.hpp"

namespace wagesim::chip::kernels {

struct ActivationParameters {
    int shift;           ///< S = (kW-1) + sA, at least 1
    std::int32_t limit;  ///< N(kA)
};
/// codes[i] = clip(rne(max(acc[i], 0), S), N(kA)); flags[i]: kFlagActive, kFlagUnclipped. Section 5.
void activation(const std::int32_t* acc, std::size_t count, const ActivationParameters& p, std::int8_t* codes,
                std::uint8_t* flags);
void activation(const std::int64_t* acc, std::size_t count, const ActivationParameters& p, std::int8_t* codes,
                std::uint8_t* flags);

/// max |e[i]|; with `flags`, over the elements that have kFlagUnclipped. 0 for none.
[[nodiscard]] std::uint64_t abs_max(const std::int32_t* e, const std::uint8_t* flags, std::size_t count);
[[nodiscard]] std::uint64_t abs_max(const std::int64_t* e, const std::uint8_t* flags, std::size_t count);

struct ErrorParameters {
    int shift;           ///< t - (kE-1), either sign
    std::int32_t limit;  ///< N(kE)
};
/// codes[i] = clip(rne(e[i], shift), N(kE)), 0 where `flags` are there and lack kFlagUnclipped (Eq. 9).
void error(const std::int32_t* e, const std::uint8_t* flags, std::size_t count, const ErrorParameters& p,
           std::int8_t* codes);
void error(const std::int32_t* e, const std::uint8_t* flags, std::size_t count, const ErrorParameters& p,
           std::int16_t* codes);
void error(const std::int64_t* e, const std::uint8_t* flags, std::size_t count, const ErrorParameters& p,
           std::int8_t* codes);
void error(const std::int64_t* e, const std::uint8_t* flags, std::size_t count, const ErrorParameters& p,
           std::int16_t* codes);

struct UpdateParameters {
    std::array<std::uint16_t, numerics::Speck32::kRounds> round_keys;
    std::uint64_t first_index;  ///< even; of the first gradient
    int shift;                  ///< 16 + h - exponent(M), either sign
};
/// steps[i] = sgn(g[i]) * min(I + (r < Fr), 32767) (Eq. 10, 11; section 7).
void update(const std::int32_t* gradients, std::size_t count, const UpdateParameters& p, std::int16_t* steps);
void update(const std::int64_t* gradients, std::size_t count, const UpdateParameters& p, std::int16_t* steps);

struct RequantizeParameters {
    std::int32_t stored_limit;  ///< Nw
    int shift;                  ///< kG - kW
    std::int32_t code_limit;    ///< N(kW)
};
/// next[i] = clip(stored[i] - steps[i], Nw), codes[i] = clip(rne(next[i], kG - kW), N(kW)) (Eq. 12, 6). `steps` may be
/// absent (0), `next` may be `stored`.
void requantize(const std::int16_t* stored, const std::int16_t* steps, std::size_t count, const RequantizeParameters& p,
                std::int16_t* next, std::int8_t* codes);

}  // namespace wagesim::chip::kernels
