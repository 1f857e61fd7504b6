// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/permutation.hpp"

namespace wagesim::sweep {
namespace {

constexpr int kRounds = 8;

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the outcome depends on every bit of `x`.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

}  // namespace

Permutation::Permutation(std::uint64_t n, std::uint64_t key) : n_(n), key_(mixed(key))
{
    while ((std::uint64_t{1} << (2 * half_bits_)) < n) ++half_bits_;
}

std::uint64_t Permutation::at(std::uint64_t i) const noexcept
{
    do {
        i = encrypted(i);
    } while (i >= n_);
    return i;
}

std::uint64_t Permutation::encrypted(std::uint64_t block) const noexcept
{
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = block >> half_bits_;
    std::uint64_t right = block & mask;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        const std::uint64_t next = left ^ (mixed(right ^ mixed(key_ + round)) & mask);
        left = right;
        right = next;
    }
    return left << half_bits_ | right;
}

}  // namespace wagesim::sweep
