// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The largest error of a layer, found in strips: wherever it lies, and whatever is larger but clipped.
#include "ref/layers/error_maximum.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "ref/quantizers/activation.hpp"

namespace wagesim::ref {
namespace {

constexpr std::size_t kMaximumSamples = 3;
constexpr std::size_t kMaximumRows = 5;
constexpr std::size_t kMaximumRow = 4;

template <class Sum>
void expect_found_anywhere(std::size_t rows_of_strip)
{
    for (std::size_t at = 0; at < kMaximumSamples * kMaximumRows * kMaximumRow; ++at) {
        std::vector<Sum> errors(kMaximumSamples * kMaximumRows * kMaximumRow, Sum{100});
        std::vector<std::uint8_t> flags(errors.size(), kActive);  // clipped, and so out of the question
        errors[at] = -7;
        flags[at] = kUnclipped;
        ErrorMaximum maximum(flags.data(), kMaximumRows * kMaximumRow, kMaximumRow);
        for (std::size_t sample = 0; sample < kMaximumSamples; ++sample) {
            for (std::size_t row = 0; row < kMaximumRows; row += rows_of_strip) {
                const std::size_t rows = row + rows_of_strip > kMaximumRows ? kMaximumRows - row : rows_of_strip;
                maximum.take(
                    {sample, row, rows, element_type_of<Sum>(), &errors[(sample * kMaximumRows + row) * kMaximumRow]});
            }
        }
        ASSERT_EQ(maximum.value(), 7) << "at " << at << ", strips of " << rows_of_strip;
        maximum.restart();
        ASSERT_EQ(maximum.value(), 0);
    }
}

TEST(ErrorMaximum, IsFoundWhereverItLies)
{
    for (const std::size_t rows : {std::size_t{1}, std::size_t{2}, std::size_t{3}, kMaximumRows}) {
        expect_found_anywhere<std::int32_t>(rows);
        expect_found_anywhere<std::int64_t>(rows);
    }
}

}  // namespace
}  // namespace wagesim::ref
