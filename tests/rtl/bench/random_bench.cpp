// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/random_bench.hpp"

#include "tests/rtl/bench/bench_round.hpp"

namespace wagesim::test {
namespace {

constexpr std::size_t kLongestSegment = 65536;

/// Verilator's seeds are positive ints; 0 would mean flops at 0.
int flop_seed(std::uint64_t seed)
{
    return static_cast<int>(seed % 2'000'000'000U) + 1;
}

}  // namespace

void RandomBench::round(std::uint64_t seed)
{
    BenchRound(make_pins_(flop_seed(seed)), seed, counts_).run();
}

void RandomBench::sweep(std::uint64_t seed)
{
    BenchRound(make_pins_(flop_seed(seed)), seed, counts_).run_sweeps();
}

void RandomBench::longest_segment(std::uint64_t seed)
{
    BenchRound(make_pins_(flop_seed(seed)), seed, counts_).run_segment(kLongestSegment);
}

}  // namespace wagesim::test
