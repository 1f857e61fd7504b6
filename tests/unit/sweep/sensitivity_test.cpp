// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Shares of variance in closed form.
#include "platforms/sweep/sensitivity.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace wagesim::sweep {
namespace {

/// A whole grid of a in 0..2 and b in 0..1, with one objective.
template <class Objective>
Summary grid_summary(const Objective& objective)
{
    Overview overview;
    overview.variables = {{"a", config::Role::free}, {"b", config::Role::free}};
    overview.objectives = {{"cost", config::Direction::min}};
    for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 2; ++b) {
            PointView& point = overview.points.emplace_back();
            point.settings = {std::to_string(a), std::to_string(b)};
            point.record = Record{State::done, "", "", "", {}, {}};
            point.objectives = {objective(a, b)};
        }
    }
    return summarize(overview);
}

TEST(Sensitivities, OfAnAdditiveObjectiveAddUpToOne)
{
    // Variances: of a (0, 3, 6) 6, of b (0, 4) 4.
    const auto found = find_sensitivities(grid_summary([](int a, int b) { return 3.0 * a + 4.0 * b; }));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_NEAR(found[0].share.value(), 0.6, 1e-12);
    EXPECT_NEAR(found[1].share.value(), 0.4, 1e-12);
    EXPECT_DOUBLE_EQ(found[0].least, 2.0);
    EXPECT_DOUBLE_EQ(found[0].most, 8.0);
    EXPECT_EQ(found[0].values, 3U);
}

TEST(Sensitivities, OfAPureInteractionAreZero)
{
    const auto found = find_sensitivities(grid_summary([](int a, int b) { return (a - 1.0) * (b == 0 ? -1.0 : 1.0); }));
    EXPECT_NEAR(found[0].share.value(), 0.0, 1e-12);
    EXPECT_NEAR(found[1].share.value(), 0.0, 1e-12);
}

TEST(Sensitivities, OfAConstantAreNone)
{
    for (const Sensitivity& each : find_sensitivities(grid_summary([](int, int) { return 0.1; }))) {
        EXPECT_FALSE(each.share);
    }
}

TEST(Sensitivities, LeaveOutVariablesThatStand)
{
    Summary summary = grid_summary([](int a, int) { return a; });
    for (Configuration& each : summary.configurations) each.settings[1] = "0";
    const auto found = find_sensitivities(summary);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].variable, 0U);
}

}  // namespace
}  // namespace wagesim::sweep
