// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which points are still to be computed, and what the tally says.
#include "platforms/sweep/books.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

class Silence final : public EngineObserver {
public:
    void point_ended(const Point& /*point*/, const Record& /*record*/, const Tally& /*tally*/) override {}
    void worker_stopped(const Point& /*point*/, const WorkerEnd& /*end*/) override {}
};

class SweepBooks : public ::testing::Test {
protected:
    SweepBooks() { database_.describe(sweep_, "one"); }

    [[nodiscard]] StageRun run(std::uint64_t share = 0, std::uint64_t shares = 1)
    {
        return {sweep_, 0, source_, constraints_, database_, silence_, "1", share, shares};
    }
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

TEST_F(SweepBooks, SharesTogetherAreTheWhole)
{
    std::vector<std::uint64_t> all;
    for (std::uint64_t share = 0; share < 4; ++share) {
        Books books(run(share, 4));
        EXPECT_EQ(books.tally().points, share < 2 ? 2U : 1U);
        for (const std::uint64_t index : all_of(books)) {
            EXPECT_EQ(index % 4, share);
            all.push_back(index);
        }
        EXPECT_EQ(books.tally().missing() + books.tally().excluded, books.tally().points);
    }
    EXPECT_EQ(all.size(), 5U);
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
