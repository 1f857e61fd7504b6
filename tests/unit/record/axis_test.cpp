// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every value's bin against the bin's own edges.
#include "ref/record/axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ref/numerics/integer.hpp"

namespace wagesim {
namespace {

std::size_t bin_of(const Axis& axis, std::int64_t value)
{
    const std::ptrdiff_t position = axis.position(value);
    EXPECT_GE(position, 0) << value;
    EXPECT_LT(position, static_cast<std::ptrdiff_t>(axis.bins())) << value;
    return static_cast<std::size_t>(position);
}

TEST(LinearAxis, HasABinForEachCodeUpToEightBits)
{
    for (int bits = 2; bits <= 8; ++bits) {
        const std::int64_t limit = numerics::max_code(bits);
        const Axis axis = Axis::linear(limit);
        ASSERT_EQ(axis.bins(), static_cast<std::size_t>(2 * limit + 1));
        for (std::int64_t code = -limit; code <= limit; ++code) {
            EXPECT_EQ(bin_of(axis, code), static_cast<std::size_t>(code + limit));
        }
        EXPECT_EQ(axis.position(-limit - 1), -1);
        EXPECT_EQ(axis.position(limit + 1), static_cast<std::ptrdiff_t>(axis.bins()));
    }
}

TEST(LinearAxis, GroupsWiderCodesAroundZeroInAtMost257Bins)
{
    for (const std::int64_t limit : {std::int64_t{129}, numerics::max_code(9), numerics::max_code(12),
                                     numerics::max_code(16), std::int64_t{363}}) {
        const Axis axis = Axis::linear(limit);
        const std::vector<double> edges = axis.edges();
        ASSERT_EQ(edges.size(), axis.bins() + 1);
        EXPECT_LE(axis.bins(), 257U);
        EXPECT_GE(axis.bins(), 129U);
        EXPECT_EQ(bin_of(axis, 0), axis.bins() / 2);
        for (std::int64_t value = -limit; value <= limit; ++value) {
            const std::size_t bin = bin_of(axis, value);
            EXPECT_LE(edges[bin], static_cast<double>(value));
            EXPECT_LT(static_cast<double>(value), edges[bin + 1]);
        }
    }
}

TEST(LinearAxis, OfLimitZeroHasOneBin)
{
    const Axis axis = Axis::linear(0);
    EXPECT_EQ(axis.bins(), 1U);
    EXPECT_EQ(axis.position(std::int64_t{0}), 0);
    EXPECT_EQ(axis.position(std::int64_t{1}), 1);
    EXPECT_EQ(axis.position(std::int64_t{-1}), -1);
}

TEST(Log2Axis, BinsAreHalfOctavesOfTheMagnitude)
{
    const Axis axis = Axis::log2(0, 126);
    const std::vector<double> edges = axis.edges();
    EXPECT_EQ(edges.front(), 1.0);
    EXPECT_EQ(edges[20], 1024.0);
    for (std::int64_t value = 1; value <= 100000; ++value) {
        const std::size_t bin = bin_of(axis, value);
        EXPECT_LE(edges[bin], static_cast<double>(value));
        EXPECT_LT(static_cast<double>(value), edges[bin + 1]);
        EXPECT_EQ(bin_of(axis, -value), bin);
        EXPECT_EQ((static_cast<int>(bin) + 1) / 2, numerics::exponent(static_cast<std::uint64_t>(value)));
    }
    EXPECT_EQ(bin_of(axis, std::numeric_limits<std::int64_t>::max()), 125U);
    EXPECT_EQ(bin_of(axis, std::int64_t{1} << 62), 124U);
}

TEST(Log2Axis, KnowsWhatIsBelowAndAbove)
{
    const Axis axis = Axis::log2(4, 3);  // 4 <= |x| < 2^3.5
    EXPECT_EQ(axis.position(std::int64_t{3}), -1);
    EXPECT_EQ(axis.position(std::int64_t{-4}), 0);
    EXPECT_EQ(axis.position(std::int64_t{6}), 1);
    EXPECT_EQ(axis.position(std::int64_t{11}), 2);
    EXPECT_EQ(axis.position(std::int64_t{12}), 3);
}

TEST(BothAxes, TakeRealNumbersAsTheyTakeIntegers)
{
    for (const Axis& axis : {Axis::linear(127), Axis::linear(32767), Axis::log2(0, 40), Axis::log2(-20, 30)}) {
        for (std::int64_t value = 1; value <= 40000; value += 7) {
            EXPECT_EQ(axis.position(static_cast<double>(value)), axis.position(value)) << value;
            EXPECT_EQ(axis.position(static_cast<double>(-value)), axis.position(-value)) << -value;
        }
    }
    const Axis small = Axis::log2(-20, 20);
    EXPECT_EQ(small.position(std::ldexp(1.0, -10)), 0);
    EXPECT_EQ(small.position(std::ldexp(1.5, -1)), 19);
    EXPECT_EQ(small.position(std::ldexp(1.0, -11)), -1);
    EXPECT_EQ(small.position(1.0), 20);
}

TEST(BothAxes, PutWhatIsNoFiniteNumberAboveOrBelow)
{
    const double infinity = std::numeric_limits<double>::infinity();
    for (const Axis& axis : {Axis::linear(127), Axis::log2(0, 40)}) {
        const auto above = static_cast<std::ptrdiff_t>(axis.bins());
        EXPECT_EQ(axis.position(infinity), above);
        EXPECT_EQ(axis.position(std::nan("")), above);
        EXPECT_EQ(axis.position(1e300), above);
    }
    EXPECT_EQ(Axis::linear(127).position(-infinity), -1);
    EXPECT_EQ(Axis::log2(0, 40).position(-infinity), 40);
}

}  // namespace
}  // namespace wagesim
