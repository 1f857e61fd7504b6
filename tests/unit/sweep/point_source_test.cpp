// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points the ways of sampling have, and in which order.
#include "platforms/sweep/point_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>

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
    EXPECT_THAT(labels(GridSource(DesignGrid(sweep))),
                ElementsAre("a=1 b=x", "a=1 b=y", "a=1 b=z", "a=2 b=x", "a=2 b=y", "a=2 b=z"));
}

TEST(Grid, ZippedKeysMoveTogether)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {zipped(axis("a", {"1", "2"}), axis("b", {"x", "y"})), axis("seed", {"7", "8"}, config::Role::seed)};
    EXPECT_THAT(labels(GridSource(DesignGrid(sweep))),
                ElementsAre("a=1 b=x seed=7", "a=1 b=x seed=8", "a=2 b=y seed=7", "a=2 b=y seed=8"));
}

TEST(Grid, WithoutAxesHasOnePoint)
{
    const config::SweepConfig sweep = tiny_sweep();
    EXPECT_THAT(labels(GridSource(DesignGrid(sweep))), ElementsAre(""));
    EXPECT_THROW(static_cast<void>(GridSource(DesignGrid(sweep)).point(1)), std::out_of_range);
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
        const DesignGrid grid(sweep);
        const GridSource source(grid);
        ASSERT_EQ(source.count(), product);
        const std::vector<std::string> all = labels(source);
        // Values of one length: the order of the texts is that of the numbers.
        EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
        EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), product);

        std::set<std::string> shown;
        for (const std::uint64_t design : grid.one_by_one()) {
            for (const config::Override& setting : grid.point(design, 0, 0).settings) {
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
    const DesignGrid grid(sweep);
    const GridSource source(grid);
    EXPECT_EQ(source.count(), 1'000'000'000U);
    EXPECT_EQ(label_of(source.point(123'456'789)), "a=123 b=456 c=789");
    EXPECT_EQ(grid.one_by_one().size(), 2998U);
}

TEST(Grid, SeedsMoveFastestWhereverTheyStand)
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("seed", {"7", "8"}, config::Role::seed), axis("a", {"1", "2"})};
    EXPECT_THAT(labels(GridSource(DesignGrid(sweep))),
                ElementsAre("seed=7 a=1", "seed=8 a=1", "seed=7 a=2", "seed=8 a=2"));
}

/// A sweep of axes with so many values each, and two seeds.
config::SweepConfig sized_sweep(const std::vector<int>& extents)
{
    config::SweepConfig sweep = tiny_sweep();
    for (std::size_t i = 0; i < extents.size(); ++i) {
        std::vector<std::string> values;
        for (int n = 0; n < extents[i]; ++n) values.push_back(std::to_string(n));
        sweep.axes.push_back(axis(fmt::format("k{}", i), values));
    }
    sweep.axes.push_back(axis("seed", {"1", "2"}, config::Role::seed));
    return sweep;
}

TEST(RandomSample, HasNoDesignTwiceAndAllSeedsOfEach)
{
    const config::SweepConfig sweep = sized_sweep({5, 7, 11});
    const DesignGrid grid(sweep);
    const RandomSource source(grid, 100, 3);
    EXPECT_EQ(source.count(), 200U);
    std::set<std::uint64_t> designs;
    for (std::uint64_t i = 0; i < source.count(); i += 2) {
        EXPECT_EQ(source.point(i).design, source.point(i + 1).design);
        EXPECT_EQ(source.point(i + 1).seed, 1U);
        designs.insert(source.point(i).design);
    }
    EXPECT_EQ(designs.size(), 100U);
    EXPECT_LT(*designs.rbegin(), 385U);
}

TEST(RandomSample, LargerThanTheGridIsTheGrid)
{
    const config::SweepConfig sweep = sized_sweep({3, 4});
    const DesignGrid grid(sweep);
    const RandomSource source(grid, 1000, 1);
    std::set<std::uint64_t> designs;
    for (std::uint64_t i = 0; i < source.designs(); ++i) designs.insert(source.design(i));
    EXPECT_EQ(designs.size(), 12U);
    EXPECT_EQ(source.designs(), 12U);
}

TEST(RandomSample, DependsOnItsSeedAndOnNothingElse)
{
    const config::SweepConfig sweep = sized_sweep({100, 100});
    const DesignGrid grid(sweep);
    const auto designs = [&](std::uint64_t seed) {
        const RandomSource source(grid, 50, seed);
        std::vector<std::uint64_t> all;
        for (std::uint64_t i = 0; i < source.designs(); ++i) all.push_back(source.design(i));
        return all;
    };
    EXPECT_EQ(designs(1), designs(1));
    EXPECT_NE(designs(1), designs(2));
}

TEST(LatinSample, ShowsEveryValueOfEveryAxisEquallyOften)
{
    const config::SweepConfig sweep = sized_sweep({5, 10, 3});
    const DesignGrid grid(sweep);
    const LatinSource source(grid, 20, 4);
    std::vector<std::map<std::string, int>> shown(3);
    for (std::uint64_t i = 0; i < source.designs(); ++i) {
        const Point point = grid.point(source.design(i), 0, 0);
        for (std::size_t k = 0; k < 3; ++k) ++shown[k][point.settings[k].value.text];
    }
    for (const auto& [value, times] : shown[0]) EXPECT_EQ(times, 4) << value;
    for (const auto& [value, times] : shown[1]) EXPECT_EQ(times, 2) << value;
    for (const auto& [value, times] : shown[2]) EXPECT_NEAR(times, 20.0 / 3.0, 1.0) << value;
    EXPECT_EQ(shown[2].size(), 3U);
}

TEST(Permutations, AreOneToOneOnEverySize)
{
    for (std::uint64_t n = 1; n <= 300; ++n) {
        const Permutation permutation(n, n);
        std::set<std::uint64_t> images;
        for (std::uint64_t i = 0; i < n; ++i) images.insert(permutation.at(i));
        ASSERT_EQ(images.size(), n);
        ASSERT_EQ(*images.rbegin(), n - 1);
    }
}

TEST(Permutations, OfABillionKeepInRange)
{
    constexpr std::uint64_t kMany = 1'000'000'000;
    const Permutation permutation(kMany, 9);
    double sum = 0.0;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        const std::uint64_t image = permutation.at(i);
        ASSERT_LT(image, kMany);
        sum += static_cast<double>(image);
    }
    // Ten thousand uniform draws: the mean's standard deviation is 2.9e6.
    EXPECT_NEAR(sum / 10'000, 5e8, 1.5e7);
}

}  // namespace
}  // namespace wagesim::sweep
