// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Points know their identity, and what is looked at before a sweep runs.
#include "platforms/sweep/survey.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

Survey survey_of(const config::SweepConfig& sweep)
{
    const DesignGrid grid(sweep);
    const GridSource source(grid);
    return survey(sweep, grid, &source, 1);
}

TEST(Resolver, EqualRunsHaveEqualIdentities)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.g", {"7", "8"}), axis("name", {"one", "other"})};
    const DesignGrid grid(sweep);
    PointResolver resolver(sweep, sweep.stages[0], 3);
    std::vector<Identity> identities;
    for (std::uint64_t i = 0; i < 4; ++i) identities.push_back(resolver.identity(resolver.run(grid.point(i, 0, 0))));
    EXPECT_TRUE(identities[0] == identities[1]) << "a name decides no result";
    EXPECT_FALSE(identities[0] == identities[2]);
    EXPECT_EQ(identities[0].folder_name(), identities[0].config_hash.substr(0, 16) + "-train-model3");
    EXPECT_EQ(resolver.run(grid.point(2, 0, 0)).widths.g, 8);
}

TEST(Resolver, CommandStepsAndModelArePartOfTheIdentity)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("seed", {"1"})};
    const DesignGrid grid(sweep);
    const auto identity = [&](int model) {
        PointResolver resolver(sweep, sweep.stages[0], model);
        return resolver.identity(resolver.run(grid.point(0, 0, 0)));
    };
    const Identity base = identity(1);
    EXPECT_FALSE(base == identity(2));
    sweep.stages[0].steps = 5;
    EXPECT_FALSE(base == identity(1));
    EXPECT_EQ(identity(1).folder_name(), base.config_hash.substr(0, 16) + "-train-model1-5steps");
}

TEST(Resolver, SimulateNeedsAChip)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.stages[0].command = config::SweepCommand::simulate;
    sweep.axes = {axis("seed", {"1"})};
    EXPECT_THROW(static_cast<void>(survey_of(sweep)), config::ConfigError);
}

TEST(Survey, WhatAProcessReadsAgainIsKnownByItsContent)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.g", {"7", "8"})};
    const auto content = [](const config::SweepConfig& read) { return digest_of_content(read, DesignGrid(read)); };
    const std::string before = content(sweep);
    EXPECT_EQ(content(sweep), before);
    EXPECT_EQ(survey_of(sweep).content, before);
    config::SweepConfig other = sweep;  // of a base file that was edited meanwhile
    std::string text = kTinyRun;
    const std::size_t at = text.find("batch: ");
    ASSERT_NE(at, std::string::npos);
    other.base = config::RunTemplate(text.replace(at, 8, "batch: 9"), no_file());
    EXPECT_NE(content(other), before);
    other = sweep;
    other.axes = {axis("widths.g", {"7", "9"})};
    EXPECT_NE(content(other), before);
}

TEST(Survey, FindsTheOneIllegalPoint)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.w", {"2", "5"}), axis("widths.g", {"4", "8"})};
    try {
        static_cast<void>(survey_of(sweep));
        ADD_FAILURE() << "accepted";
    } catch (const config::ConfigError& error) {
        EXPECT_STREQ(error.what(), "run.yaml:1:1: widths.g: got 4, allowed an integer 5..16, or float");
    }
}

TEST(Survey, OfAHugeGridLooksAtEveryValue)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("training.gamma", {"1", "2", "3"}), axis("seed", {"1", "2"})};
    for (int i = 0; i < 14; ++i) sweep.axes.push_back(axis(fmt::format("training.eta.{}", i + 1), {"0", "1"}));
    ASSERT_GT(GridSource(DesignGrid(sweep)).count(), kMostSurveyed);
    EXPECT_THROW(static_cast<void>(survey_of(sweep)), config::ConfigError);
    sweep.axes[0] = axis("training.gamma", {"1", "2", "4"});
    EXPECT_TRUE(survey_of(sweep).identities.empty());
}

TEST(Survey, WhatConstraintsExcludeNeedNotBeLegal)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.w", {"2", "5"}), axis("widths.g", {"4", "8"})};
    sweep.constraints = {constraint("widths.g >= widths.w", false)};
    const Survey survey = survey_of(sweep);
    ASSERT_EQ(survey.identities.size(), 4U);
    EXPECT_TRUE(survey.identities[1]);
    EXPECT_FALSE(survey.identities[2]);
}

TEST(Survey, FingerprintsFollowThePoints)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.g", {"7", "8"})};
    const std::string base = survey_of(sweep).fingerprint;
    EXPECT_EQ(survey_of(sweep).fingerprint, base);
    sweep.name = "other";
    EXPECT_EQ(survey_of(sweep).fingerprint, base) << "a name decides nothing";
    config::SweepConfig more = sweep;
    more.axes[0] = axis("widths.g", {"7", "8", "9"});
    EXPECT_NE(survey_of(more).fingerprint, base);
    more = sweep;
    more.fixed = axis("training.epochs", {"1"}).values[0];
    EXPECT_NE(survey_of(more).fingerprint, base);
    more = sweep;
    more.constraints = {constraint("widths.g > 7", false)};
    EXPECT_NE(survey_of(more).fingerprint, base);
    more = sweep;
    more.stages[0].steps = 3;
    EXPECT_NE(survey_of(more).fingerprint, base);
}

}  // namespace
}  // namespace wagesim::sweep
