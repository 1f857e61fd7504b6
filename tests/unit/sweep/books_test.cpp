// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points are still to be computed, and what the tally says.
#include "platforms/sweep/books.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/staged_sweep.hpp"

namespace wagesim::sweep {
namespace {

class SweepBooks : public ::testing::Test {
protected:
    SweepBooks() { database_.describe(sweep_, "one"); }

    [[nodiscard]] StageRun run(const PointSource& source)
    {
        return {sweep_, 0, source, constraints_, database_, silence_, "1"};
    }
    [[nodiscard]] StageRun run() { return run(source_); }
    static Identity identity(const Point& point) { return {std::to_string(point.index), "train", std::nullopt, 1}; }
    static Record done() { return {State::done, "1", "", "{}", {}, {}}; }

    static std::vector<std::uint64_t> all_of(Books& books)
    {
        std::vector<std::uint64_t> indices;
        while (const std::optional<Point> point = books.next()) indices.push_back(point->index);
        return indices;
    }

    test::TemporaryFolder folder_;
    config::SweepConfig sweep_ = six_widths();
    Database database_{folder_ / "sweep.sqlite", "tiny", SqliteConnection::Mode::create};
    Silence silence_;
    ConstraintSet constraints_{sweep_};
    DesignGrid grid_{sweep_};
    GridSource source_{grid_};

private:
    static config::SweepConfig six_widths()
    {
        config::SweepConfig sweep = tiny_sweep();
        sweep.axes = {axis("widths.g", {"5", "6", "7", "8", "9", "10"})};
        sweep.constraints = {constraint("widths.g != 7", false)};
        return sweep;
    }
};

TEST_F(SweepBooks, HandOutWhatIsNeitherKnownNorExcluded)
{
    {
        Books books(run());
        EXPECT_EQ(books.tally().points, 6U);
        const Point first = books.next().value();
        books.settle(first, identity(first), "", done());
        const Point second = books.next().value();
        books.settle(second, identity(second), "", books.failure("why"));
        EXPECT_EQ(books.tally().done, 1U);
        EXPECT_EQ(books.tally().failed, 1U);
        EXPECT_EQ(books.tally().computed, 2U);
    }
    Books again(run());
    EXPECT_EQ(again.tally().done, 1U);
    EXPECT_EQ(again.tally().computed, 0U);
    EXPECT_EQ(all_of(again), (std::vector<std::uint64_t>{3, 4, 5}));
    EXPECT_EQ(again.tally().excluded, 1U);
    EXPECT_EQ(again.tally().missing(), 3U);
}

TEST_F(SweepBooks, PointsThatMeanTheSameRunAreComputedOnce)
{
    Books books(run());
    const Point first = books.next().value();
    const Point second = books.next().value();
    const Identity same = identity(first);
    EXPECT_FALSE(books.settle_known(second, same));
    books.settle(first, same, "", done());
    EXPECT_TRUE(books.settle_known(second, same));
    EXPECT_EQ(books.tally().done, 2U);
    EXPECT_EQ(books.tally().computed, 1U);
}

TEST_F(SweepBooks, GoThroughThePointsOfAShare)
{
    {
        Books books(run());
        const Point first = books.next().value();
        books.settle(first, identity(first), "", done());
    }
    const std::vector<std::uint64_t> points = {4, 2, 0, 1};
    StageRun share = run();
    share.points = &points;
    Books books(share);
    EXPECT_EQ(books.tally().points, 4U);
    EXPECT_EQ(books.tally().done, 1U);
    EXPECT_EQ(all_of(books), (std::vector<std::uint64_t>{4, 1}));
    EXPECT_EQ(books.tally().excluded, 1U);
    EXPECT_TRUE(books.exhausted());
}

TEST_F(SweepBooks, DoNotTakeOneDesignForAnotherThatStoodThere)
{
    const ListSource before(grid_, {0, 3});
    {
        Books books(run(before));
        static_cast<void>(books.next());
        const Point second = books.next().value();
        books.settle(second, {"three", "train", std::nullopt, 1}, "", done());
    }
    const ListSource after(grid_, {0, 1, 3});
    Books books(run(after));
    EXPECT_EQ(books.tally().done, 0U);
    EXPECT_EQ(all_of(books).size(), 3U);
}

TEST_F(SweepBooks, SeeWhatComesToTheSourceLater)
{
    ListSource source(grid_, {0});
    Books books({sweep_, 0, source, constraints_, database_, silence_, "1"});
    EXPECT_EQ(all_of(books).size(), 1U);
    source.append(4);
    EXPECT_FALSE(books.exhausted());
    books.look_again();
    EXPECT_EQ(books.tally().points, 2U);
    EXPECT_EQ(books.next()->design, 4U);
}

}  // namespace
}  // namespace wagesim::sweep
