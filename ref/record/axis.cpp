// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/record/axis.hpp"

#include <cmath>

#include "ref/numerics/integer.hpp"

namespace wagesim {
namespace {

constexpr std::int64_t kLargestReach = 128;  // bins on either side of 0
constexpr double kSquareRootOfHalf = 0.70710678118654752440;

/// Index of the half octave that holds m >= 1: 2 f, or 2 f + 1 where m^2 > 2^(2f+1).
std::int64_t half_octave(std::uint64_t m) noexcept
{
    const auto f = 63 - __builtin_clzll(m);
    __extension__ using Uint128 = unsigned __int128;
    const bool upper = static_cast<Uint128>(m) * m > (static_cast<Uint128>(1) << (2 * f + 1));
    return 2 * std::int64_t{f} + (upper ? 1 : 0);
}

}  // namespace

Axis Axis::linear(std::int64_t limit)
{
    int width_log2 = 0;
    const auto reach = [&] {
        const std::int64_t half = width_log2 == 0 ? 0 : std::int64_t{1} << (width_log2 - 1);
        return (limit + half) >> width_log2;
    };
    while (reach() > kLargestReach) ++width_log2;
    return {Scale::linear, -reach(), static_cast<std::size_t>(2 * reach() + 1), width_log2};
}

Axis Axis::log2(int first, std::size_t bins)
{
    return {Scale::log2, first, bins, 0};
}

std::vector<double> Axis::edges() const
{
    std::vector<double> edges;
    for (std::size_t i = 0; i <= bins_; ++i) {
        const auto bin = static_cast<double>(first_ + static_cast<std::int64_t>(i));
        edges.push_back(scale_ == Scale::linear ? std::ldexp(bin - 0.5, width_log2_) : std::exp2(0.5 * bin));
    }
    return edges;
}

std::ptrdiff_t Axis::from_first(std::int64_t bin) const noexcept
{
    const std::int64_t position = bin - first_;
    if (position < 0) return -1;
    const auto bins = static_cast<std::int64_t>(bins_);
    return static_cast<std::ptrdiff_t>(position < bins ? position : bins);
}

std::ptrdiff_t Axis::position(std::int64_t value) const noexcept
{
    if (scale_ == Scale::log2) return from_first(half_octave(static_cast<std::uint64_t>(numerics::magnitude(value))));
    const std::int64_t half = width_log2_ == 0 ? 0 : std::int64_t{1} << (width_log2_ - 1);
    return from_first((value + half) >> width_log2_);
}

std::ptrdiff_t Axis::position(double value) const noexcept
{
    constexpr double kBeyondAnyBin = 1e9;
    double bin = 0.0;
    if (scale_ == Scale::log2) {
        int exponent = 0;
        const double fraction = std::frexp(std::fabs(value), &exponent);
        bin = 2.0 * (exponent - 1) + (fraction > kSquareRootOfHalf ? 1.0 : 0.0);
        if (std::isinf(value)) bin = kBeyondAnyBin;
    } else {
        bin = std::floor(std::ldexp(value, -width_log2_) + 0.5);
    }
    if (std::isnan(value) || bin > kBeyondAnyBin) return static_cast<std::ptrdiff_t>(bins_);
    return bin < -kBeyondAnyBin ? -1 : from_first(static_cast<std::int64_t>(bin));
}

}  // namespace wagesim
