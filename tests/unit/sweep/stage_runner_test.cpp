// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The way of a sweep through its stages, with an engine that knows every result. tests/system has the real ones.
#include "platforms/sweep/stage_runner.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/staged_sweep.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::ElementsAre;

/// What is said, as lines.
class Diary final : public StageObserver {
public:
    std::unique_ptr<EngineObserver> stage_begins(const StageStart& start) override
    {
        lines.push_back(fmt::format("stage {}: {}{}{} points", start.stage, start.source ? "" : "optimiser, ",
                                    start.counted ? "" : "up to ", start.to_compute));
        return std::make_unique<Page>(lines);
    }
    void stage_ended(const Tally& tally) override
    {
        lines.push_back(fmt::format("{} done, {} missing", tally.done, tally.missing()));
    }

    std::vector<std::string> lines;

private:
    class Page final : public EngineObserver {
    public:
        explicit Page(std::vector<std::string>& lines) : lines_(lines) {}
        void point_ended(const Point& point, const Record& /*record*/, const Tally& /*tally*/) override
        {
            lines_.push_back(label_of(point));
        }
        void worker_stopped(const Point& /*point*/, const WorkerEnd& /*end*/) override {}

    private:
        std::vector<std::string>& lines_;
    };
};

class KnowingEngine final : public StageEngine {
public:
    explicit KnowingEngine(const StageRun& run) : books_(run), resolver_(run.sweep, run.sweep.stages[run.stage], 1) {}

    Tally run(const std::function<bool()>& interrupted) override
    {
        books_.look_again();
        while (!interrupted()) {
            const std::optional<Point> point = books_.next();
            if (!point) break;
            books_.settle(*point, resolver_.resolve(*point).identity, "", result_of(*point));
        }
        return books_.tally();
    }

private:
    Books books_;
    PointResolver resolver_;
};

class Stages : public ::testing::Test {
protected:
    /// As a program that is started anew: until it has asked `turns` times, or to the end.
    Tally run(int turns = 1 << 30)
    {
        const SurveyedSweep sweep(config_, 1);
        Database database = sweep.open(folder_ / "sweep.sqlite");
        return runner(sweep, database).run([&] { return turns-- <= 0; });
    }
    Tally run_share(const Plan& plan, std::size_t share)
    {
        const SurveyedSweep sweep(config_, 1);
        Database database = sweep.open(folder_ / "sweep.sqlite");
        return runner(sweep, database).run_share(plan, share, [] { return false; });
    }
    StageRunner runner(const SurveyedSweep& sweep, Database& database)
    {
        diary_.lines.clear();
        return {sweep, database, diary_, [](const StageRun& run) { return std::make_unique<KnowingEngine>(run); }, "1"};
    }

    test::TemporaryFolder folder_;
    config::SweepConfig config_ = staged_sweep();
    Diary diary_;
};

TEST_F(Stages, AreGoneThrough)
{
    const Tally tally = run();
    EXPECT_EQ(tally.points, 5U);
    EXPECT_EQ(tally.done, 5U);
    EXPECT_EQ(tally.computed, 5U);
    EXPECT_THAT(diary_.lines,
                ElementsAre("stage 0: 4 points", "widths.g=5", "widths.g=6", "widths.g=7", "widths.g=8",
                            "4 done, 0 missing", "stage 1: up to 1 points", "widths.g=7", "1 done, 0 missing"));
}

TEST_F(Stages, GoOnWhereTheyWereInterrupted)
{
    const Tally first = run(3);
    EXPECT_EQ(first.missing(), 1U);
    EXPECT_EQ(diary_.lines.back(), "3 done, 1 missing") << "the second stage cannot choose yet";
    EXPECT_EQ(run().computed, 2U);
    EXPECT_THAT(diary_.lines, ElementsAre("stage 0: 1 points", "widths.g=8", "4 done, 0 missing",
                                          "stage 1: up to 1 points", "widths.g=7", "1 done, 0 missing"));
}

TEST_F(Stages, AShareIsAListOfPoints)
{
    const Tally first = run_share({"tiny", "", 0, {}, {{0, 2}, {1, 3}}}, 1);
    EXPECT_EQ(first.points, 2U);
    EXPECT_THAT(diary_.lines, ElementsAre("stage 0: up to 2 points", "widths.g=6", "widths.g=8", "2 done, 0 missing"));
    const Tally second = run_share({"tiny", "", 1, {1, 3}, {{0}, {1}}}, 1);
    EXPECT_EQ(second.points, 1U);
    EXPECT_THAT(diary_.lines, ElementsAre("stage 1: up to 1 points", "widths.g=8", "1 done, 0 missing"));
}

class OptimisedStages : public Stages {
protected:
    OptimisedStages()
    {
        config_.axes = {axis("training.eta.1", {"-6", "-5", "-4", "-3", "-2", "-1", "0", "1", "2", "3", "4"}),
                        axis("seed", {"1", "2"}, config::Role::seed)};
        config_.objectives.push_back({"wall_seconds", config::Direction::min});
        config_.sampling.kind = config::Sampling::Kind::optimiser;
        config_.sampling.population = 8;
        config_.sampling.generations = 2;
    }
};

TEST_F(OptimisedStages, ComputeNoPointTwice)
{
    const Tally tally = run();
    EXPECT_EQ(diary_.lines.front(), "stage 0: optimiser, up to 48 points");
    EXPECT_EQ(tally.missing(), 0U);
    const auto end = std::find_if(diary_.lines.begin(), diary_.lines.end(),
                                  [](const std::string& line) { return line.find("missing") != std::string::npos; });
    const std::set<std::string> points(diary_.lines.begin() + 1, end);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(points.size()), end - diary_.lines.begin() - 1);
    EXPECT_EQ(points.size() % 2, 0U) << "each design has both seeds";
    EXPECT_EQ(run().computed, 0U) << "the same designs are asked for again";
}

TEST_F(OptimisedStages, GoOnInTheGenerationThatWasInterrupted)
{
    const Tally whole = run();
    test::TemporaryFolder other;
    const SurveyedSweep sweep(config_, 1);
    Database database = sweep.open(other / "sweep.sqlite");
    int turns = 5;
    const Tally first = runner(sweep, database).run([&] { return turns-- <= 0; });
    EXPECT_EQ(first.computed, 5U);
    EXPECT_GT(first.missing(), 0U);
    const Tally second = runner(sweep, database).run([] { return false; });
    EXPECT_EQ(second.points, whole.points);
    EXPECT_EQ(second.computed, whole.computed - 5U);
}

}  // namespace
}  // namespace wagesim::sweep
