// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What devices draw: moments within five standard errors, and elementary functions against the C library's.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "tlm/crossbar/device/device_random.hpp"

namespace wagesim::chip {
namespace {

constexpr int kDraws = 200000;
constexpr double kDrawErrors = 5.0;

TEST(DeviceRandom, NormalNumbersHaveTheirMoments)
{
    double sum = 0.0, squares = 0.0, fourths = 0.0, neighbours = 0.0, last = 0.0;
    int beyond_two = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double x = normal(device_key(7, DeviceDraw::write, i));
        sum += x;
        squares += x * x;
        fourths += x * x * x * x;
        neighbours += x * last;
        last = x;
        beyond_two += std::abs(x) > 2.0 ? 1 : 0;
    }
    const double n = kDraws;
    EXPECT_NEAR(sum / n, 0.0, kDrawErrors / std::sqrt(n));
    EXPECT_NEAR(squares / n, 1.0, kDrawErrors * std::sqrt(2.0 / n));
    EXPECT_NEAR(fourths / n, 3.0, 0.02 + kDrawErrors * std::sqrt(96.0 / n));
    EXPECT_NEAR(neighbours / n, 0.0, kDrawErrors / std::sqrt(n));
    const double tail = std::erfc(std::sqrt(2.0));
    EXPECT_NEAR(beyond_two / n, tail, 2e-4 + kDrawErrors * std::sqrt(tail / n));
}

TEST(DeviceRandom, QuantilesAreThoseOfTheNormalDistribution)
{
    const NormalTable& table = NormalTable::get();
    for (std::size_t k = 0; k < NormalTable::kSize; ++k) {
        const double p = 0.5 * std::erfc(-table.quantile(k) / std::sqrt(2.0));
        ASSERT_NEAR(p, (static_cast<double>(k) + 0.5) / NormalTable::kSize, 1e-12) << k;
    }
}

TEST(DeviceRandom, LinesOfOneReadDrawApart)
{
    const NormalTable& table = NormalTable::get();
    double sum = 0.0, squares = 0.0, lines = 0.0, reads = 0.0, last = 0.0;
    std::array<double, 64> before{};
    for (std::uint64_t read = 0; read < kDraws / 64; ++read) {
        const std::uint64_t key = device_key(1, DeviceDraw::read, read);
        for (std::uint32_t line = 0; line < 64; ++line) {
            const std::uint32_t bits = line_bits(key, line);
            const double x = (table.quantile(bits & NormalTable::kMask) + table.quantile(bits >> 20U)) * table.scale();
            sum += x;
            squares += x * x;
            lines += x * last;
            reads += x * before[line];
            last = before[line] = x;
        }
    }
    const double n = kDraws / 64 * 64;
    EXPECT_NEAR(sum / n, 0.0, kDrawErrors / std::sqrt(n));
    EXPECT_NEAR(squares / n, 1.0, kDrawErrors * std::sqrt(2.0 / n));
    EXPECT_NEAR(lines / n, 0.0, kDrawErrors / std::sqrt(n));
    EXPECT_NEAR(reads / n, 0.0, kDrawErrors / std::sqrt(n));
}

TEST(DeviceRandom, UniformNumbersAreEven)
{
    std::array<int, 10> tenths{};
    for (int i = 0; i < kDraws; ++i) {
        ++tenths[static_cast<std::size_t>(10.0 * uniform(device_key(3, DeviceDraw::stuck, 0, i)))];
    }
    for (const int count : tenths) EXPECT_NEAR(count, kDraws / 10, kDrawErrors * std::sqrt(kDraws * 0.09));
}

TEST(DeviceRandom, ElementaryFunctions)
{
    for (double x = 0.0; x < 40.0; x += 0.037) EXPECT_NEAR(power_of_half(x) * std::exp2(x), 1.0, 1e-13) << x;
    EXPECT_EQ(power_of_half(0.0), 1.0);
    EXPECT_EQ(power_of_half(3.0), 0.125);
    for (double x = 1.0; x < 1e12; x *= 1.37) EXPECT_NEAR(logarithm_2(x), std::log2(x), 1e-13 * (1.0 + std::log2(x)));
}

}  // namespace
}  // namespace wagesim::chip
