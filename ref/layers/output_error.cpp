// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/layers/output_error.hpp"

#include <algorithm>
#include <cmath>

namespace wagesim::ref {

void predict_classes(const Buffer& sums, std::size_t samples, std::size_t classes, std::uint16_t* predictions)
{
    visit_accumulator(sums.type(), [&](auto zero) {
        const auto* row = sums.as<decltype(zero)>();
        for (std::size_t n = 0; n < samples; ++n, row += classes) {
            // max_element returns the first of equals.
            predictions[n] = static_cast<std::uint16_t>(std::max_element(row, row + classes) - row);
        }
    });
}

Uint128 output_error(const Buffer& sums, const std::uint16_t* labels, std::size_t samples, std::size_t classes,
                     int scale, Buffer& errors)
{
    Uint128 squares = 0;
    visit_accumulator(sums.type(), [&](auto sum) {
        visit_accumulator(errors.type(), [&](auto error) {
            using Error = decltype(error);
            const auto* from = sums.as<decltype(sum)>();
            Error* to = errors.as<Error>();
            for (std::size_t i = 0; i < samples * classes; ++i) {
                const std::int64_t target = i % classes == labels[i / classes] ? std::int64_t{1} << scale : 0;
                const std::int64_t e = from[i] - target;
                to[i] = static_cast<Error>(e);
                const auto size = static_cast<Uint128>(e < 0 ? -e : e);
                squares += size * size;
            }
        });
    });
    return squares;
}

double loss_of(Uint128 squares, int scale)
{
    return std::ldexp(static_cast<double>(squares), -(2 * scale + 1));
}

void quantize_output_error(const ErrorRule& rule, const Buffer& errors, std::size_t n, Buffer& codes)
{
    visit_accumulator(errors.type(), [&](auto sum) {
        const auto* from = errors.as<decltype(sum)>();
        if (codes.type() == ElementType::int8)
            quantize_error(rule, from, nullptr, 0, n, codes.as<std::int8_t>());
        else
            quantize_error(rule, from, nullptr, 0, n, codes.as<std::int16_t>());
    });
}

std::int64_t largest_of(const Buffer& values, std::size_t n)
{
    constexpr std::size_t kRun = 16384;
    return visit_accumulator(values.type(), [&](auto zero) {
        const auto* all = values.as<decltype(zero)>();
        std::int64_t largest = 0;
#pragma omp parallel for schedule(static) reduction(max : largest)
        for (std::size_t first = 0; first < n; first += kRun) {
            largest = std::max(largest, largest_magnitude(all + first, nullptr, std::min(kRun, n - first)));
        }
        return largest;
    });
}

}  // namespace wagesim::ref
