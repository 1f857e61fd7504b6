// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Histograms against direct counts, in every element type.
#include "ref/record/histogram.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <random>

#include "ref/tensor/tensor.hpp"

namespace wagesim {
namespace {

template <class T>
class HistogramOf : public ::testing::Test {
};
using ElementTypes =
    ::testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::int64_t, double>;
TYPED_TEST_SUITE(HistogramOf, ElementTypes);

template <class T>
Tensor<T> random_tensor(std::int64_t low, std::int64_t high)
{
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::int64_t> values(low, high);
    Tensor<T> tensor({7, 5, 11, 3});
    for (T& value : tensor) value = static_cast<T>(values(random));
    return tensor;
}

TYPED_TEST(HistogramOf, CodesEqualsDirectCounts)
{
    const auto tensor = random_tensor<TypeParam>(std::is_unsigned_v<TypeParam> ? 0 : -100, 100);
    const Histogram histogram = histogram_of(tensor.view(), Axis::linear(60));
    ASSERT_EQ(histogram.bins.size(), 121U);
    for (std::int64_t code = -60; code <= 60; ++code) {
        const auto direct = std::count_if(tensor.begin(), tensor.end(), [&](TypeParam value) {
            return value == static_cast<TypeParam>(code) && (code >= 0 || std::is_signed_v<TypeParam>);
        });
        EXPECT_EQ(histogram.bins[static_cast<std::size_t>(code + 60)], static_cast<std::uint64_t>(direct)) << code;
    }
    const auto above = std::count_if(tensor.begin(), tensor.end(), [](TypeParam value) { return value > 60; });
    EXPECT_EQ(histogram.above, static_cast<std::uint64_t>(above));
    EXPECT_EQ(histogram.total(), tensor.size());
    EXPECT_EQ(histogram.zero, 0U);
}

TYPED_TEST(HistogramOf, MagnitudesEqualsDirectCounts)
{
    const auto tensor = random_tensor<TypeParam>(std::is_unsigned_v<TypeParam> ? 0 : -100, 100);
    const Axis axis = Axis::log2(4, 6);  // 4 <= |x| < 32
    const std::vector<double> edges = axis.edges();
    const Histogram histogram = histogram_of(tensor.view(), axis);
    const auto direct = [&](double low, double high) {
        return static_cast<std::uint64_t>(std::count_if(tensor.begin(), tensor.end(), [&](TypeParam value) {
            const double magnitude = std::abs(static_cast<double>(value));
            return magnitude >= low && magnitude < high;
        }));
    };
    for (std::size_t bin = 0; bin < axis.bins(); ++bin) {
        EXPECT_EQ(histogram.bins[bin], direct(edges[bin], edges[bin + 1])) << bin;
    }
    EXPECT_EQ(histogram.zero, direct(0.0, 0.5));
    EXPECT_EQ(histogram.below, direct(0.5, 4.0));
    EXPECT_EQ(histogram.above, direct(32.0, 1000.0));
    EXPECT_EQ(histogram.total(), tensor.size());
}

TEST(Histogram, CountsWhatIsNotKeptAsZero)
{
    Tensor<std::int32_t> tensor({6});
    const std::vector<std::int32_t> values = {0, 1, -1, 4, 5, 1 << 20};
    std::copy(values.begin(), values.end(), tensor.begin());
    const std::vector<std::uint8_t> keep = {1, 0, 1, 0, 1, 0};
    const Histogram log = histogram_of(tensor.view(), Axis::log2(0, 8), keep.data());
    EXPECT_EQ(log.zero, 4U);
    EXPECT_THAT(log.bins, ::testing::ElementsAre(1, 0, 0, 0, 1, 0, 0, 0));
    EXPECT_EQ(log.above, 0U);
    const Histogram linear = histogram_of(tensor.view(), Axis::linear(1), keep.data());
    EXPECT_THAT(linear.bins, ::testing::ElementsAre(1, 4, 0));
    EXPECT_EQ(linear.above, 1U);
    EXPECT_EQ(histogram_of(tensor.view(), Axis::linear(1)).above, 3U);
}

}  // namespace
}  // namespace wagesim
