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
    config_.objectives.push_back({"wall_seconds", config::Direction::min});
    const SurveyedSweep sweep(config_, 1);
    EXPECT_TRUE(sweep.has_optimiser());
    EXPECT_FALSE(sweep.missing_runs(database_));
    EXPECT_TRUE(sweep.overview(&database_).points.empty());
    EXPECT_THAT(sweep.weighed_objectives(), ElementsAre(0, 2)) << "no training has an energy";
}

TEST_F(Surveyed, AnOptimiserNeedsTwoObjectivesOfItsStage)
{
    config_.sampling.kind = config::Sampling::Kind::optimiser;
    config_.objectives = {{"chip.energy_j", config::Direction::min}, {"final_test_error", config::Direction::min}};
    config_.objectives_place = {no_file(), 4, 2};
    try {
        const SurveyedSweep sweep(config_, 1);
        ADD_FAILURE() << "accepted";
    } catch (const config::ConfigError& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr(":4:2: objectives: got 1 that stage screen has figures for, "
                                                       "allowed two or more for an optimiser"));
    }
}

TEST_F(Surveyed, CanBeLeftWhileItLooks)
{
    int looks = 0;
    const auto leave = [&] {
        if (++looks == 3) throw std::runtime_error("enough");
    };
    EXPECT_THROW(SurveyedSweep(config_, 1, leave), std::runtime_error);
    EXPECT_EQ(looks, 3);
}

TEST_F(Surveyed, PointsThatNobodyHasBegunAreCountedWhereTheyAreTooManyToList)
{
    std::vector<std::string> hundred;
    for (int i = 1; i <= 100; ++i) hundred.push_back(std::to_string(i));
    config_.axes.push_back(axis("training.batch", {hundred.begin(), hundred.begin() + 12}));
    for (const char* const key : {"training.epochs", "data.test_count", "seed"})
        config_.axes.push_back(axis(key, hundred));
    const SurveyedSweep sweep(config_, 1);
    Database database = sweep.open(":memory:");
    EXPECT_EQ(count_states(sweep.overview(&database)).untouched, 4U * 12U * 1'000'000U);
    EXPECT_TRUE(sweep.overview(&database).points.empty());
    // One that is known is listed, with those before it.
    const auto source = sweep.source(0, {});
    const Point point = source->point(7);
    PointResolver resolver = sweep.resolver(0);
    const Identity identity = resolver.identity(resolver.run(point));
    database.begin(identity, "", "1");
    database.place(0, point, identity);
    const Overview overview = sweep.overview(&database);
    ASSERT_EQ(overview.points.size(), 8U);
    EXPECT_EQ(overview.points[7].state_word(), std::string("missing"));
    EXPECT_EQ(overview.points[3].settings, texts_of(source->point(3).settings));
    EXPECT_EQ(count_states(overview).untouched, 4U * 12U * 1'000'000U - 1U);
}

}  // namespace
}  // namespace wagesim::sweep
