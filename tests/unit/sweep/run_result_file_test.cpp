// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Figures of a result, and which files count as a point's result.
#include "platforms/sweep/run_result_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_command.hpp"

namespace wagesim::sweep {
namespace {

constexpr const char* kResult = R"({"steps": 8, "epochs": [
  {"epoch": 0, "loss": 1.5, "test_error": null, "images_per_second": 100.0},
  {"epoch": 1, "loss": 0.5, "test_error": 0.25, "images_per_second": 300.0}],
  "final_test_error": 0.25, "wall_seconds": 3.5, "version": "0.1+model.1", "config_hash": "abc",
  "chip": {"cycles": 12345, "power_w": {"average": 0.5, "peak": null}}})";

TEST(Figure, FollowsADottedPath)
{
    EXPECT_EQ(Figures(kResult).number("final_test_error"), 0.25);
    EXPECT_EQ(Figures(kResult).number("epochs.0.loss"), 1.5);
    EXPECT_EQ(Figures(kResult).number("epochs.last.test_error"), 0.25);
    EXPECT_EQ(Figures(kResult).number("chip.cycles"), 12345.0);
    EXPECT_EQ(Figures(kResult).number("chip.power_w.average"), 0.5);
}

TEST(Figure, IsNothingWhereThereIsNone)
{
    for (const char* field : {"chip.power_w.peak", "chip.area_mm2", "epochs.0.test_error", "epochs.2.loss",
                              "evaluation.cycles", "version", "epochs"}) {
        EXPECT_FALSE(Figures(kResult).number(field)) << field;
    }
    EXPECT_FALSE(Figures(R"({"epochs": []})").number("epochs.last.loss"));
    EXPECT_FALSE(Figures("no JSON").number("final_test_error"));
}

TEST(FinishedRun, IsTheResultOfItsConfiguration)
{
    const test::TemporaryFolder folder;
    const Identity identity{"abc", "train", std::nullopt, 1};
    const std::string path = folder.path().string();
    EXPECT_FALSE(finished_run(path, identity));
    test::write_text(folder.path() / "result.json", kResult);
    const std::optional<Record> record = finished_run(path, identity);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->state, State::done);
    EXPECT_EQ(record->version, "0.1+model.1");
    EXPECT_EQ(record->wall_seconds, 3.5);
    EXPECT_NEAR(record->images_per_second.value(), 150.0, 1e-9) << "twice as many images as in 2/100 + 2/300 seconds";
    EXPECT_FALSE(finished_run(path, {"abd", "train", std::nullopt, 1}));
    EXPECT_TRUE(finished_run(path, {"abc", "train", 8, 1}));
    EXPECT_TRUE(finished_run(path, {"abc", "train", 100, 1})) << "the whole run is shorter";
    EXPECT_FALSE(finished_run(path, {"abc", "train", 7, 1})) << "it was gone on with";
    test::write_text(folder.path() / "result.json", "{\"config_hash\": ");
    EXPECT_FALSE(finished_run(path, identity));
}

}  // namespace
}  // namespace wagesim::sweep
