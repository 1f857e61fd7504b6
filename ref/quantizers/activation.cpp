// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Vector loops of Q_A. See the header.
#include "ref/quantizers/activation.hpp"

#include <algorithm>

#include "ref/kernels/multiversion.hpp"
#include "ref/quantizers/rounding.hpp"

namespace wagesim::ref {
namespace {

template <class Work, class Sum>
WAGESIM_MULTIVERSION void activate_in(int shift, Work limit, Work largest_unclipped, const Sum* sums, std::size_t n,
                                      std::int8_t* codes, std::uint8_t* flags)
{
    for (std::size_t i = 0; i < n; ++i) {
        const auto sum = static_cast<Work>(sums[i]);
        const Work rectified = sum > 0 ? sum : 0;
        const Work rounded = round_half_even(rectified, shift);
        codes[i] = static_cast<std::int8_t>(rounded > limit ? limit : rounded);
        flags[i] = static_cast<std::uint8_t>((sum > 0 ? kActive : 0) | (sum <= largest_unclipped ? kUnclipped : 0));
    }
}

}  // namespace

template <class Sum>
void activate(const ActivationRule& rule, const Sum* sums, std::size_t n, std::int8_t* codes, std::uint8_t* flags)
{
    const std::int64_t largest_unclipped = std::int64_t{rule.limit} << rule.shift;
    if (rounds_in_32_bits(rule.bound, rule.shift)) {
        const std::int64_t reachable = std::min<std::int64_t>(largest_unclipped, INT32_MAX);
        activate_in<std::int32_t>(rule.shift, rule.limit, static_cast<std::int32_t>(reachable), sums, n, codes, flags);
    } else {
        activate_in<std::int64_t>(rule.shift, rule.limit, largest_unclipped, sums, n, codes, flags);
    }
}

template void activate(const ActivationRule&, const std::int32_t*, std::size_t, std::int8_t*, std::uint8_t*);
template void activate(const ActivationRule&, const std::int64_t*, std::size_t, std::int8_t*, std::uint8_t*);

void input_codes(const std::array<std::int8_t, 256>& table, const std::uint8_t* bytes, std::size_t channels,
                 std::size_t pixels, std::int8_t* codes)
{
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t p = 0; p < pixels; ++p) codes[p * channels + c] = table[bytes[c * pixels + p]];
    }
}

}  // namespace wagesim::ref
