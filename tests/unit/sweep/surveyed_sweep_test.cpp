// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points the stages of a sweep have, and what is known of them.
#include "platforms/sweep/surveyed_sweep.hpp"

#include <gmock/gmock.h>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/staged_sweep.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

class Surveyed : public ::testing::Test {
protected:
    test::TemporaryFolder folder_;
    config::SweepConfig config_ = staged_sweep();
    SurveyedSweep sweep_{config_, 1};
    Database database_ = sweep_.open(folder_ / "sweep.sqlite");
};

TEST_F(Surveyed, OpensADatabaseThatKnowsTheSweep)
{
    EXPECT_EQ(database_.fingerprint(), sweep_.fingerprint());
    EXPECT_EQ(database_.description().stages.size(), 2U);
}

TEST_F(Surveyed, ALaterStageHasWhatIsKept)
{
    EXPECT_EQ(sweep_.source(0, {})->count(), 4U);
    compute(sweep_, database_, 4);
    const std::vector<std::uint64_t> kept = sweep_.kept_designs(database_, 1);
    EXPECT_THAT(kept, ElementsAre(2));
    const std::unique_ptr<PointSource> source = sweep_.source(1, kept);
    EXPECT_EQ(source->count(), 1U);
    EXPECT_EQ(label_of(source->point(0)), "widths.g=7");
}

TEST_F(Surveyed, CountsTheRunsThatTheDatabaseLacks)
{
    EXPECT_EQ(sweep_.missing_runs(database_), 4U);
    compute(sweep_, database_, 1);
    compute(sweep_, database_, 1, "failed points are not missing");
    EXPECT_EQ(sweep_.missing_runs(database_), 2U);
}

TEST_F(Surveyed, PointsOfOneRunAreMissingOnce)
{
    config_.axes.push_back(axis("name", {"one", "other"}));
    const SurveyedSweep sweep(config_, 1);
    EXPECT_EQ(sweep.source(0, {})->count(), 8U);
    EXPECT_EQ(sweep.missing_runs(database_), 4U);
}

TEST_F(Surveyed, IsSeenWithoutADatabaseToo)
{
    EXPECT_EQ(count_states(sweep_.overview(nullptr)).untouched, 4U);
    compute(sweep_, database_, 3);
    EXPECT_EQ(count_states(sweep_.overview(&database_)).done, 3U);
}

TEST_F(Surveyed, AnOptimisersPointsAreNotThereBeforehand)
{
    config_.sampling.kind = config::Sampling::Kind::optimiser;
    config_.objectives.push_back({"chip.energy_j", config::Direction::min});
    const SurveyedSweep sweep(config_, 1);
    EXPECT_TRUE(sweep.has_optimiser());
    EXPECT_FALSE(sweep.missing_runs(database_));
    EXPECT_TRUE(sweep.overview(&database_).points.empty());
    EXPECT_THAT(sweep.weighed_objectives(), ElementsAre(0)) << "no training has an energy";
}

}  // namespace
}  // namespace wagesim::sweep
