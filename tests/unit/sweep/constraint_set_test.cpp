// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What conditions exclude before a point is computed, and what they say of its result.
#include "platforms/sweep/constraint_set.hpp"

#include <gtest/gtest.h>

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

TEST(Constraints, HoldWhereAllOfThemDo)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.constraints = {constraint("chip.area_mm2 < 50", true),
                         constraint("chip.energy_j <= 2 || chip.area_mm2 < 10", true)};
    const ConstraintSet constraints(sweep);
    const auto hold = [&](double area, double energy) {
        return constraints.hold(
            [&](const std::string& name) -> std::optional<double> { return name == "chip.area_mm2" ? area : energy; });
    };
    EXPECT_TRUE(hold(49, 2));
    EXPECT_FALSE(hold(50, 2));
    EXPECT_FALSE(hold(49, 3));
    EXPECT_TRUE(hold(9, 3));
}

TEST(Constraints, OnWhatHasNoNumberDoNotHold)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.constraints = {constraint("chip.area_mm2 < 50", true)};
    EXPECT_FALSE(ConstraintSet(sweep).hold([](const std::string&) -> std::optional<double> { return std::nullopt; }));
}

}  // namespace
}  // namespace wagesim::sweep
