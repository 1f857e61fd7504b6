// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a plan is made of.
#include "platforms/sweep/missing_work.hpp"

#include <gmock/gmock.h>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/staged_sweep.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

std::vector<std::uint64_t> indices_of(const MissingWork& work)
{
    std::vector<std::uint64_t> indices;
    for (const MissingPoint& point : work.points) indices.push_back(point.index);
    return indices;
}

class Missing : public ::testing::Test {
protected:
    test::TemporaryFolder folder_;
    config::SweepConfig config_ = staged_sweep();

    [[nodiscard]] Database open(const SurveyedSweep& sweep) const { return sweep.open(folder_ / "sweep.sqlite"); }
};

TEST_F(Missing, IsNeitherWhatIsKnownNorWhatIsExcluded)
{
    config_.constraints = {constraint("widths.g != 7", false)};
    const SurveyedSweep sweep(config_, 1);
    Database database = open(sweep);
    compute(sweep, database, 1);
    const MissingWork work = find_missing(sweep, database);
    EXPECT_EQ(work.stage, 0U);
    EXPECT_THAT(indices_of(work), ElementsAre(1, 3));
    EXPECT_EQ(work.runs, 2U);
}

TEST_F(Missing, PointsOfOneRunAreInOneShare)
{
    config_.axes.insert(config_.axes.begin(), axis("name", {"one", "other"}));
    const SurveyedSweep sweep(config_, 1);
    Database database = open(sweep);
    const MissingWork work = find_missing(sweep, database);
    EXPECT_EQ(work.points.size(), 8U);
    EXPECT_EQ(work.runs, 4U);
    const Plan plan = make_plan(sweep, work, 4);
    EXPECT_EQ(plan.sweep, "tiny");
    EXPECT_EQ(plan.fingerprint, sweep.fingerprint());
    EXPECT_THAT(plan.shares, ElementsAre(ElementsAre(0, 4), ElementsAre(1, 5), ElementsAre(2, 6), ElementsAre(3, 7)));
}

TEST_F(Missing, OfTheNextStageIsWhatItKeeps)
{
    const SurveyedSweep sweep(config_, 1);
    Database database = open(sweep);
    compute(sweep, database, 4);
    const MissingWork work = find_missing(sweep, database);
    EXPECT_EQ(work.stage, 1U);
    EXPECT_THAT(work.designs, ElementsAre(2));
    EXPECT_THAT(indices_of(work), ElementsAre(0));
}

TEST_F(Missing, IsNothingWhereAllPointsHaveEnded)
{
    const SurveyedSweep sweep(config_, 1);
    Database database = open(sweep);
    compute(sweep, database, 4, "why");
    const MissingWork work = find_missing(sweep, database);
    EXPECT_TRUE(work.points.empty());
    EXPECT_EQ(work.failed, 4U);
}

TEST_F(Missing, FindsAnewWhatStandsWhere)
{
    {
        const SurveyedSweep sweep(config_, 1);
        Database database = open(sweep);
        compute(sweep, database, 2);
    }
    config_.axes = {axis("widths.g", {"8", "7", "6"})};
    const SurveyedSweep sweep(config_, 1);
    Database database = open(sweep);
    EXPECT_THAT(indices_of(find_missing(sweep, database)), ElementsAre(0, 1));
    EXPECT_EQ(count_states(sweep.overview(&database)).done, 1U) << "and writes it down";
}

}  // namespace
}  // namespace wagesim::sweep
