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

/// No lambda, because clang 14 loses what a parallel region in a generic lambda captures.
template <class Sum, class Error>
void batch_errors(const Sum* sums, const std::uint16_t* labels, std::size_t classes, int scale,
                  std::vector<Wide128>& losses, Error* errors)
{
    std::vector<std::uint64_t> shares(losses.size() * classes);
    TeamFailure failure;
#pragma omp parallel for schedule(static)
    for (std::size_t n = 0; n < losses.size(); ++n) {
        const std::size_t at = n * classes;
        failure.guard(
            [&] { losses[n] = sample_error(sums + at, labels[n], classes, scale, shares.data() + at, errors + at); });
    }
    failure.rethrow();
}

}  // namespace

Wide128 softmax_error(const Buffer& sums, const std::uint16_t* labels, std::size_t samples, std::size_t classes,
                      int scale, Buffer& errors)
{
    std::vector<Wide128> losses(samples);
    visit_accumulator(sums.type(), [&](auto sum) {
        visit_accumulator(errors.type(), [&](auto error) {
            batch_errors(sums.as<decltype(sum)>(), labels, classes, scale, losses, errors.as<decltype(error)>());
        });
    });
    Wide128 total = 0;
    for (const Wide128 loss : losses) total += loss;
    return total;
}

double softmax_loss(Wide128 exact)
{
    return std::ldexp(static_cast<double>(exact), -numerics::kLossBits);
}

}  // namespace wagesim::ref
