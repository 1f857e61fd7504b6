// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tables and elementary functions. See the header.
#include "tlm/crossbar/device/device_random.hpp"

#include <cmath>

namespace wagesim::chip {
namespace {

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kSqrtTwoPi = 2.50662827463100050242;

/// e^-x for 0 <= x < 64, by its series at x / 64.
double exponential(double x) noexcept
{
    const double y = x / 64.0;
    double sum = 1.0;
    double term = 1.0;
    for (int n = 1; n <= 20; ++n) {
        term *= -y / n;
        sum += term;
    }
    for (int i = 0; i < 6; ++i) sum *= sum;
    return sum;
}

double density(double x) noexcept
{
    return exponential(x * x / 2.0) / kSqrtTwoPi;
}

/// Probability beyond 0 and below x: density times x + x^3/3 + x^5/15 + ...
double above_median(double x) noexcept
{
    double sum = x;
    double term = x;
    for (int n = 3; n < 200; n += 2) {
        term *= x * x / n;
        sum += term;
    }
    return density(x) * sum;
}

}  // namespace

NormalTable::NormalTable()
{
    double x = 0.0;
    double squares = 0.0;
    for (std::size_t k = kSize / 2; k < kSize; ++k) {
        const double wanted = (static_cast<double>(k) + 0.5) / kSize - 0.5;
        // Newton's steps from the quantile before.
        for (int i = 0; i < 8; ++i) x -= (above_median(x) - wanted) / density(x);
        quantiles_[k] = x;
        quantiles_[kSize - 1 - k] = -x;
        squares += 2.0 * x * x;
    }
    scale_ = 1.0 / std::sqrt(2.0 * squares / kSize);
}

const NormalTable& NormalTable::get()
{
    static const NormalTable table;
    return table;
}

double normal(std::uint64_t key) noexcept
{
    const NormalTable& table = NormalTable::get();
    return (table.quantile(key & NormalTable::kMask) + table.quantile((key >> 52U) & NormalTable::kMask)) *
           table.scale();
}

double power_of_half(double x) noexcept
{
    if (x > 64.0) return 0.0;
    const double whole = std::floor(x);
    return std::ldexp(exponential((x - whole) * kLn2), -static_cast<int>(whole));
}

double logarithm_2(double x) noexcept
{
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);  // 1/2 .. 1
    const double y = (mantissa - 1.0) / (mantissa + 1.0);
    double sum = 0.0;
    double power = y;
    for (int n = 1; n < 80; n += 2) {
        sum += power / n;
        power *= y * y;
    }
    return static_cast<double>(exponent) + 2.0 * sum / kLn2;
}

}  // namespace wagesim::chip
