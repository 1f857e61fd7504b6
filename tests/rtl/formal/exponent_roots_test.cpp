// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of exponent_roots.sv, read from that very file: T_f = floor(sqrt(2^(2f+1))) for f = 0..47, each entry by
// exact integers. That the RTL compares with these numbers is proven by scripts/prove-rtl.sh, not here.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace {

__extension__ using Wide = unsigned __int128;

TEST(ExponentRoots, AreTheFloorsOfTheSquareRoots)
{
    std::ifstream file(WAGESIM_SOURCE_DIR "/tests/rtl/formal/exponent_roots.sv");
    ASSERT_TRUE(file) << "no exponent_roots.sv";
    const std::regex entry(R"(\s*6'd(\d+): root = 48'd(\d+);)");
    std::map<int, Wide> roots;
    std::string line;
    while (std::getline(file, line)) {
        std::smatch match;
        if (!std::regex_match(line, match, entry)) continue;
        ASSERT_TRUE(roots.emplace(std::stoi(match[1]), std::stoull(match[2])).second) << "twice: " << line;
    }
    ASSERT_EQ(roots.size(), 48u);
    for (const auto& [f, root] : roots) {
        ASSERT_GE(f, 0);
        ASSERT_LE(f, 47);
        const Wide power = Wide(1) << (2 * f + 1);
        EXPECT_LE(root * root, power) << "f = " << f;
        EXPECT_LT(power, (root + 1) * (root + 1)) << "f = " << f;
    }
}

}  // namespace
