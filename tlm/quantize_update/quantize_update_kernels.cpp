// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rounding works on magnitudes: rne is symmetric, and unsigned operands leave the carry of the half a bit to go to.
#include "tlm/quantize_update/quantize_update_kernels.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "ref/quantize_update/registers.hpp"
#include "tlm/common/vector_clones.hpp"

#define WAGESIM_INLINE [[gnu::always_inline]] inline
// Element i of the output depends on element i of the inputs alone, also where both are one array.
#if defined(__clang__)
#define WAGESIM_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define WAGESIM_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace wagesim::chip::kernels {
namespace {

/// Bits of an operand: those of its type, and never more than a lane has.
template <class T>
constexpr int kOperandBits = std::is_same_v<T, std::int32_t> ? 32 : kQuantizeUpdateOperandBits;

/// As a lane takes it: modulo 2^48, sign from bit 47.
template <class T>
WAGESIM_INLINE T operand(T value)
{
    if constexpr (std::is_same_v<T, std::int32_t>) return value;
    constexpr unsigned kUnused = 8 * sizeof(T) - static_cast<unsigned>(kOperandBits<T>);
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(value) << kUnused) >> kUnused;
}

template <class T>
WAGESIM_INLINE std::make_unsigned_t<T> magnitude_of(T value)
{
    using U = std::make_unsigned_t<T>;
    return value < 0 ? U{0} - static_cast<U>(value) : static_cast<U>(value);
}

/// rne(u, shift) for 0 <= shift < bits of an operand; odd_mask is 1, or 0 where nothing is rounded (shift 0).
template <class U>
struct Rounding {
    unsigned shift;
    U below_half;
    U odd_mask;

    explicit Rounding(int by)
        : shift(static_cast<unsigned>(by)), below_half(by > 0 ? (U{1} << (by - 1)) - 1 : 0), odd_mask(by > 0 ? 1 : 0)
    {
    }
    WAGESIM_INLINE U operator()(U u) const { return (u + below_half + ((u >> shift) & odd_mask)) >> shift; }
};

template <class T>
WAGESIM_INLINE void activation_loop(const T* acc, std::size_t count, const ActivationParameters& p, std::int8_t* codes,
                                    std::uint8_t* flags)
{
    using U = std::make_unsigned_t<T>;
    const auto limit = static_cast<U>(p.limit);
    // A positive operand is below 2^(bits-1): from shift = bits on its code is 0 and nothing is clipped, as for this.
    const bool vanishes = p.shift >= kOperandBits<T>;
    const Rounding<U> round(vanishes ? kOperandBits<T> - 1 : p.shift);
    const T code_mask = vanishes ? T{0} : T{-1};
    const std::int64_t bound = p.shift >= 48 ? INT64_MAX : std::int64_t{p.limit} << p.shift;
    const T threshold =
        bound > std::int64_t{std::numeric_limits<T>::max()} ? std::numeric_limits<T>::max() : static_cast<T>(bound);
    WAGESIM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const T value = operand(acc[i]);
        const U rectified = static_cast<U>(value > 0 ? value : T{0}) & static_cast<U>(code_mask);
        codes[i] = static_cast<std::int8_t>(std::min(round(rectified), limit));
        flags[i] = static_cast<std::uint8_t>((value > 0 ? kFlagActive : 0) | (value <= threshold ? kFlagUnclipped : 0));
    }
}

template <class T>
WAGESIM_INLINE std::uint64_t abs_max_loop(const T* e, const std::uint8_t* flags, std::size_t count)
{
    std::make_unsigned_t<T> maximum = 0;
    if (flags == nullptr) {
        for (std::size_t i = 0; i < count; ++i) maximum = std::max(maximum, magnitude_of(operand(e[i])));
    } else {
        // A mask instead of a choice: the compiler makes no vectors of a choice inside a reduction.
        static_assert(kFlagUnclipped == 2);
        for (std::size_t i = 0; i < count; ++i) {
            const auto mask = static_cast<T>(-static_cast<T>((flags[i] >> 1U) & 1U));
            maximum = std::max(maximum, magnitude_of(static_cast<T>(operand(e[i]) & mask)));
        }
    }
    return maximum;
}

/// codes[i] = sign(e[i]) * quantized(|e[i]|).
template <bool kFlags, class T, class Code, class Quantized>
WAGESIM_INLINE void error_loop(const T* e, const std::uint8_t* flags, std::size_t count, Code* codes,
                               Quantized quantized)
{
    WAGESIM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        T value = operand(e[i]);
        if constexpr (kFlags) value = (flags[i] & kFlagUnclipped) != 0 ? value : T{0};
        const auto size = static_cast<T>(quantized(magnitude_of(value)));
        codes[i] = static_cast<Code>(value < 0 ? -size : size);
    }
}

template <class T, class Code, class Quantized>
WAGESIM_INLINE void error_loops(const T* e, const std::uint8_t* flags, std::size_t count, Code* codes,
                                Quantized quantized)
{
    if (flags == nullptr)
        error_loop<false>(e, flags, count, codes, quantized);
    else
        error_loop<true>(e, flags, count, codes, quantized);
}

template <class T, class Code>
WAGESIM_INLINE void error_any(const T* e, const std::uint8_t* flags, std::size_t count, const ErrorParameters& p,
                              Code* codes)
{
    using U = std::make_unsigned_t<T>;
    const auto limit = static_cast<U>(p.limit);
    if (p.shift >= kOperandBits<T>) {  // |e| <= 2^(bits-1) is at most a half, and that rounds to even
        std::fill_n(codes, count, Code{0});
        return;
    }
    if (p.shift >= 0) {
        const Rounding<U> round(p.shift);
        error_loops(e, flags, count, codes, [=](U u) { return std::min(round(u), limit); });
        return;
    }
    // Whatever exceeds limit >> left saturates. The limit has at most 15 bits, so that from 16 on all but 0 does.
    const unsigned left = static_cast<unsigned>(std::min(-p.shift, 16));
    const U beyond = (limit >> left) + 1;
    error_loops(e, flags, count, codes, [=](U u) { return std::min(std::min(u, beyond) << left, limit); });
}

/// Words of 2 * kBlocks consecutive indices.
constexpr std::size_t kBlocks = 256;

WAGESIM_INLINE void speck_words(const std::array<std::uint16_t, numerics::Speck32::kRounds>& keys, std::uint32_t block,
                                std::uint16_t* words)
{
    std::array<std::uint16_t, kBlocks> x;
    std::array<std::uint16_t, kBlocks> y;
    for (std::uint32_t i = 0; i < kBlocks; ++i) {
        x[i] = static_cast<std::uint16_t>((block + i) >> 16U);
        y[i] = static_cast<std::uint16_t>(block + i);
    }
    for (const std::uint16_t key : keys) {
        for (std::size_t i = 0; i < kBlocks; ++i) {
            const auto rotated = static_cast<std::uint16_t>((x[i] >> 7U) | (x[i] << 9U));
            x[i] = static_cast<std::uint16_t>(static_cast<std::uint16_t>(rotated + y[i]) ^ key);
            y[i] = static_cast<std::uint16_t>(static_cast<std::uint16_t>((y[i] << 2U) | (y[i] >> 14U)) ^ x[i]);
        }
    }
    for (std::size_t i = 0; i < kBlocks; ++i) {
        words[2 * i] = y[i];
        words[2 * i + 1] = x[i];
    }
}

/// I = 32767, Fr = 0: what every larger quotient saturates to, so quotients may stop here.
constexpr std::uint32_t kQuotientLimit = 0x7FFF0000U;

template <class T, class Quotient>
WAGESIM_INLINE void step_loop(const T* gradients, const std::uint16_t* words, std::size_t count, std::int16_t* steps,
                              Quotient quotient)
{
    WAGESIM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const T gradient = operand(gradients[i]);
        const auto q = static_cast<std::uint32_t>(quotient(magnitude_of(gradient)));
        const auto step = static_cast<std::int32_t>((q >> 16U) + (words[i] < (q & 0xFFFFU) ? 1U : 0U));
        steps[i] = static_cast<std::int16_t>(gradient < 0 ? -step : step);
    }
}

template <class T>
WAGESIM_INLINE void update_any(const T* gradients, std::size_t count, const UpdateParameters& p, std::int16_t* steps)
{
    using U = std::make_unsigned_t<T>;
    if (p.shift <= -kOperandBits<T>) {  // nothing is left of |g| <= 2^(bits-1)
        std::fill_n(steps, count, std::int16_t{0});
        return;
    }
    // From 31 on every magnitude but 0 saturates.
    const unsigned left = p.shift > 0 ? static_cast<unsigned>(std::min(p.shift, 31)) : 0U;
    const unsigned right = p.shift < 0 ? static_cast<unsigned>(-p.shift) : 0U;
    const U beyond = (U{kQuotientLimit} >> left) + 1;
    const auto quotient = [=](U size) { return std::min(std::min(size >> right, beyond) << left, U{kQuotientLimit}); };
    std::array<std::uint16_t, 2 * kBlocks> words;
    for (std::size_t done = 0; done < count; done += words.size()) {
        speck_words(p.round_keys, static_cast<std::uint32_t>((p.first_index + done) >> 1U), words.data());
        step_loop(gradients + done, words.data(), std::min(count - done, words.size()), steps + done, quotient);
    }
}

template <bool kSteps>
WAGESIM_INLINE void requantize_loop(const std::int16_t* stored, const std::int16_t* steps, std::size_t count,
                                    const RequantizeParameters& p, std::int16_t* next, std::int8_t* codes)
{
    const auto shift = static_cast<unsigned>(p.shift);
    const std::int32_t below_half = p.shift > 0 ? (1 << (p.shift - 1)) - 1 : 0;
    const std::int32_t odd_mask = p.shift > 0 ? 1 : 0;
    WAGESIM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t step = kSteps ? steps[i] : 0;
        const std::int32_t n = std::clamp(stored[i] - step, -p.stored_limit, p.stored_limit);
        const std::int32_t rounded = (n + below_half + ((n >> shift) & odd_mask)) >> shift;
        next[i] = static_cast<std::int16_t>(n);
        codes[i] = static_cast<std::int8_t>(std::clamp(rounded, -p.code_limit, p.code_limit));
    }
}

}  // namespace

WAGESIM_VECTOR_CLONES void activation(const std::int32_t* acc, std::size_t count, const ActivationParameters& p,
                                      std::int8_t* codes, std::uint8_t* flags)
{
    activation_loop(acc, count, p, codes, flags);
}

WAGESIM_VECTOR_CLONES void activation(const std::int64_t* acc, std::size_t count, const ActivationParameters& p,
                                      std::int8_t* codes, std::uint8_t* flags)
{
    activation_loop(acc, count, p, codes, flags);
}

WAGESIM_VECTOR_CLONES std::uint64_t abs_max(const std::int32_t* e, const std::uint8_t* flags, std::size_t count)
{
    return abs_max_loop(e, flags, count);
}

WAGESIM_VECTOR_CLONES std::uint64_t abs_max(const std::int64_t* e, const std::uint8_t* flags, std::size_t count)
{
    return abs_max_loop(e, flags, count);
}

WAGESIM_VECTOR_CLONES void error(const std::int32_t* e, const std::uint8_t* flags, std::size_t count,
                                 const ErrorParameters& p, std::int8_t* codes)
{
    error_any(e, flags, count, p, codes);
}

WAGESIM_VECTOR_CLONES void error(const std::int32_t* e, const std::uint8_t* flags, std::size_t count,
                                 const ErrorParameters& p, std::int16_t* codes)
{
    error_any(e, flags, count, p, codes);
}

WAGESIM_VECTOR_CLONES void error(const std::int64_t* e, const std::uint8_t* flags, std::size_t count,
                                 const ErrorParameters& p, std::int8_t* codes)
{
    error_any(e, flags, count, p, codes);
}

WAGESIM_VECTOR_CLONES void error(const std::int64_t* e, const std::uint8_t* flags, std::size_t count,
                                 const ErrorParameters& p, std::int16_t* codes)
{
    error_any(e, flags, count, p, codes);
}

WAGESIM_VECTOR_CLONES void update(const std::int32_t* gradients, std::size_t count, const UpdateParameters& p,
                                  std::int16_t* steps)
{
    update_any(gradients, count, p, steps);
}

WAGESIM_VECTOR_CLONES void update(const std::int64_t* gradients, std::size_t count, const UpdateParameters& p,
                                  std::int16_t* steps)
{
    update_any(gradients, count, p, steps);
}

WAGESIM_VECTOR_CLONES void requantize(const std::int16_t* stored, const std::int16_t* steps, std::size_t count,
                                      const RequantizeParameters& p, std::int16_t* next, std::int8_t* codes)
{
    if (steps == nullptr)
        requantize_loop<false>(stored, steps, count, p, next, codes);
    else
        requantize_loop<true>(stored, steps, count, p, next, codes);
}

}  // namespace wagesim::chip::kernels
