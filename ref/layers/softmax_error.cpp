// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/layers/softmax_error.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ref/kernels/team_failure.hpp"

namespace wagesim::ref {
namespace {

using numerics::Wide128;

/// One sample. Returns its loss in units of 2^-40.
template <class Sum, class Error>
Wide128 sample_error(const Sum* sums, std::size_t label, std::size_t classes, int scale, std::uint64_t* shares,
                     Error* errors)
{
    const std::int64_t largest = *std::max_element(sums, sums + classes);
    std::uint64_t total = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        shares[c] = numerics::exponential_share(static_cast<std::uint64_t>(largest - sums[c]), scale);
        total += shares[c];
    }
    for (std::size_t c = 0; c < classes; ++c) {
        const std::int64_t p = numerics::round_half_even_quotient(shares[c] << kSoftmaxErrorBits, total);
        errors[c] = static_cast<Error>(p - (c == label ? std::int64_t{1} << kSoftmaxErrorBits : 0));
    }
    const auto distance = static_cast<Wide128>(largest - sums[label]);
    return numerics::logarithm_of_shares(total) + (distance << static_cast<unsigned>(numerics::kLossBits - scale));
}

}  // namespace

Wide128 softmax_error(const Buffer& sums, const std::uint16_t* labels, std::size_t samples, std::size_t classes,
                      int scale, Buffer& errors)
{
    std::vector<Wide128> losses(samples);
    std::vector<std::uint64_t> shares(samples * classes);
    TeamFailure failure;
    visit_accumulator(sums.type(), [&](auto sum) {
        visit_accumulator(errors.type(), [&](auto error) {
            const auto* from = sums.as<decltype(sum)>();
            auto* to = errors.as<decltype(error)>();
#pragma omp parallel for schedule(static)
            for (std::size_t n = 0; n < samples; ++n) {
                const std::size_t at = n * classes;
                failure.guard([&] {
                    losses[n] = sample_error(from + at, labels[n], classes, scale, shares.data() + at, to + at);
                });
            }
        });
    });
    failure.rethrow();
    Wide128 total = 0;
    for (const Wide128 loss : losses) total += loss;
    return total;
}

double softmax_loss(Wide128 exact)
{
    return std::ldexp(static_cast<double>(exact), -numerics::kLossBits);
}

}  // namespace wagesim::ref
