// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --rtl-library as a designer meets it: a right unit passes, a wrong one is named to the element, and a broken library
// ends in one line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using Json = nlohmann::json;

std::string library(const std::string& name)
{
    return std::string(WAGESIM_TEST_LIBRARIES) + "/" + name + ".so";
}

/// Options of a run with this library; `more` behind them.
std::vector<std::string> with(const std::string& name, const std::vector<std::string>& more = {},
                              const std::string& quantizer = "rtl")
{
    std::vector<std::string> all = {"--set",         small_chip(),
                                    "--set",         std::string("chip.lanes=") + WAGESIM_TEST_LANES,
                                    "--set",         "chip.quantizer=" + quantizer,
                                    "--steps",       "3",
                                    "--rtl-library", library(name)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Json json_of(const CommandResult& result, int status = 0)
{
    EXPECT_EQ(result.status, status) << result.err;
    return Json::parse(result.out);
}

/// Without what differs from run to run.
Json figures_of(Json result)
{
    for (const char* key : {"wall_seconds", "epochs", "host", "rtl_library"}) result.erase(key);
    return result;
}

TEST(RtlLibrary, ThisProjectsOwnUnitPassesAndIsNamedInTheResult)
{
    const TinyRun tiny;
    const Json result = json_of(tiny.run("verify", with("plain", {"--json"})));
    EXPECT_EQ(result.at("differences"), 0);
    EXPECT_GT(result.at("elements_compared"), 1000);
    const std::string sum = run_command({"/bin/sh", "-c", "sha256sum '" + library("plain") + "'"}).out;
    EXPECT_EQ(result.at("rtl_library").at("file"), library("plain"));
    EXPECT_EQ(result.at("rtl_library").at("name"), std::string("Vquantize_update_") + WAGESIM_TEST_LANES);
    EXPECT_EQ(result.at("rtl_library").at("sha256"), sum.substr(0, 64));
}

TEST(RtlLibrary, ItsCyclesAreThoseOfTheUnitOfThisBuild)
{
    const TinyRun tiny;
    std::vector<std::string> without = with("plain", {"--json"});
    without.erase(without.end() - 3, without.end() - 1);
    const Json own = json_of(tiny.run("simulate", without));
    EXPECT_FALSE(own.contains("rtl_library"));
    EXPECT_EQ(figures_of(own), figures_of(json_of(tiny.run("simulate", with("plain", {"--json"})))));
    EXPECT_EQ(figures_of(own), figures_of(json_of(tiny.run("simulate", with("own", {"--json"})))));
    EXPECT_EQ(figures_of(own), figures_of(json_of(tiny.run("simulate", with("own", {"--json", "--threads", "2"})))));
}

TEST(RtlLibrary, LockstepComparesItWithTheTwin)
{
    const TinyRun tiny;
    EXPECT_EQ(json_of(tiny.run("verify", with("plain", {"--json"}, "lockstep"))).at("differences"), 0);
}

TEST(RtlLibrary, TiesRoundedAwayFromZeroAreFoundAndNamed)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("verify", with("ties_away", {"--json"}));
    const Json json = json_of(result, 1);
    // A stored weight halfway between two codes, as the first command that rounds meets it.
    EXPECT_THAT(result.err, MatchesRegex("difference at step 0, layer 1, weight_q \\[[0-9]+, [0-9]+\\]: expected "
                                         "-?[0-9]+, got -?[0-9]+\n"));
    const Json first = json.at("first_difference");
    EXPECT_EQ(first.at("step"), 0);
    EXPECT_EQ(first.at("layer"), 1);
    EXPECT_EQ(first.at("tensor"), "weight_q");
    // Away from zero instead of to even: one further from zero, and odd where even was right.
    const int expected = first.at("expected").get<int>();
    const int got = first.at("got").get<int>();
    EXPECT_EQ(std::abs(got), std::abs(expected) + 1);
    EXPECT_EQ(expected % 2, 0);
}

TEST(RtlLibrary, LockstepFindsThemInTheFirstBurst)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("verify", with("ties_away", {}, "lockstep"));
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, MatchesRegex("wagesim: lockstep: requantize auxiliary result element [0-9]+: tlm "
                                         "-?[0-9]+, library -?[0-9]+\n"));
}

TEST(RtlLibrary, AnotherLatencyIsADifferenceOfCyclesInLockstepAlone)
{
    const TinyRun tiny;
    const CommandResult lockstep = tiny.run("verify", with("later", {}, "lockstep"));
    EXPECT_EQ(lockstep.status, 1);
    EXPECT_THAT(lockstep.err,
                MatchesRegex("wagesim: lockstep: [a-z_]+ burst of [0-9]+: tlm [0-9]+ cycles, library "
                             "[0-9]+ cycles; results are equal, and quantizer rtl compares them alone\n"));
    const Json later = json_of(tiny.run("verify", with("later", {"--json"})));
    EXPECT_EQ(later.at("differences"), 0);
    EXPECT_NE(later.at("chip").at("cycles"),
              json_of(tiny.run("verify", with("plain", {"--json"}))).at("chip").at("cycles"));
}

TEST(RtlLibrary, ARunGoesOnWithAnotherLibrary)
{
    const TinyRun tiny;
    const std::string out = tiny / "out";
    json_of(tiny.run("verify", with("own", {"--json", "--out", out})));
    std::vector<std::string> more = with("plain", {"--json", "--out", out, "--resume"});
    more[7] = "6";
    Json resumed = json_of(tiny.run("verify", more));
    std::vector<std::string> whole = with("plain", {"--json"});
    whole[7] = "6";
    Json at_once = json_of(tiny.run("verify", whole));
    EXPECT_EQ(resumed.at("config_hash"), at_once.at("config_hash"));
    EXPECT_EQ(resumed.at("chip").at("cycles"), at_once.at("chip").at("cycles"));
    EXPECT_EQ(Json::parse(read_text(out + "/result.json")).at("rtl_library").at("file"), library("plain"));
}

TEST(RtlLibrary, OnlyWithRtlInTheChip)
{
    const TinyRun tiny;
    for (const char* const command : {"simulate", "verify"}) {
        const CommandResult result = tiny.run(command, with("plain", {}, "tlm"));
        EXPECT_EQ(result.status, 2);
        EXPECT_EQ(result.err,
                  "wagesim: --rtl-library: got chip.quantizer tlm, allowed rtl or lockstep; --set chip.quantizer=rtl "
                  "makes it so\n");
    }
    const CommandResult timing = tiny.run("simulate", with("plain", {"--set", "chip.fidelity=timing"}, "tlm"));
    EXPECT_EQ(timing.status, 2);
    EXPECT_THAT(timing.err, HasSubstr("--rtl-library: not with chip.fidelity timing"));
}

struct BrokenLibrary {
    std::string name;
    std::string expected;  ///< in the line, or a pattern for its end
};

void PrintTo(const BrokenLibrary& broken, std::ostream* out)
{
    *out << broken.name;
}

class RefusedLibrary : public ::testing::TestWithParam<BrokenLibrary> {};

TEST_P(RefusedLibrary, EndsWithTwoAndOneClearLine)
{
    const TinyRun tiny;
    for (const char* const quantizer : {"rtl", "lockstep"}) {
        const CommandResult result = tiny.run("verify", with(GetParam().name, {"--out", tiny / "out"}, quantizer));
        EXPECT_EQ(result.status, 2);
        EXPECT_EQ(result.out, "");
        ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
        EXPECT_THAT(result.err, AllOf(HasSubstr("--rtl-library: " + library(GetParam().name) + ": "),
                                      HasSubstr(GetParam().expected)));
        EXPECT_FALSE(std::filesystem::exists(tiny / "out"));
    }
}

INSTANTIATE_TEST_SUITE_P(Broken, RefusedLibrary,
                         ::testing::ValuesIn(std::vector<BrokenLibrary>{
                             {"is_not_there", "got no file, allowed a shared library"},
                             {"no_symbol", "got no symbol wagesim_rtl_library"},
                             {"no_table", "wagesim_rtl_library() returned no table"},
                             {"other_version", "got ABI version 2, allowed 1"},
                             {"short_table", "or more"},
                             {"no_run", "got a table that lacks a function"},
                             {"refuses", std::string("refuses ") + WAGESIM_TEST_LANES + " lanes: 8192 lanes or none"},
                             {"other_lanes", std::string("allowed ") + WAGESIM_TEST_LANES},
                             {"no_unit", "create() returned no unit"},
                             {"create_fails",
                              std::string("cannot create a unit of ") + WAGESIM_TEST_LANES + " lanes: no licence"},
                         }),
                         [](const auto& one) { return one.param.name; });

TEST(RtlLibrary, AFileThatIsNoLibraryIsRefusedWithTheLoadersWords)
{
    const TinyRun tiny;
    write_text(tiny / "text.so", "not at all");
    std::vector<std::string> arguments = with("plain");
    arguments.back() = tiny / "text.so";
    const CommandResult result = tiny.run("verify", arguments);
    EXPECT_EQ(result.status, 2);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("text.so: cannot be loaded: "), Not(HasSubstr("symbol"))));
}

TEST(RtlLibrary, ANameWithoutSlashIsAFileOfTheWorkingDirectory)
{
    const TinyRun tiny;
    std::filesystem::create_symlink(library("plain"), tiny / "here.so");
    std::vector<std::string> arguments = wagesim_arguments(tiny.arguments("verify", with("plain", {"--quiet"})));
    std::string command = "cd '" + std::filesystem::path(tiny / "x").parent_path().string() + "' &&";
    for (const std::string& argument : arguments) {
        command += " '" + (argument == library("plain") ? std::string("here.so") : argument) + "'";
    }
    const CommandResult result = run_command({"/bin/sh", "-c", command}, wagesim_environment());
    EXPECT_EQ(result.status, 0) << result.err;
}

class FailingLibrary : public ::testing::TestWithParam<BrokenLibrary> {};

TEST_P(FailingLibrary, FailsTheVerificationWithItsOwnWords)
{
    const TinyRun tiny;
    for (const char* const command : {"verify", "simulate"}) {
        for (const char* const quantizer : {"rtl", "lockstep"}) {
            const CommandResult result = tiny.run(command, with(GetParam().name, {"--quiet"}, quantizer));
            EXPECT_EQ(result.status, 1) << result.err;
            EXPECT_THAT(result.err, MatchesRegex("wagesim: rtl library " + library(GetParam().name) + ": " +
                                                 GetParam().expected + "\n"));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Broken, FailingLibrary,
    ::testing::ValuesIn(std::vector<BrokenLibrary>{
        {"run_fails", "run failed: cycle 7: an assertion"},
        {"write_fails", "write_register failed: the register port is on fire"},
        {"throws", "write_register failed: an exception left it: thrown in anger"},
        {"never_idle",
         "write_register failed: the unit is stuck: no beat has moved for 1000000 cycles, 1000001 cycles after the "
         "operation began"},
        {"asserts", "write_register failed: .*quantize_update\\.sv:[0-9]+: an assertion failed"},
    }),
    [](const auto& one) { return one.param.name; });

TEST(RtlLibrary, AFailureWithoutWordsIsOneAllTheSame)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("simulate", with("read_fails", {"--quiet"}));
    EXPECT_EQ(result.status, 1);
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr("read_register failed: no reason given"));
}

}  // namespace
}  // namespace wagesim::test
