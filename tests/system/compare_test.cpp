// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim compare: what differs is shown, what is equal is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/system/on_chip.hpp"

namespace wagesim::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Compare : public ::testing::Test {
protected:
    /// A run without data in folder `name`.
    void make(const std::string& name, const std::vector<std::string>& more = {})
    {
        std::vector<std::string> options = on_chip({"--set", "chip.fidelity=timing", "--quiet", "--out", run_ / name});
        options.insert(options.end(), more.begin(), more.end());
        ASSERT_EQ(run_.run("simulate", options).status, 0);
    }
    [[nodiscard]] CommandResult compare(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments = {"compare", run_ / "a", run_ / "b"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return wagesim(arguments);
    }

    TinyRun run_;
};

TEST_F(Compare, EqualRunsDifferInTheClockAlone)
{
    make("a");
    make("b", {"--set", "name=other"});
    const CommandResult result = compare();
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("configuration: all "));
    const Json json = json_of(compare({"--json"}));
    for (const Json& figure : json.at("result")) EXPECT_EQ(figure.at("figure"), "wall_seconds");
    EXPECT_GT(json.at("equal_figures"), 100);
}

TEST_F(Compare, KeysAndFiguresStandBesideEachOther)
{
    make("a");
    make("b", {"--set", "chip.clock_ghz=2"});
    const Json json = json_of(compare({"--json"}));
    ASSERT_EQ(json.at("configuration").size(), 1U);
    EXPECT_EQ(json.at("configuration")[0].at("key"), "chip.clock_ghz");
    EXPECT_EQ(json.at("configuration")[0].at("second"), "2");
    bool found = false;
    for (const Json& figure : json.at("result")) {
        if (figure.at("figure") != "chip.seconds") continue;
        found = true;
        EXPECT_DOUBLE_EQ(figure.at("ratio"), figure.at("second").get<double>() / figure.at("first").get<double>());
        EXPECT_LT(figure.at("ratio"), 1.0);
    }
    EXPECT_TRUE(found);
    EXPECT_THAT(compare().out, AllOf(HasSubstr("configuration: 1 keys differ, "), HasSubstr("chip.seconds")));
}

TEST_F(Compare, WhatOnlyOneRunHasHasNoRatio)
{
    make("a");
    ASSERT_EQ(run_.run("train", {"--quiet", "--out", run_ / "b"}).status, 0);
    const Json json = json_of(compare({"--json"}));
    bool found = false;
    for (const Json& figure : json.at("result")) {
        if (figure.at("figure") != "chip.cycles") continue;
        found = true;
        EXPECT_TRUE(figure.at("second").is_null());
        EXPECT_TRUE(figure.at("ratio").is_null());
    }
    EXPECT_TRUE(found);
}

TEST_F(Compare, WhatIsNoRunIsRefusedInOneLine)
{
    make("a");
    const CommandResult missing = compare();
    EXPECT_EQ(missing.status, 3);
    EXPECT_EQ(missing.err, (run_ / "b") + ": got no folder, allowed one that --out left\n");
    make("b");
    write_text(run_ / "b/result.json", "[]");
    EXPECT_EQ(compare().err, (run_ / "b") + "/result.json: got no JSON object, allowed a result\n");
    const CommandResult alone = wagesim({"compare", run_ / "a"});
    EXPECT_EQ(alone.status, 2);
    EXPECT_EQ(alone.error_lines().size(), 1U);
}

}  // namespace
}  // namespace wagesim::test
