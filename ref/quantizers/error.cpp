// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Vector loops of Q_E. See the header.
#include "ref/quantizers/error.hpp"

#include <algorithm>
#include <type_traits>

#include "ref/kernels/multiversion.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/quantizers/activation.hpp"
#include "ref/quantizers/rounding.hpp"

namespace wagesim::ref {
namespace {

template <class Sum>
WAGESIM_MULTIVERSION Sum largest_of_all(const Sum* values, std::size_t n)
{
    Sum largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const Sum size = values[i] < 0 ? -values[i] : values[i];
        largest = size > largest ? size : largest;
    }
    return largest;
}

template <class Sum>
WAGESIM_MULTIVERSION Sum largest_unclipped(const Sum* values, const std::uint8_t* flags, std::size_t n)
{
    Sum largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const Sum size = values[i] < 0 ? -values[i] : values[i];
        const Sum counted = (flags[i] & kUnclipped) != 0 ? size : 0;
        largest = counted > largest ? counted : largest;
    }
    return largest;
}

/// shift >= 1.
template <class Work, class Sum, class Code>
WAGESIM_MULTIVERSION void shift_right(const Sum* errors, std::size_t n, int shift, Work limit, Code* codes)
{
    for (std::size_t i = 0; i < n; ++i) {
        codes[i] = static_cast<Code>(limited(round_half_even(static_cast<Work>(errors[i]), shift), limit));
    }
}

/// Exact left shift; magnitudes are limited first, so that nothing leaves Work.
template <class Work, class Sum, class Code>
WAGESIM_MULTIVERSION void shift_left(const Sum* errors, std::size_t n, int by, Work limit, Code* codes)
{
    for (std::size_t i = 0; i < n; ++i) {
        const Work held = limited(static_cast<Work>(errors[i]), limit);
        codes[i] = static_cast<Code>(limited(held * (Work{1} << by), limit));
    }
}

template <class Code>
WAGESIM_MULTIVERSION void mask(const std::uint8_t* flags, std::uint8_t required, std::size_t n, Code* codes)
{
    for (std::size_t i = 0; i < n; ++i) codes[i] = (flags[i] & required) == required ? codes[i] : Code{0};
}

}  // namespace

template <class Sum>
std::int64_t largest_magnitude(const Sum* values, const std::uint8_t* flags, std::size_t n)
{
    return flags == nullptr ? largest_of_all(values, n) : largest_unclipped(values, flags, n);
}

ErrorRule error_rule(std::int64_t largest, std::int64_t bound, int gamma_log2, int bits)
{
    ErrorRule rule;
    rule.limit = static_cast<std::int32_t>(numerics::max_code(bits));
    rule.largest = largest;
    rule.bound = bound;
    if (largest > 0) {
        rule.shift = numerics::exponent(static_cast<std::uint64_t>(largest)) - gamma_log2 - (bits - 1);
    }
    return rule;
}

template <class Sum, class Code>
void quantize_error(const ErrorRule& rule, const Sum* errors, const std::uint8_t* flags, std::uint8_t required,
                    std::size_t n, Code* codes)
{
    if (rule.largest == 0) {
        std::fill_n(codes, n, Code{0});
        return;
    }
    if (rule.shift < 1) {
        shift_left<std::int64_t>(errors, n, -rule.shift, rule.limit, codes);
    } else if (std::is_same_v<Sum, std::int32_t> && rounds_in_32_bits(rule.bound, rule.shift)) {
        shift_right<std::int32_t>(errors, n, rule.shift, rule.limit, codes);
    } else {
        shift_right<std::int64_t>(errors, n, rule.shift, rule.limit, codes);
    }
    if (flags != nullptr) mask(flags, required, n, codes);
}

#define WAGESIM_ERROR(Sum)                                                                                     \
    template std::int64_t largest_magnitude(const Sum*, const std::uint8_t*, std::size_t);                     \
    template void quantize_error(const ErrorRule&, const Sum*, const std::uint8_t*, std::uint8_t, std::size_t, \
                                 std::int8_t*);                                                                \
    template void quantize_error(const ErrorRule&, const Sum*, const std::uint8_t*, std::uint8_t, std::size_t, \
                                 std::int16_t*);
WAGESIM_ERROR(std::int32_t)
WAGESIM_ERROR(std::int64_t)
#undef WAGESIM_ERROR

}  // namespace wagesim::ref
