// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a stage takes over from the one before.
#include "platforms/sweep/keep.hpp"

#include <gmock/gmock.h>

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;
using Kind = config::Keep::Kind;

class Kept : public ::testing::Test {
protected:
    Kept()
    {
        overview_.variables = {{"width", config::Role::free}, {"seed", config::Role::seed}};
        overview_.objectives = {{"energy", config::Direction::min},
                                {"speed", config::Direction::max},
                                {"final_test_error", config::Direction::min}};
        overview_.stages = {"screen", "confirm"};
    }

    /// Two seeds of a design; the third objective belongs to the second stage.
    void add(std::uint64_t design, double energy, double speed)
    {
        for (std::uint64_t seed = 0; seed < 2; ++seed) {
            PointView& point = overview_.points.emplace_back();
            point.settings = {std::to_string(design), std::to_string(seed)};
            point.design = design;
            point.seed = seed;
            point.record = Record{State::done, "", "", "", {}, {}};
            point.objectives = {energy, speed, std::nullopt};
        }
    }

    Overview overview_;
};

TEST_F(Kept, TheFrontByWhatIsKnown)
{
    add(10, 1, 1);
    add(11, 2, 3);
    add(12, 3, 2);
    add(13, 4, 4);
    EXPECT_THAT(kept_designs(overview_, 1, {Kind::front, 1}), ElementsAre(10, 11, 13));
    EXPECT_THAT(kept_designs(overview_, 1, {Kind::front, 2}), ElementsAre(10, 11, 12, 13));
}

TEST_F(Kept, TheBestByEachObjective)
{
    add(10, 1, 1);
    add(11, 2, 3);
    add(12, 3, 4);
    EXPECT_THAT(kept_designs(overview_, 1, {Kind::best, 1}), ElementsAre(10, 12));
}

TEST_F(Kept, AllButWhatFailedBreaksAConstraintOrIsExcluded)
{
    add(10, 1, 1);
    add(11, 2, 3);
    add(12, 3, 4);
    add(13, 3, 4);
    overview_.points[2].record->state = State::failed;
    overview_.points[4].feasible = false;
    overview_.points[6].excluded = overview_.points[7].excluded = true;
    EXPECT_THAT(kept_designs(overview_, 1, {Kind::all, 1}), ElementsAre(10));
}

}  // namespace
}  // namespace wagesim::sweep
