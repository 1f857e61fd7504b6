// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// trace.json against result.json of the same run: every figure that both have is counted in ways of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/compare_runs.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr double kClockGhz = 0.5;  // of the small chip

/// A trace by its tracks.
struct Trace {
    std::map<int, std::string> tracks;
    std::map<std::string, std::vector<Json>> slices;    ///< by track
    std::map<std::string, std::vector<Json>> counters;  ///< by name
};

Trace read_trace(const std::string& file)
{
    Trace out;
    const Json json = Json::parse(read_text(file));
    for (const Json& event : json.at("traceEvents")) {
        EXPECT_EQ(event.at("pid"), 1);
        const std::string kind = event.at("ph");
        if (kind == "M" && event.at("name") == "thread_name") out.tracks[event.at("tid")] = event.at("args").at("name");
        if (kind == "X") out.slices[out.tracks.at(event.at("tid"))].push_back(event);
        if (kind == "C") out.counters[event.at("name")].push_back(event);
    }
    return out;
}

/// Integral over cycles of one value of a counter: each holds until the next.
double integral(const std::vector<Json>& counter, const std::string& value)
{
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < counter.size(); ++i) {
        const double microseconds = counter[i + 1].at("ts").get<double>() - counter[i].at("ts").get<double>();
        EXPECT_GE(microseconds, 0.0);
        sum += counter[i].at("args").at(value).get<double>() * microseconds * 1000.0 * kClockGhz;
    }
    EXPECT_EQ(counter.back().at("args").at(value), 0.0) << "a counter ends with its step";
    return sum;
}

std::vector<std::string> traced(const TinyRun& tiny, const std::string& fidelity, const std::vector<std::string>& more)
{
    std::vector<std::string> all = {
        "--set",   small_chip(), "--set", "chip.lanes=16", "--set", "chip.fidelity=" + fidelity,
        "--quiet", "--trace",    "--out", tiny / "run",    "--set", "chip.sequencer.chunk_samples=2"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

class TraceOfFidelity : public ::testing::TestWithParam<const char*> {};

TEST_P(TraceOfFidelity, AgreesWithTheResult)
{
    const TinyRun tiny;
    const CommandResult run = tiny.run("simulate", traced(tiny, GetParam(), {"--steps", "1"}));
    ASSERT_EQ(run.status, 0) << run.err;
    const Json chip = Json::parse(read_text(tiny / "run/result.json")).at("chip");
    const Trace trace = read_trace(tiny / "run/trace.json");
    const double cycles = chip.at("cycles");

    std::uint64_t last = 0;
    std::uint64_t macs = 0;
    std::map<int, std::pair<std::uint64_t, std::uint64_t>> commands;  // begin and end by index
    for (const auto& [track, slices] : trace.slices) {
        if (track == "steps") continue;
        std::uint64_t busy = 0;
        std::uint64_t free = 0;
        for (const Json& slice : slices) {
            const Json& args = slice.at("args");
            const std::uint64_t begin = args.at("begin_cycle");
            const std::uint64_t end = args.at("end_cycle");
            EXPECT_GE(begin, free) << track << " " << slice;
            EXPECT_GE(begin, args.at("ready_cycle").get<std::uint64_t>());
            EXPECT_NEAR(slice.at("ts"), static_cast<double>(begin) / (kClockGhz * 1000), 1e-9);
            EXPECT_NEAR(slice.at("dur"), static_cast<double>(end - begin) / (kClockGhz * 1000), 1e-9);
            free = end;
            busy += end - begin;
            macs += args.value("macs", std::uint64_t{0});
            EXPECT_TRUE(commands.emplace(args.at("command").get<int>(), std::pair{begin, end}).second);
        }
        EXPECT_DOUBLE_EQ(chip.at("utilisation").at(track).get<double>(), static_cast<double>(busy) / cycles) << track;
        last = std::max(last, free);
    }
    EXPECT_EQ(trace.slices.size(), chip.at("waits_cycles").size() + 1) << "a track a unit, and the steps";
    EXPECT_EQ(last, chip.at("cycles"));
    EXPECT_EQ(2 * macs, chip.at("operations"));
    EXPECT_EQ(commands.rbegin()->first + 1, static_cast<int>(commands.size())) << "every command of the program";
    ASSERT_EQ(trace.slices.at("steps").size(), 1U);
    EXPECT_EQ(trace.slices.at("steps").front().at("args").at("cycles"), chip.at("cycles"));

    for (const auto& [track, slices] : trace.slices) {
        if (track == "steps") continue;
        for (const Json& slice : slices) {
            std::uint64_t ready = 0;
            for (const int before : slice.at("args").at("after")) ready = std::max(ready, commands.at(before).second);
            EXPECT_EQ(slice.at("args").at("ready_cycle"), ready) << slice;
        }
    }
}

TEST_P(TraceOfFidelity, ItsCountersIntegrateToTheResult)
{
    const TinyRun tiny;
    const CommandResult run = tiny.run("simulate", traced(tiny, GetParam(), {"--steps", "3", "--trace-steps", "0:3"}));
    ASSERT_EQ(run.status, 0) << run.err;
    const Json chip = Json::parse(read_text(tiny / "run/result.json")).at("chip");
    const Trace trace = read_trace(tiny / "run/trace.json");
    // Fidelity `timing` simulates two steps and counts the third like the second.
    const bool all = trace.slices.at("steps").size() == 3;
    EXPECT_EQ(all, std::string(GetParam()) != "timing");
    const double share = all ? 1.0 : 2.0 / 3.0;

    const double joules = integral(trace.counters.at("power, W"), "W") / (kClockGhz * 1e9);
    const double expected = share * chip.at("energy_j").get<double>();
    EXPECT_NEAR(joules, expected, 1e-6 * expected);
    for (const auto& [name, memory] : {std::pair{"buffer, bytes a cycle", "buffer"}, {"DRAM, bytes a cycle", "dram"}}) {
        double moved = 0.0;
        for (const Json& stream : chip.at("traffic_bytes").at(memory)) moved += share * stream.get<double>();
        if (moved == 0.0) continue;
        const std::vector<Json>& counter = trace.counters.at(name);
        EXPECT_NEAR(integral(counter, "read") + integral(counter, "written"), moved, 1e-6 * moved) << memory;
    }
    for (const auto& [unit, waits] : chip.at("waits_cycles").items()) {
        for (const auto& [direction, waited] : waits.items()) {
            const auto found = trace.counters.find(unit + ", commands waiting");
            double cycles = 0.0;
            if (found != trace.counters.end()) {
                std::vector<Json> any = found->second;
                for (Json& one : any) {
                    one["args"][direction] = one["args"][direction] > 0 ? 1 : 0;
                }
                cycles = integral(any, direction);
            }
            EXPECT_NEAR(cycles, share * waited.get<double>(), 1e-3) << unit << " " << direction;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, TraceOfFidelity, ::testing::Values("functional", "bit_serial", "timing"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Trace, HoldsTheStepsThatWereAskedFor)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("simulate", traced(tiny, "functional", {"--steps", "6", "--trace-steps", "2:4"})).status, 0);
    const Trace trace = read_trace(tiny / "run/trace.json");
    const std::vector<Json>& steps = trace.slices.at("steps");
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].at("name"), "step 2");
    EXPECT_EQ(steps[0].at("ts"), 0.0);
    EXPECT_EQ(steps[1].at("args").at("begin_cycle"), steps[0].at("args").at("end_cycle"));
}

TEST(Trace, ChangesNothingElse)
{
    const TinyRun tiny;
    const auto result = [&](const std::vector<std::string>& more) {
        std::vector<std::string> all = {"--set", small_chip(), "--set", "chip.lanes=16", "--json", "--steps", "3"};
        all.insert(all.end(), more.begin(), more.end());
        const CommandResult run = tiny.run("simulate", all);
        EXPECT_EQ(run.status, 0) << run.err;
        return without_times(Json::parse(run.out));
    };
    EXPECT_EQ(result({"--trace", "--out", tiny / "run"}), result({}));
}

TEST(Power, OfTheFirstStepAddsUpToItsEnergy)
{
    const TinyRun tiny;
    const auto simulated = [&](const std::string& out, const std::string& steps) {
        const CommandResult run = tiny.run("simulate", {"--set", small_chip(), "--set", "chip.lanes=16", "--quiet",
                                                        "--record", "--steps", steps, "--out", tiny / out});
        EXPECT_EQ(run.status, 0) << run.err;
        return Json::parse(read_text(tiny / out + "/power.json"));
    };
    const Json power = simulated("one", "1");
    const Json chip = Json::parse(read_text(tiny / "one/result.json")).at("chip");
    const double window = power.at("window_cycles");
    const double cycles = power.at("cycles");
    EXPECT_EQ(cycles, chip.at("cycles").get<double>());
    double joules = 0.0;
    double begin = 0.0;
    for (const Json& watts : power.at("dynamic_w")) {
        const double length = std::min(window, cycles - begin);
        joules += (watts.get<double>() + power.at("leakage_w").get<double>()) * length / (kClockGhz * 1e9);
        begin += window;
    }
    EXPECT_GE(begin, cycles);
    const double expected = chip.at("energy_j");
    EXPECT_NEAR(joules, expected, 1e-9 * expected);
    EXPECT_EQ(simulated("three", "3"), power) << "of the first step, whatever follows";
}

TEST(Trace, ARunThatFailsLeavesNoPartOfOne)
{
    const TinyRun tiny;
    // 64 is no weight code of two bits: the chip refuses it in step 1, before the range is complete.
    const CommandResult result =
        tiny.run("simulate",
                 traced(tiny, "functional", {"--steps", "3", "--trace-steps", "0:3", "--inject", "1:0:weight_q:0:6"}));
    EXPECT_EQ(result.status, 1) << result.err;
    for (const auto& entry : fs::directory_iterator(tiny / "run")) {
        EXPECT_EQ(entry.path().filename().string().find("trace"), std::string::npos) << entry.path();
    }
}

TEST(Trace, StepsThatTheRunDoesNotHaveAreRefused)
{
    const TinyRun tiny;
    const auto refused = [&](const std::string& fidelity, const std::vector<std::string>& more) {
        const CommandResult result = tiny.run("simulate", traced(tiny, fidelity, more));
        EXPECT_EQ(result.status, 2);
        EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
        EXPECT_FALSE(fs::exists(tiny / "run"));
        return result.err;
    };
    EXPECT_THAT(refused("functional", {"--steps", "2", "--trace-steps", "1:3"}),
                HasSubstr("got 1:3, allowed A:B up to 2"));
    EXPECT_THAT(refused("functional", {"--steps", "0"}), HasSubstr("got 0:1, allowed A:B up to 0"));
    EXPECT_THAT(refused("timing", {"--trace-steps", "1:2"}), HasSubstr("got 1:2, allowed 0:B"));
}

}  // namespace
}  // namespace wagesim::test
