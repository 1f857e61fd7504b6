// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Fronts beside the definition, pair by pair.
#include "platforms/sweep/front.hpp"

#include <gmock/gmock.h>

#include <iostream>
#include <random>

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;
using Costs = std::vector<std::vector<double>>;

bool dominates(const std::vector<double>& x, const std::vector<double>& y)
{
    bool less = false;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] > y[i]) return false;
        less = less || x[i] < y[i];
    }
    return less;
}

/// One front after the other: who is dominated by nobody left.
std::vector<std::size_t> peeled(const Costs& costs)
{
    std::vector<std::size_t> front(costs.size(), costs.size());
    std::size_t left = costs.size();
    for (std::size_t number = 0; left > 0; ++number) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < costs.size(); ++i) {
            if (front[i] < number) continue;
            bool free = true;
            for (std::size_t j = 0; j < costs.size(); ++j) {
                free = free && (front[j] < number || !dominates(costs[j], costs[i]));
            }
            if (free) members.push_back(i);
        }
        for (const std::size_t i : members) front[i] = number;
        left -= members.size();
    }
    return front;
}

TEST(Front, OfTwoObjectives)
{
    EXPECT_THAT(front_of_each({{1, 4}, {2, 2}, {4, 1}, {3, 3}, {4, 4}, {2, 2}}), ElementsAre(0, 0, 0, 1, 2, 0));
}

TEST(Front, OfOneObjectiveIsItsRank)
{
    EXPECT_THAT(front_of_each({{3}, {1}, {2}, {1}}), ElementsAre(2, 0, 1, 0));
}

TEST(Front, OfNothingIsNothing)
{
    EXPECT_TRUE(front_of_each({}).empty());
}

TEST(Front, OfRandomPointsIsThatOfTheDefinition)
{
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        const auto objectives = std::uniform_int_distribution<std::size_t>(1, 4)(random);
        // Few values make ties in single objectives and equal points.
        std::uniform_int_distribution<int> value(0, round % 2 == 0 ? 3 : 1000);
        Costs costs(std::uniform_int_distribution<std::size_t>(1, 60)(random));
        for (std::vector<double>& cost : costs) {
            for (std::size_t i = 0; i < objectives; ++i) cost.push_back(value(random));
        }
        ASSERT_EQ(front_of_each(costs), peeled(costs)) << "round " << round;
    }
}

}  // namespace
}  // namespace wagesim::sweep
