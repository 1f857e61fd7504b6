// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What conditions exclude before a point is computed, and what they say of its result.
#include "platforms/sweep/constraint_set.hpp"

#include <gtest/gtest.h>

#include "platforms/sweep/constraint_judge.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

std::vector<config::Override> settings(const std::string& rows, const std::string& bits)
{
    std::vector<config::Override> out = axis("chip.crossbar.rows", {rows}).values[0];
    out.push_back(axis("chip.crossbar.adc_bits", {bits}).values[0][0]);
    return out;
}

TEST(Constraints, OnKeysExclude)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.constraints = {constraint("chip.crossbar.rows * chip.crossbar.adc_bits <= 1024", false)};
    const ConstraintSet constraints(sweep);
    EXPECT_FALSE(constraints.excludes(settings("128", "8")));
    EXPECT_TRUE(constraints.excludes(settings("128", "9")));
}

TEST(Constraints, OnFiguresExcludeNothing)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.constraints = {constraint("chip.area_mm2 < 0", true)};
    EXPECT_FALSE(ConstraintSet(sweep).excludes(settings("128", "9")));
}

TEST(Judge, AcceptsWhereAllConditionsHold)
{
    const std::vector<std::string> conditions = {"chip.area_mm2 < 50 * k", "chip.energy_j <= 2 || chip.area_mm2 < 10"};
    const std::vector<config::Variable> variables = {{"k", config::Role::free}};
    const auto accepts = [&](const char* area, const char* energy) {
        ConstraintJudge judge(conditions, variables);
        judge.add(3, Figures(std::string(R"({"chip": {"area_mm2": )") + area + R"(, "energy_j": )" + energy + "}}"));
        return judge.accepts(3, {"1"}, true);
    };
    EXPECT_TRUE(accepts("49", "2"));
    EXPECT_FALSE(accepts("50", "2"));
    EXPECT_FALSE(accepts("49", "3"));
    EXPECT_TRUE(accepts("9", "3"));
}

TEST(Judge, OfWhatHasNoNumberWaitsForTheLastStage)
{
    ConstraintJudge judge({"final_test_error < 0.5"}, {});
    judge.add(0, Figures(R"({"final_test_error": null})"));
    EXPECT_TRUE(judge.accepts(0, {}, false));
    EXPECT_FALSE(judge.accepts(0, {}, true));
    judge.add(0, Figures(R"({"final_test_error": 0.25})"));
    EXPECT_TRUE(judge.accepts(0, {}, true));
}

}  // namespace
}  // namespace wagesim::sweep
