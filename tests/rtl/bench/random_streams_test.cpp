// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The random bench over the Verilated unit at every lane count of the build.
//   rtl_random_test --seed=N --rounds=N     other dice, a longer run; a failing round names the seed that replays it
#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/rtl/bench/random_bench.hpp"

namespace wagesim::test {
namespace {

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t rounds = 60;
};
Options options;

class RandomStreams : public testing::TestWithParam<int> {};

TEST_P(RandomStreams, AreWhatTheRegistersMakeOfThem)
{
    RandomBench bench([](int seed) { return rtl::make_verilated_pins(GetParam(), seed); });
    std::cout << "seeds " << options.seed << " to " << options.seed + options.rounds - 1 << '\n';
    for (std::uint64_t seed = options.seed; seed < options.seed + options.rounds; ++seed) {
        ASSERT_NO_THROW(bench.round(seed)) << "replay with --seed=" << seed << " --rounds=1";
    }
    ASSERT_NO_THROW(bench.sweep(options.seed));
    ASSERT_NO_THROW(bench.longest_segment(options.seed));

    const BenchCounts& counts = bench.counts();
    std::cout << counts.streams << " streams, " << counts.resets << " of them cut by a reset, " << counts.cycles
              << " timed, " << counts.registers << " register reads; elements";
    for (std::uint32_t mode = 0; mode < 8; ++mode) {
        const auto elements = counts.elements.find(static_cast<QuantizeUpdateMode>(mode));
        const std::uint64_t compared = elements == counts.elements.end() ? 0 : elements->second;
        std::cout << ' ' << compared;
        if (options.rounds >= 60) {
            EXPECT_GT(compared, 0U) << "mode " << mode << " was never compared";
        }
    }
    std::cout << '\n';
    EXPECT_GT(counts.streams, 0U);
    EXPECT_GT(counts.registers, 0U);
    if (options.rounds >= 60) {
        EXPECT_GT(counts.resets, 0U);
        EXPECT_GT(counts.cycles, 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, RandomStreams, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

/// The number above 0 after `name` in an argument, where it is that argument.
bool take_option(const std::string& argument, const std::string& name, std::uint64_t& value)
{
    if (argument.rfind(name, 0) != 0) return false;
    const char* end = argument.data() + argument.size();
    const auto [stop, error] = std::from_chars(argument.data() + name.size(), end, value);
    return error == std::errc{} && stop == end && value > 0;
}

}  // namespace
}  // namespace wagesim::test

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    using namespace wagesim::test;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (!take_option(argument, "--seed=", options.seed) && !take_option(argument, "--rounds=", options.rounds)) {
            std::cerr << "rtl_random_test: got " << argument << ", allowed --seed=N, --rounds=N, numbers above 0\n";
            return 2;
        }
    }
    return RUN_ALL_TESTS();
}
