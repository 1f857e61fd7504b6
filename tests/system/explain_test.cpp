// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --explain: what its formulas come to is what the chip counted, in every sum; and config --program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

void expect_no_wider_than_a_terminal(const std::string& text)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

double number(std::string text)
{
    text.erase(std::remove(text.begin(), text.end(), ','), text.end());
    return std::stod(text);
}

/// What stands before "explained" in each line with both, and the number; the two numbers are equal.
std::map<std::string, double> explained_sums(const std::string& text)
{
    std::map<std::string, double> out;
    const std::regex sum("^  (.+): explained ([0-9,]+), counted ([0-9,]+)$");
    // An event's row: name, explained, counted, each, joules.
    const std::regex row("^  ([a-z_]+) +([0-9,]+|by the data) +([0-9,]+) +\\S+ +\\S+$");
    std::istringstream lines(text.substr(text.find(" of this run: formulas")));
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (!std::regex_match(line, match, sum) && !std::regex_match(line, match, row)) continue;
        EXPECT_EQ(match[2], match[2] == "by the data" ? std::string("by the data") : match[3].str()) << line;
        out[match[1]] = number(match[3]);
    }
    return out;
}

const std::map<std::string, std::vector<std::string>> kComponents = {
    {"partitions", {"crossbar", "drivers", "adc", "shift_add", "accumulators", "window", "pooling"}},
    {"gradient", {"gradient"}},
    {"quantize_update", {"quantize_update"}},
    {"buffer", {"buffer"}},
    {"dram", {"dram"}},
    {"interconnect", {"interconnect"}},
    {"sequencer", {"sequencer"}}};

const std::map<std::string, std::vector<std::string>> kSettings = {
    {"data", {"chip.fidelity=functional", "chip.sequencer.chunk_samples=3"}},
    {"timing", {"chip.fidelity=timing", "chip.crossbar.subtract=digital", "chip.crossbar.active_lines=64"}},
    {"copies",
     {"chip.fidelity=functional", "chip.partitions.count=64", "chip.mapping={replication: given, copies: [3, 2]}",
      "chip.gradient.accumulate=image", "chip.error_max=recompute"}},
    {"dedicated",
     {"chip.fidelity=timing", "chip.backward=dedicated", "chip.partitions.line_buffer=false",
      "chip.gradient.accumulate=image"}},
    {"posted", {"chip.fidelity=timing", "chip.schedule=pipelined", "chip.partitions.ring_kib=0"}}};

/// LeNet on a chip that is too small for it, a tiny network with data, and both with what else a chip file may choose.
class Explained : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(Explained, SumsAreThoseThatWereCounted)
{
    const TinyRun tiny;
    const auto& [unit, kind] = GetParam();
    const std::string source(WAGESIM_SOURCE_DIR);
    const std::string name = kind;
    const bool with_data = name == "data" || name == "copies";
    std::vector<std::string> arguments = {"simulate",
                                          "--steps",
                                          "2",
                                          "--explain",
                                          unit,
                                          "--out",
                                          tiny / "run",
                                          "--set",
                                          small_chip(),
                                          "--set",
                                          "chip.lanes=16",
                                          "-c",
                                          with_data ? tiny.file() : source + "/configs/runs/lenet-synthetic.yaml"};
    for (const std::string& set : kSettings.at(name)) arguments.insert(arguments.end(), {"--set", set});
    const CommandResult result = wagesim(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
    expect_no_wider_than_a_terminal(result.out);
    const std::map<std::string, double> sums = explained_sums(result.out);
    const Json chip = Json::parse(read_text(tiny / "run/result.json")).at("chip");

    double joules = 0.0;
    for (const std::string& component : kComponents.at(unit)) {
        for (const auto& [phase, energy] : chip.at("energy_by").at(component).items()) {
            if (phase != "leakage") joules += energy.get<double>();
        }
    }
    EXPECT_NEAR(sums.at("dynamic energy of " + std::string(unit) + ", aJ") * 1e-18, joules, 1e-12 * joules);
    int busy = 0;
    for (const auto& [of, utilisation] : chip.at("utilisation").items()) {
        const auto found = sums.find("busy cycles of " + of);
        if (found == sums.end()) continue;
        ++busy;
        EXPECT_DOUBLE_EQ(found->second / chip.at("cycles").get<double>(), utilisation.get<double>()) << of;
    }
    const bool has_none = std::string(unit) == "interconnect" || std::string(unit) == "sequencer";
    EXPECT_EQ(busy > 0, !has_none);
}

INSTANTIATE_TEST_SUITE_P(Units, Explained,
                         ::testing::Combine(::testing::Values("partitions", "gradient", "quantize_update", "buffer",
                                                              "dram", "interconnect", "sequencer"),
                                            ::testing::Values("data", "timing", "copies", "dedicated", "posted")),
                         [](const auto& one) {
                             return std::string(std::get<0>(one.param)) + "_" + std::get<1>(one.param);
                         });

TEST(Explain, FillsNumbersIntoFormulas)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run(
        "simulate", {"--steps", "1", "--set", small_chip(), "--set", "chip.lanes=16", "--explain", "partitions"});
    ASSERT_EQ(result.status, 0) << result.err;
    // 8 images of 36 positions; kernel 3 x 3 of one channel, 4 filters.
    EXPECT_THAT(result.out,
                HasSubstr("cell_pulse = samples * places * ceil(bits / dac_bits) * slices * rows * columns\n"));
    EXPECT_THAT(result.out, HasSubstr("= 8 * 36 * ceil(8 / 1) * 1 * 9 * 4 = 82,944\n"));
}

TEST(Explain, NeedsAStep)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run(
        "simulate", {"--steps", "0", "--set", small_chip(), "--set", "chip.lanes=16", "--explain", "partitions"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("--explain: got a run of no steps"));
}

TEST(Program, IsPrinted)
{
    const std::string source(WAGESIM_SOURCE_DIR);
    const std::vector<std::string> arguments = {"config", "-c", source + "/configs/runs/lenet-synthetic.yaml",
                                                "--program"};
    const CommandResult result = wagesim(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
    for (const char* text : {"layer 2: 25x4 tiles", "buffer: ", "training step of 32 samples: 77 commands\n",
                             "\n0 quantize_update forward layer 0: input", " after "}) {
        EXPECT_THAT(result.out, HasSubstr(text));
    }
    expect_no_wider_than_a_terminal(result.out);
    std::vector<std::string> json = arguments;
    json.emplace_back("--json");
    EXPECT_EQ(Json::parse(wagesim(json).out).at("program"), result.out);
}

TEST(Program, OfAChipThatCannotRunTheNetworkIsRefused)
{
    const TinyRun tiny;
    const CommandResult result =
        tiny.run("config", {"--program", "--set", small_chip(), "--set", "chip.gradient.accumulator_bits=8"});
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
}

}  // namespace
}  // namespace wagesim::test
