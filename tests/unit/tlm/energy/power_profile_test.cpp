// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Energy over time against a profile that is kept cycle by cycle.
#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

#include "tlm/energy/power_profile.hpp"

namespace wagesim::chip {
namespace {

Attojoules sum(const PowerProfile& profile)
{
    return std::accumulate(profile.windows().begin(), profile.windows().end(), Attojoules{0});
}

TEST(PowerProfile, SpreadsEvenly)
{
    PowerProfile profile;
    profile.begin(100);
    profile.add(4096, 100, 100 + 4 * PowerProfile::kLeastWindow);
    ASSERT_EQ(profile.windows().size(), 4U);
    for (const Attojoules each : profile.windows()) EXPECT_TRUE(each == 1024);
    profile.add(7, 100, 100);
    EXPECT_TRUE(profile.windows()[0] == 1031);
}

TEST(PowerProfile, LosesNothingAndKeepsEachWindowsShare)
{
    std::mt19937_64 random(3);
    PowerProfile profile;
    profile.begin(0);
    constexpr std::uint64_t kCycles = 20 * PowerProfile::kLeastWindow;
    std::vector<double> cycles(kCycles);
    Attojoules total = 0;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t begin = random() % kCycles;
        const std::uint64_t end = begin + 1 + random() % (kCycles - begin);
        const std::uint64_t energy = random() % 100'000;
        profile.add(energy, begin, end);
        total += energy;
        for (std::uint64_t c = begin; c < end; ++c)
            cycles[c] += static_cast<double>(energy) / static_cast<double>(end - begin);
    }
    EXPECT_TRUE(sum(profile) == total);
    for (std::size_t w = 0; w < profile.windows().size(); ++w) {
        const auto first = cycles.begin() + static_cast<std::ptrdiff_t>(w * PowerProfile::kLeastWindow);
        const double expected = std::accumulate(first, first + PowerProfile::kLeastWindow, 0.0);
        // Each contribution is rounded by less than one at both of a window's ends.
        EXPECT_NEAR(static_cast<double>(profile.windows()[w]), expected, 200.0);
    }
}

TEST(PowerProfile, WidensItsWindowsInsteadOfGrowing)
{
    PowerProfile profile;
    profile.begin(0);
    profile.add(1000, 0, 1000);
    constexpr std::uint64_t kFar = 5 * PowerProfile::kMostWindows * PowerProfile::kLeastWindow;
    profile.add(64, kFar - 1, kFar);
    EXPECT_LE(profile.windows().size(), PowerProfile::kMostWindows);
    EXPECT_EQ(profile.window(), 8 * PowerProfile::kLeastWindow);
    EXPECT_TRUE(sum(profile) == 1064);
    EXPECT_TRUE(profile.windows().front() == 1000 && profile.windows().back() == 64);
}

}  // namespace
}  // namespace wagesim::chip
