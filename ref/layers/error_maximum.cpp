// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/layers/error_maximum.hpp"

#include "ref/quantizers/error.hpp"

namespace wagesim::ref {

ErrorMaximum::ErrorMaximum(const std::uint8_t* flags, std::size_t outputs_of_sample, std::size_t outputs_of_row)
    : flags_(flags), sample_(outputs_of_sample), row_(outputs_of_row)
{
}

void ErrorMaximum::take(const SumStrip& errors)
{
    const std::uint8_t* flags = flags_ + errors.sample * sample_ + errors.first_row * row_;
    const std::int64_t largest = visit_accumulator(errors.type, [&](auto zero) {
        return largest_magnitude(errors.as<decltype(zero)>(), flags, errors.rows * row_);
    });
    std::int64_t before = largest_;
    while (largest > before && !largest_.compare_exchange_weak(before, largest)) {
    }
}

}  // namespace wagesim::ref
