// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who computes what.
#include "platforms/sweep/plan.hpp"

#include <gmock/gmock.h>

#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

TEST(Plan, SharesDifferByOneRunAtMost)
{
    std::vector<MissingPoint> points;
    for (std::uint64_t i = 0; i < 7; ++i) points.push_back({10 + i, i});
    EXPECT_THAT(split(points, 3), ElementsAre(ElementsAre(10, 13, 16), ElementsAre(11, 14), ElementsAre(12, 15)));
    EXPECT_THAT(split(points, 1), ElementsAre(ElementsAre(10, 11, 12, 13, 14, 15, 16)));
    EXPECT_EQ(split(points, 7).size(), 7U);
}

TEST(Plan, PointsOfOneRunStayTogether)
{
    EXPECT_THAT(split({{0, 0}, {1, 1}, {2, 0}, {3, 2}, {4, 1}}, 2),
                ElementsAre(ElementsAre(0, 2, 3), ElementsAre(1, 4)));
}

TEST(Plan, IsReadAsItWasWritten)
{
    const Plan plan{"the \"name\"", "abcd", 1, {5, 7, 1000000000000}, {{0, 2}, {1}}};
    const Plan read = parse_plan(plan_text(plan), "plan.json");
    EXPECT_EQ(read.sweep, plan.sweep);
    EXPECT_EQ(read.fingerprint, plan.fingerprint);
    EXPECT_EQ(read.stage, plan.stage);
    EXPECT_EQ(read.designs, plan.designs);
    EXPECT_EQ(read.shares, plan.shares);
}

TEST(Plan, RefusesOtherTexts)
{
    for (const char* const text : {"", "{", "[]", "{}", R"({"sweep": 1})"}) {
        EXPECT_THROW(static_cast<void>(parse_plan(text, "plan.json")), DataError) << text;
    }
}

}  // namespace
}  // namespace wagesim::sweep
