// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --wave in whole runs: the steps that were asked for and no others, the values of the run's own dump, and a file that
// is whole or not there, however the run ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "ref/data/npz.hpp"
#include "tests/support/fst_file.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr const char* kClock = "quantize_update.clk_i";
constexpr std::uint32_t kModeAddress = 0x04;
constexpr std::uint64_t kActivation = 1;

/// Options of a run that records into wave.fst; `more` behind them.
std::vector<std::string> recorded(const TinyRun& tiny, const std::vector<std::string>& more = {},
                                  const std::string& quantizer = "rtl")
{
    std::vector<std::string> all = {"--set",  small_chip(),
                                    "--set",  "chip.lanes=" + std::to_string(WAGESIM_TEST_LANES),
                                    "--set",  "chip.quantizer=" + quantizer,
                                    "--wave", tiny / "wave.fst"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Json json_of(const CommandResult& result, int status = 0)
{
    EXPECT_EQ(result.status, status) << result.err;
    return Json::parse(result.out);
}

struct Edges {
    std::uint64_t working = 0;  ///< all but those of register reads
    std::uint64_t first = 0;    ///< time, fs
    std::uint64_t last = 0;
};

Edges edges_of(const FstFile& wave)
{
    Edges edges;
    wave.for_each_edge(kClock, [&](const FstFile::Sample& at) {
        if (at.number("quantize_update.reg_re_i") == 0) ++edges.working;
        if (edges.first == 0) edges.first = at.time();
        edges.last = at.time();
    });
    return edges;
}

std::vector<std::string> files_in(const TinyRun& tiny)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(tiny.file()).parent_path())) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

TEST(Wave, HasTheCyclesOfTheStepsThatWereAskedForAndNoOthers)
{
    const TinyRun tiny;
    const auto cycles_of = [&](const std::string& steps) {
        const Json result =
            json_of(tiny.run("simulate", recorded(tiny, {"--json", "--steps", "4", "--wave-steps", steps})));
        const Json wave = result.at("wave");
        EXPECT_EQ(wave.at("file"), tiny / "wave.fst");
        const Edges edges = edges_of(FstFile(tiny / "wave.fst"));
        EXPECT_EQ(edges.working, wave.at("cycles")) << steps;
        return edges;
    };
    const Edges one = cycles_of("1:2");
    const Edges two = cycles_of("1:3");
    const Edges last = cycles_of("2:3");
    EXPECT_GT(one.working, 100U);
    EXPECT_EQ(two.working, one.working + last.working);
    // Time is the chip's.
    EXPECT_EQ(two.first, one.first);
    EXPECT_GT(last.first, one.last);
    EXPECT_EQ(two.last, last.last);
}

TEST(Wave, IsOfTheFirstStepUnlessSaidOtherwise)
{
    const TinyRun tiny;
    const Json result = json_of(tiny.run("verify", recorded(tiny, {"--json", "--steps", "2"})));
    EXPECT_EQ(result.at("differences"), 0);
    EXPECT_EQ(result.at("wave").at("steps"), Json::array({0, 1}));
    const FstFile wave(tiny / "wave.fst");
    EXPECT_EQ(wave.scopes().front(), "quantize_update");
    EXPECT_EQ(edges_of(wave).working, result.at("wave").at("cycles"));
}

TEST(Wave, ResultsOfAnActivationBurstAreThoseOfTheDump)
{
    const TinyRun tiny;
    json_of(tiny.run("simulate",
                     recorded(tiny, {"--json", "--steps", "2", "--wave-steps", "1:2", "--dump", tiny / "dump.npz"})));
    std::uint64_t mode = 0;
    std::vector<int> codes;
    FstFile(tiny / "wave.fst").for_each_edge(kClock, [&](const FstFile::Sample& at) {
        const auto port = [&](const char* name) { return at.number(std::string("quantize_update.") + name); };
        if (port("reg_we_i") != 0 && port("reg_addr_i") == kModeAddress) mode = port("reg_wdata_i");
        if (mode != kActivation || port("out_valid_o") == 0 || port("out_ready_i") == 0) return;
        for (std::size_t lane = 0; lane < WAGESIM_TEST_LANES; ++lane) {
            if (at.number("quantize_update.out_keep_o", lane, 1) == 0) continue;
            codes.push_back(static_cast<std::int16_t>(at.number("quantize_update.out_data_o", 16 * lane, 16)));
        }
    });
    // The only activations are the convolution's; the chip keeps channels last, a dump first.
    const NpzReader dump(tiny / "dump.npz");
    const std::vector<std::size_t> shape = dump.header("step1/layer0/output").shape;
    const std::vector<int> output = dump.read("step1/layer0/output").values<int>();
    ASSERT_EQ(shape.size(), 4U);
    std::vector<int> expected;
    for (std::size_t n = 0; n < shape[0]; ++n)
        for (std::size_t pixel = 0; pixel < shape[2] * shape[3]; ++pixel)
            for (std::size_t c = 0; c < shape[1]; ++c)
                expected.push_back(output[(n * shape[1] + c) * shape[2] * shape[3] + pixel]);
    EXPECT_EQ(codes, expected);
}

TEST(Wave, ChangesNoResult)
{
    const TinyRun tiny;
    std::vector<std::string> without = recorded(tiny, {"--json", "--steps", "2"});
    without.erase(without.begin() + 6, without.begin() + 8);
    Json expected = json_of(tiny.run("simulate", without));
    for (const char* const quantizer : {"rtl", "lockstep"}) {
        Json got = json_of(tiny.run("simulate", recorded(tiny, {"--json", "--steps", "2"}, quantizer)));
        EXPECT_EQ(got.at("chip"), expected.at("chip")) << quantizer;
        EXPECT_EQ(got.at("config_hash") == expected.at("config_hash"), std::string(quantizer) == "rtl");
    }
}

TEST(Wave, OfALibraryThatRecords)
{
    const TinyRun tiny;
    const std::string libraries = WAGESIM_TEST_LIBRARIES;
    const Json own = json_of(tiny.run("verify", recorded(tiny, {"--json", "--steps", "1"})));
    const Json library =
        json_of(tiny.run("verify", recorded(tiny, {"--json", "--steps", "1", "--rtl-library", libraries + "/own.so"})));
    EXPECT_EQ(library.at("wave"), own.at("wave"));
    EXPECT_EQ(edges_of(FstFile(tiny / "wave.fst")).working, own.at("wave").at("cycles"));

    const CommandResult refused =
        tiny.run("verify", recorded(tiny, {"--steps", "1", "--rtl-library", libraries + "/plain.so"}));
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.err, "wagesim: --wave: not with " + libraries + "/plain.so, which records no waves\n");
}

TEST(Wave, ADifferenceLeavesWhatWasRecorded)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run(
        "verify", recorded(tiny, {"--steps", "6", "--wave-steps", "0:6", "--inject", "1:0:output:3:2", "--json"}));
    const Json wave = json_of(result, 1).at("wave");
    EXPECT_EQ(edges_of(FstFile(tiny / "wave.fst")).working, wave.at("cycles"));
    EXPECT_THAT(files_in(tiny), ::testing::UnorderedElementsAre("tiny.yaml", "wave.fst"));
}

TEST(Wave, AnInterruptionLeavesAReadableFile)
{
    const TinyRun tiny;
    RunningCommand command(
        wagesim_arguments(tiny.arguments("simulate", recorded(tiny, {"--set", "training.epochs=1000", "--wave-steps",
                                                                     "0:64", "--out", tiny / "run"}))),
        wagesim_environment());
    ASSERT_TRUE(command.wait_for_file(tiny / "run/checkpoint.npz"));
    command.send_signal(SIGINT);
    const CommandResult result = command.wait();
    EXPECT_EQ(result.status, 4) << result.err;
    // It may have come before the first step.
    if (fs::exists(tiny / "wave.fst")) {
        EXPECT_GT(edges_of(FstFile(tiny / "wave.fst")).working, 100U);
    }
    for (const std::string& name : files_in(tiny)) EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
}

TEST(Wave, AFileThatCannotBeWrittenToItsEndIsAnErrorAndLeavesNone)
{
    const TinyRun tiny;
    write_text(tiny / "wave.fst", "an older one");
    std::string command = "ulimit -f 96;";  // blocks of 512 bytes: a third of the file
    for (const std::string& argument :
         wagesim_arguments(tiny.arguments("simulate", recorded(tiny, {"--steps", "2", "--wave-steps", "0:2"})))) {
        command += " '" + argument + "'";
    }
    const CommandResult result = run_command({"/bin/sh", "-c", command}, wagesim_environment());
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_THAT(result.err, HasSubstr("wave.fst: cannot be written to its end"));
    EXPECT_EQ(read_text(tiny / "wave.fst"), "an older one");
    EXPECT_THAT(files_in(tiny), ::testing::UnorderedElementsAre("tiny.yaml", "wave.fst"));
}

struct Refusal {
    std::string name;
    std::vector<std::string> more;
    std::string expected;
    std::string quantizer = "rtl";
};

void PrintTo(const Refusal& refusal, std::ostream* out)
{
    *out << refusal.name;
}

class RefusedWave : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedWave, EndsWithTwoAndOneClearLineBeforeTheRun)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("simulate", recorded(tiny, GetParam().more, GetParam().quantizer));
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.out, "");
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr(GetParam().expected));
    EXPECT_FALSE(fs::exists(tiny / "wave.fst"));
}

INSTANTIATE_TEST_SUITE_P(
    Wave, RefusedWave,
    ::testing::ValuesIn(std::vector<Refusal>{
        {"twin", {}, "--wave: got chip.quantizer tlm, allowed rtl or lockstep", "tlm"},
        {"timing", {"--set", "chip.fidelity=timing"}, "--wave: not with chip.fidelity timing", "tlm"},
        {"resumed", {"--out", "/nowhere/run", "--resume"}, "--wave: not with --resume"},
        {"beyond_the_run", {"--steps", "3", "--wave-steps", "2:4"}, "--wave-steps: got 2:4, allowed A:B up to 3"},
        {"no_steps", {"--steps", "0"}, "--wave-steps: got 0:1, allowed A:B up to 0"},
    }),
    [](const auto& one) { return one.param.name; });

TEST(Wave, ItsPlaceIsCheckedBeforeTheRun)
{
    const TinyRun tiny;
    const auto expect_refused = [&](const std::string& file, const std::string& text,
                                    const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments = recorded(tiny, more);
        arguments[7] = file;
        const CommandResult result = tiny.run("verify", arguments);
        EXPECT_EQ(result.status, 2) << file;
        EXPECT_THAT(result.err, StartsWith("wagesim: --wave: ")) << file;
        EXPECT_THAT(result.err, HasSubstr(text)) << file;
    };
    expect_refused("/tmp", "which is a folder");
    expect_refused("/nowhere/wave.fst", "which is no folder");
    expect_refused(tiny.file(), "which this run reads or writes itself");
    const std::string library = std::string(WAGESIM_TEST_LIBRARIES) + "/own.so";
    expect_refused(library, "which this run reads or writes itself", {"--rtl-library", library});
    EXPECT_GT(fs::file_size(library), 1000U);
}

}  // namespace
}  // namespace wagesim::test
