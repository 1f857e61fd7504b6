// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Statistics over seeds, and which configuration is called best among which.
#include "platforms/sweep/summary.hpp"

#include <gmock/gmock.h>

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

constexpr std::optional<double> kNothing = std::nullopt;

/// Three configurations on two data sets, two seeds each; objective error (min) and speed (max).
class Summaries : public ::testing::Test {
protected:
    Summaries()
    {
        overview_.variables = {
            {"width", config::Role::free}, {"data", config::Role::held}, {"seed", config::Role::seed}};
        overview_.objectives = {{"error", config::Direction::min}, {"speed", config::Direction::max}};
    }

    void add(const std::string& width, const std::string& data, const std::string& seed, std::optional<double> error,
             std::optional<double> speed)
    {
        PointView view;
        view.settings = {width, data, seed};
        view.objectives = {error, speed};
        if (error || speed) view.record = Record{State::done, "", "", "{}", {}, {}};
        overview_.points.push_back(std::move(view));
    }

    Overview overview_;
};

TEST_F(Summaries, SeedsAddUpToMeanLeastAndMost)
{
    add("2", "a", "1", 0.25, 10.0);
    add("2", "a", "2", 0.75, 40.0);
    add("4", "a", "1", 0.5, 5.0);
    add("4", "a", "2", kNothing, kNothing);
    const Summary summary = summarize(overview_);
    ASSERT_EQ(summary.variables.size(), 2U);
    ASSERT_EQ(summary.configurations.size(), 2U);
    const Configuration& first = summary.configurations[0];
    EXPECT_THAT(first.settings, ElementsAre("2", "a"));
    EXPECT_EQ(first.points, 2U);
    EXPECT_EQ(first.done, 2U);
    EXPECT_DOUBLE_EQ(first.objectives[0]->mean, 0.5);
    EXPECT_DOUBLE_EQ(first.objectives[0]->least, 0.25);
    EXPECT_DOUBLE_EQ(first.objectives[0]->most, 0.75);
    EXPECT_DOUBLE_EQ(first.objectives[1]->mean, 25.0);
    const Configuration& second = summary.configurations[1];
    EXPECT_EQ(second.points, 2U);
    EXPECT_EQ(second.done, 1U);
    EXPECT_DOUBLE_EQ(second.objectives[0]->mean, 0.5);
    EXPECT_FALSE(second.is_complete(0));
}

TEST_F(Summaries, HeldVariablesSeparateTheContests)
{
    for (const char* seed : {"1", "2"}) {
        add("2", "easy", seed, 0.1, 1.0);
        add("2", "hard", seed, 0.6, 2.0);
        add("4", "easy", seed, 0.2, 3.0);
        add("4", "hard", seed, 0.5, 2.0);
    }
    const Summary summary = summarize(overview_);
    const std::vector<Best> best = find_best(summary);
    ASSERT_EQ(best.size(), 4U);
    const auto winner = [&](std::size_t i) { return summary.configurations[best[i].configuration.value()].settings; };
    EXPECT_THAT(best[0].held, ElementsAre("easy"));
    EXPECT_THAT(winner(0), ElementsAre("2", "easy"));
    EXPECT_THAT(best[1].held, ElementsAre("hard"));
    EXPECT_THAT(winner(1), ElementsAre("4", "hard"));
    EXPECT_EQ(best[2].objective, 1U);
    EXPECT_THAT(winner(2), ElementsAre("4", "easy"));
    EXPECT_THAT(winner(3), ElementsAre("2", "hard")) << "of equals the first";
    for (const Best& each : best) EXPECT_EQ(each.candidates, 2U);
}

TEST_F(Summaries, AConfigurationWithSeedsMissingIsNoCandidate)
{
    add("2", "a", "1", 0.1, kNothing);
    add("2", "a", "2", kNothing, kNothing);
    add("4", "a", "1", 0.5, kNothing);
    add("4", "a", "2", 0.5, kNothing);
    const Summary summary = summarize(overview_);
    const std::vector<Best> best = find_best(summary);
    ASSERT_EQ(best.size(), 2U);
    EXPECT_EQ(best[0].configuration, 1U);
    EXPECT_EQ(best[0].candidates, 1U);
    EXPECT_EQ(best[0].incomplete, 1U);
    EXPECT_FALSE(best[1].configuration) << "no point has the figure";
    EXPECT_EQ(best[1].incomplete, 2U);
}

TEST_F(Summaries, StatesAreCounted)
{
    add("2", "a", "1", 0.1, kNothing);
    add("2", "a", "2", kNothing, kNothing);
    add("4", "a", "1", kNothing, kNothing);
    add("4", "a", "2", kNothing, kNothing);
    overview_.points[1].record = Record{State::failed, "", "why", "", {}, {}};
    overview_.points[2].record = Record{};
    const Counts counts = count_states(overview_);
    EXPECT_EQ(counts.done, 1U);
    EXPECT_EQ(counts.failed, 1U);
    EXPECT_EQ(counts.begun, 1U);
    EXPECT_EQ(counts.untouched, 1U);
}

}  // namespace
}  // namespace wagesim::sweep
