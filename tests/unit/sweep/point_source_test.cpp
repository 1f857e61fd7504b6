// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points a grid has, and in which order; that points know their identity.
#include "platforms/sweep/point_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>

#include "platforms/sweep/point_resolver.hpp"
#include "platforms/sweep/survey.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> labels(const PointSource& source)
{
    std::vector<std::string> all;
    for (std::uint64_t i = 0; i < source.count(); ++i) all.push_back(label_of(source.point(i)));
    return all;
}

TEST(Grid, TheLastAxisMovesFastest)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("a", {"1", "2"}), axis("b", {"x", "y", "z"})};
    EXPECT_THAT(labels(GridSource(sweep)),
                ElementsAre("a=1 b=x", "a=1 b=y", "a=1 b=z", "a=2 b=x", "a=2 b=y", "a=2 b=z"));
}

TEST(Grid, ZippedKeysMoveTogether)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {zipped(axis("a", {"1", "2"}), axis("b", {"x", "y"})), axis("seed", {"7", "8"}, config::Role::seed)};
    EXPECT_THAT(labels(GridSource(sweep)),
                ElementsAre("a=1 b=x seed=7", "a=1 b=x seed=8", "a=2 b=y seed=7", "a=2 b=y seed=8"));
}

TEST(Grid, WithoutAxesHasOnePoint)
{
    const config::SweepConfig sweep = tiny_sweep();
    EXPECT_THAT(labels(GridSource(sweep)), ElementsAre(""));
    EXPECT_THROW(static_cast<void>(GridSource(sweep).point(1)), std::out_of_range);
}

TEST(Grid, RandomGridsHaveEveryCombinationOnceInOrder)
{
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
        config::SweepConfig sweep = tiny_sweep();
        std::uint64_t product = 1;
        const int axes = std::uniform_int_distribution<int>(1, 4)(random);
        for (int i = 0; i < axes; ++i) {
            std::vector<std::string> values;
            for (int n = std::uniform_int_distribution<int>(1, 5)(random); n > 0; --n) {
                values.push_back(std::to_string(100 + values.size()));
            }
            product *= values.size();
            sweep.axes.push_back(axis(fmt::format("k{}", i), values));
        }
        const GridSource grid(sweep);
        ASSERT_EQ(grid.count(), product);
        const std::vector<std::string> all = labels(grid);
        // Values of one length: the order of the texts is that of the numbers.
        EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
        EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), product);

        std::set<std::string> shown;
        for (const std::uint64_t index : grid.one_by_one()) {
            for (const config::Override& setting : grid.point(index).settings) {
                shown.insert(setting.key + "=" + setting.value.text);
            }
        }
        std::size_t values = 0;
        for (const config::Axis& each : sweep.axes) values += each.values.size();
        EXPECT_EQ(shown.size(), values);
    }
}

TEST(Grid, OfABillionPointsTakesNoMemory)
{
    config::SweepConfig sweep = tiny_sweep();
    std::vector<std::string> thousand;
    thousand.reserve(1000);
    for (int i = 0; i < 1000; ++i) thousand.push_back(std::to_string(i));
    sweep.axes = {axis("a", thousand), axis("b", thousand), axis("c", thousand)};
    const GridSource grid(sweep);
    EXPECT_EQ(grid.count(), 1'000'000'000U);
    EXPECT_EQ(label_of(grid.point(123'456'789)), "a=123 b=456 c=789");
    EXPECT_EQ(grid.one_by_one().size(), 2998U);
}

TEST(Resolver, EqualRunsHaveEqualIdentities)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.g", {"7", "8"}), axis("name", {"one", "other"})};
    const GridSource grid(sweep);
    PointResolver resolver(sweep, 3);
    const std::vector<Identity> identities = survey(grid, resolver);
    ASSERT_EQ(identities.size(), 4U);
    EXPECT_TRUE(identities[0] == identities[1]) << "a name decides no result";
    EXPECT_FALSE(identities[0] == identities[2]);
    EXPECT_EQ(identities[0].folder_name(), identities[0].config_hash.substr(0, 16) + "-train-model3");
    EXPECT_EQ(resolver.run(grid.point(2)).widths.g, 8);
}

TEST(Resolver, CommandStepsAndModelArePartOfTheIdentity)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("seed", {"1"})};
    const GridSource grid(sweep);
    const auto identity = [&](int model) {
        PointResolver resolver(sweep, model);
        return resolver.identity(resolver.run(grid.point(0)));
    };
    const Identity base = identity(1);
    EXPECT_FALSE(base == identity(2));
    sweep.steps = 5;
    EXPECT_FALSE(base == identity(1));
    EXPECT_EQ(identity(1).folder_name(), base.config_hash.substr(0, 16) + "-train-model1-5steps");
}

TEST(Resolver, SimulateNeedsAChip)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.command = config::SweepCommand::simulate;
    sweep.axes = {axis("seed", {"1"})};
    PointResolver resolver(sweep, 1);
    EXPECT_THROW(static_cast<void>(survey(GridSource(sweep), resolver)), config::ConfigError);
}

TEST(Survey, FindsTheOneIllegalPoint)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("widths.w", {"2", "5"}), axis("widths.g", {"4", "8"})};
    PointResolver resolver(sweep, 1);
    try {
        static_cast<void>(survey(GridSource(sweep), resolver));
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
    const GridSource grid(sweep);
    ASSERT_GT(grid.count(), kMostSurveyed);
    PointResolver resolver(sweep, 1);
    EXPECT_THROW(static_cast<void>(survey(grid, resolver)), config::ConfigError);
    sweep.axes[0] = axis("training.gamma", {"1", "2", "4"});
    EXPECT_TRUE(survey(grid, resolver).empty());
}

}  // namespace
}  // namespace wagesim::sweep
