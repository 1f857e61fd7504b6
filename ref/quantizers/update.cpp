// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Vector loops of the update. See the header.
#include "ref/quantizers/update.hpp"

#include <algorithm>
#include <type_traits>

#include "ref/kernels/multiversion.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/quantizers/rounding.hpp"

namespace wagesim::ref {
namespace {

/// n / 2^shift, half to even, for shift >= 0.
inline std::int32_t coarser(std::int32_t stored, int shift)
{
    return shift == 0 ? stored : round_half_even(stored, shift);
}

/// d of one gradient. `left` or `right` is 0. Where left > 0 the shifted size stays below 2^26 (|g| <= M).
template <class Gradient>
inline std::int32_t step_of(Gradient gradient, int left, int right, std::uint16_t word)
{
    using Size = std::make_unsigned_t<Gradient>;
    const Size size = gradient < 0 ? Size{0} - static_cast<Size>(gradient) : static_cast<Size>(gradient);
    const auto q = static_cast<std::uint32_t>((size << left) >> right);
    const auto step = static_cast<std::int32_t>((q >> 16U) + (word < (q & 0xFFFFU) ? 1U : 0U));
    return gradient < 0 ? -step : step;
}

template <class Gradient>
WAGESIM_MULTIVERSION void update_all(const UpdateRule& rule, const Gradient* gradients, const std::uint16_t* words,
                                     std::size_t n, std::int16_t* stored, std::int8_t* codes)
{
    constexpr int kLargestShift = 8 * static_cast<int>(sizeof(Gradient)) - 1;
    const int left = std::max(rule.shift, 0);
    const int right = std::min(std::max(-rule.shift, 0), kLargestShift);
    const std::int32_t stored_limit = rule.stored_limit;
    const std::int32_t code_limit = rule.code_limit;
    const int code_shift = rule.code_shift;
    for (std::size_t i = 0; i < n; ++i) {
        const std::int32_t step = step_of(gradients[i], left, right, words[i]);
        const std::int32_t next = limited(std::int32_t{stored[i]} - step, stored_limit);
        stored[i] = static_cast<std::int16_t>(next);
        codes[i] = static_cast<std::int8_t>(limited(coarser(next, code_shift), code_limit));
    }
}

template <class Gradient>
void list_steps(const UpdateRule& rule, const Gradient* gradients, const std::uint16_t* words, std::size_t n,
                std::int16_t* steps)
{
    constexpr int kLargestShift = 8 * static_cast<int>(sizeof(Gradient)) - 1;
    const int left = std::max(rule.shift, 0);
    const int right = std::min(std::max(-rule.shift, 0), kLargestShift);
    for (std::size_t i = 0; i < n; ++i) {
        steps[i] = static_cast<std::int16_t>(step_of(gradients[i], left, right, words[i]));
    }
}

WAGESIM_MULTIVERSION void code_all(const std::int16_t* stored, std::size_t n, int shift, std::int32_t limit,
                                   std::int8_t* codes)
{
    for (std::size_t i = 0; i < n; ++i) {
        codes[i] = static_cast<std::int8_t>(limited(coarser(stored[i], shift), limit));
    }
}

}  // namespace

UpdateRule update_rule(std::int64_t largest, int eta_exponent, const Widths& widths, WeightClip clip)
{
    UpdateRule rule;
    rule.shift = 16 + eta_exponent - numerics::exponent(static_cast<std::uint64_t>(largest));
    rule.stored_limit = static_cast<std::int32_t>(numerics::stored_weight_limit(widths, clip));
    rule.code_shift = widths.g - widths.w;
    rule.code_limit = static_cast<std::int32_t>(numerics::max_code(widths.w));
    return rule;
}

template <class Gradient>
void update_weights(const UpdateRule& rule, const Gradient* gradients, const std::uint16_t* words, std::size_t n,
                    std::int16_t* stored, std::int8_t* codes, std::int16_t* steps)
{
    if (steps != nullptr) list_steps(rule, gradients, words, n, steps);
    update_all(rule, gradients, words, n, stored, codes);
}

template void update_weights(const UpdateRule&, const std::int32_t*, const std::uint16_t*, std::size_t, std::int16_t*,
                             std::int8_t*, std::int16_t*);
template void update_weights(const UpdateRule&, const std::int64_t*, const std::uint16_t*, std::size_t, std::int16_t*,
                             std::int8_t*, std::int16_t*);

void weight_codes(const Widths& widths, const std::int16_t* stored, std::size_t n, std::int8_t* codes)
{
    code_all(stored, n, widths.g - widths.w, static_cast<std::int32_t>(numerics::max_code(widths.w)), codes);
}

}  // namespace wagesim::ref
