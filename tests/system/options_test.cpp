// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The command line: what is offered, what is refused and how, and that each option does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using Json = nlohmann::json;

struct Refusal {
    std::string name;
    std::vector<std::string> arguments;  ///< RUN stands for the run file
    std::string expected;                ///< in the one line
};

void PrintTo(const Refusal& refusal, std::ostream* out)
{
    *out << refusal.name;
}

class RefusedCommandLine : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedCommandLine, EndsWithTwoAndOneClearLine)
{
    const TinyRun tiny;
    std::vector<std::string> arguments = GetParam().arguments;
    for (std::string& argument : arguments) {
        if (argument == "RUN") argument = tiny.file();
    }
    const CommandResult result = wagesim(arguments);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.out, "");
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Cli, RefusedCommandLine,
    ::testing::ValuesIn(std::vector<Refusal>{
        {"nothing", {}, "command: got none"},
        {"unknown_command", {"learn"}, "command: got learn, allowed train"},
        {"sweep_without_action", {"sweep"}, "sweep: got none, allowed run, slurm, status, collect, export, best"},
        {"sweep_unknown_action", {"sweep", "batch", "-c", "RUN"}, "sweep: got batch, allowed run, slurm, status"},
        {"sweep_share", {"sweep", "run", "-c", "RUN", "--out", "DIR", "--share", "3"}, "--share: got 3, allowed K/N"},
        {"sweep_tasks",
         {"sweep", "slurm", "-c", "RUN", "--out", "DIR", "--tasks", "1001"},
         "--tasks: got 1001, allowed 1.."},
        {"sweep_without_folder", {"sweep", "run", "-c", "RUN"}, "--out is required"},
        {"sweep_without_file", {"sweep", "run", "--out", "DIR"}, "--config is required"},
        {"sweep_jobs", {"sweep", "run", "-c", "RUN", "--out", "DIR", "--jobs", "0"}, "--jobs: got 0, allowed 1.."},
        {"sweep_steps", {"sweep", "run", "-c", "RUN", "--out", "DIR", "--steps", "3"}, "wagesim sweep run --help"},
        {"sweep_jobs_of_status", {"sweep", "status", "-c", "RUN", "--out", "DIR", "--jobs", "2"}, "got --jobs"},
        {"sweep_export_json", {"sweep", "export", "-c", "RUN", "--out", "DIR", "--json"}, "got --json"},
        {"unknown_option_first", {"--fast"}, "subcommand"},
        {"no_config", {"train"}, "--config is required"},
        {"unknown_option", {"train", "-c", "RUN", "--fast"}, "got --fast"},
        {"abbreviated_option", {"train", "-c", "RUN", "--thread", "2"}, "got --thread"},
        {"stray_argument", {"train", "-c", "RUN", "stray"}, "got stray"},
        {"record_without_out", {"train", "-c", "RUN", "--record"}, "--record: needs --out DIR"},
        {"record_on_chip_without_out", {"simulate", "-c", "RUN", "--record"}, "--record: needs --out DIR"},
        {"dump_of_nothing",
         {"train", "-c", "RUN", "--dump", "d.npz", "--dump-filter", "layer0*"},
         "--dump-filter: got layer0*, which no entry of the 36 steps matches, allowed a pattern of names like "
         "step0/layer0/weight_q"},
        {"explain_unknown",
         {"simulate", "-c", "RUN", "--explain", "engine"},
         "--explain: got engine, allowed partitions, gradient, quantize_update, buffer, dram, interconnect, sequencer"},
        {"explain_with_json", {"simulate", "-c", "RUN", "--explain", "dram", "--json"}, "--explain: not with --json"},
        {"explain_with_train", {"train", "-c", "RUN", "--explain", "dram"}, "got --explain"},
        {"program_without_chip", {"config", "-c", "RUN", "--program"}, "--program: got no chip"},
        {"program_on_other_command", {"simulate", "-c", "RUN", "--program"}, "got --program"},
        {"sqlite_without_out", {"simulate", "-c", "RUN", "--sqlite"}, "--sqlite: needs --out DIR"},
        {"sqlite_with_train", {"train", "-c", "RUN", "--sqlite"}, "got --sqlite"},
        {"trace_without_out", {"simulate", "-c", "RUN", "--trace"}, "--trace: needs --out DIR"},
        {"trace_resumed",
         {"simulate", "-c", "RUN", "--trace", "--out", "DIR", "--resume"},
         "--trace: not with --resume"},
        {"trace_with_train", {"train", "-c", "RUN", "--trace"}, "got --trace"},
        {"trace_steps_without_trace",
         {"simulate", "-c", "RUN", "--trace-steps", "0:1"},
         "--trace-steps requires --trace"},
        {"trace_steps_one", {"simulate", "-c", "RUN", "--trace", "--trace-steps", "3"}, "got 3, allowed A:B"},
        {"trace_steps_empty", {"simulate", "-c", "RUN", "--trace", "--trace-steps", "3:3"}, "got 3, allowed 4..67"},
        {"trace_steps_many", {"simulate", "-c", "RUN", "--trace", "--trace-steps", "0:65"}, "got 65, allowed 1..64"},
        {"record_with_verify", {"verify", "-c", "RUN", "--out", "DIR", "--record"}, "got --record"},
        {"report_of_nothing", {"report", "-o", "report.html"}, "runs is required"},
        {"report_without_output", {"report", "DIR"}, "--output is required"},
        {"report_into_nowhere", {"report", "/tmp", "-o", "/nowhere/report.html"}, "-o: got /nowhere"},
        {"report_is_folder", {"report", "/tmp", "-o", "/tmp"}, "-o: got /tmp, which is a folder"},
        {"report_of_both",
         {"report", "/tmp", "sweep.sqlite", "-o", "/tmp/r.html"},
         "got /tmp and sweep.sqlite, allowed run folders or databases of sweeps, not both"},
        {"report_twice_the_same", {"report", "/tmp", "/tmp/.", "-o", "/tmp/r.html"}, "got /tmp/. twice"},
        {"wave_with_train", {"train", "-c", "RUN", "--wave", "a.fst"}, "got --wave"},
        {"wave_empty", {"simulate", "-c", "RUN", "--wave", ""}, "--wave: got an empty text"},
        {"wave_without_chip", {"simulate", "-c", "RUN", "--wave", "a.fst"}, "got no chip"},
        {"wave_of_the_twin",
         {"verify", "-c", "RUN", "--set", small_chip(), "--set", "chip.quantizer=tlm", "--wave", "a.fst"},
         "--wave: got chip.quantizer tlm, allowed rtl or lockstep"},
        {"wave_steps_without_wave", {"simulate", "-c", "RUN", "--wave-steps", "1:2"}, "--wave-steps requires --wave"},
        {"wave_steps_backward",
         {"verify", "-c", "RUN", "--wave", "a.fst", "--wave-steps", "3:2"},
         "--wave-steps: got 2, allowed 4..67"},
        {"wave_steps_empty",
         {"verify", "-c", "RUN", "--wave", "a.fst", "--wave-steps", "3:3"},
         "--wave-steps: got 3, allowed 4..67"},
        {"wave_steps_one",
         {"verify", "-c", "RUN", "--wave", "a.fst", "--wave-steps", "3"},
         "--wave-steps: got 3, allowed A:B"},
        {"wave_steps_many",
         {"verify", "-c", "RUN", "--wave", "a.fst", "--wave-steps", "0:65"},
         "--wave-steps: got 65, allowed 1..64"},
        {"rtl_library_with_infer",
         {"infer", "-c", "RUN", "--weights", "w", "--rtl-library", "a.so"},
         "got --rtl-library"},
        {"rtl_library_of_the_twin",
         {"simulate", "-c", "RUN", "--set", small_chip(), "--set", "chip.quantizer=tlm", "--rtl-library", "a.so"},
         "--rtl-library: got chip.quantizer tlm, allowed rtl or lockstep"},
        {"rtl_library_missing",
         {"simulate", "-c", "RUN", "--set", small_chip(), "--set", "chip.quantizer=rtl", "--rtl-library",
          "/nowhere/a.so"},
         "--rtl-library: /nowhere/a.so: got no file, allowed a shared library"},
        {"inject_without_chip", {"train", "-c", "RUN", "--inject", "0:0:acc:0:0"}, "got --inject"},
        {"tolerate_without_verify", {"simulate", "-c", "RUN", "--tolerate", "deviation"}, "got --tolerate"},
        {"compare_without_verify", {"simulate", "-c", "RUN", "--compare-steps", "1"}, "got --compare-steps"},
        {"tolerate_other", {"verify", "-c", "RUN", "--tolerate", "all"}, "got all, allowed deviation"},
        {"infer_without_weights", {"infer", "-c", "RUN"}, "--weights is required"},
        {"infer_engine", {"infer", "-c", "RUN", "--weights", "w", "--engine", "gpu"}, "got gpu, allowed"},
        {"steps_negative", {"train", "-c", "RUN", "--steps", "-1"}, "--steps: got -1, allowed 0.."},
        {"steps_text", {"train", "-c", "RUN", "--steps", "many"}, "--steps: got many"},
        {"steps_fraction", {"train", "-c", "RUN", "--steps", "1.5"}, "--steps: got 1.5"},
        {"steps_huge", {"train", "-c", "RUN", "--steps", "1099511627776"}, "--steps: got 1099511627776"},
        {"steps_missing",
         {"train", "-c", "RUN", "--steps"},
         "--steps: got nothing, allowed N; see wagesim train --help"},
        {"steps_twice",
         {"train", "-c", "RUN", "--steps", "1", "--steps", "2"},
         "--steps: got 2 values, allowed 1; see"},
        {"config_thrice", {"train", "-c", "RUN", "-c", "RUN", "-c", "RUN"}, "--config: got 3 values, allowed 1; see"},
        {"set_missing", {"train", "-c", "RUN", "--set"}, "--set: got nothing, allowed dotted.key=value; see"},
        {"compare_one", {"compare", "one"}, "runs: got 1 value, allowed 2; see wagesim compare --help"},
        {"compare_three", {"compare", "one", "two", "three"}, "runs: got 3 values, allowed 2; see"},
        {"output_missing", {"report", "one", "-o"}, "--output: got nothing, allowed FILE.html; see"},
        {"sweep_jobs_twice",
         {"sweep", "run", "-c", "RUN", "--out", "DIR", "--jobs", "1", "--jobs", "1"},
         "--jobs: got 2 values, allowed 1; see wagesim sweep run --help"},
        {"seed_huge", {"train", "-c", "RUN", "--seed", "18446744073709551616"}, "--seed: got 18446744073709551616"},
        {"threads_zero", {"train", "-c", "RUN", "--threads", "0"}, "--threads: got 0, allowed 1.."},
        {"out_empty", {"train", "-c", "RUN", "--out", ""}, "--out: got an empty text"},
        {"resume_without_out", {"train", "-c", "RUN", "--resume"}, "--resume: needs --out DIR"},
        {"out_is_file", {"train", "-c", "RUN", "--out", "RUN"}, "which is no folder"},
        {"out_below_file", {"train", "-c", "RUN", "--out", "/dev/null/run"}, "which is no folder"},
        {"dump_into_nowhere", {"train", "-c", "RUN", "--dump", "/nowhere/dump.npz"}, "--dump"},
        {"dump_is_the_run_file", {"train", "-c", "RUN", "--dump", "RUN"}, "--dump"},
        {"dump_is_folder", {"train", "-c", "RUN", "--dump", "/tmp"}, "--dump"},
        {"set_unknown_key", {"train", "-c", "RUN", "--set", "training.speed=3"}, "training.speed"},
        {"set_out_of_range", {"train", "-c", "RUN", "--set", "widths.a=9"}, "widths.a"},
        {"set_without_value", {"train", "-c", "RUN", "--set", "seed"}, "--set"},
        {"batch_above_data", {"train", "-c", "RUN", "--set", "training.batch=101"}, "training.batch"},
        {"classes_above_units", {"train", "-c", "RUN", "--set", "data.classes=11"}, "data.classes"},
        {"no_run_file", {"train", "-c", "/nowhere/run.yaml"}, "/nowhere/run.yaml"},
        {"run_file_is_folder", {"train", "-c", "/tmp"}, "/tmp"},
        {"no_chip_simulate", {"simulate", "-c", "RUN"}, "chip"},
        {"no_chip_verify", {"verify", "-c", "RUN"}, "chip"},
        {"no_chip_file", {"simulate", "-c", "RUN", "--set", "chip=/nowhere/chip.yaml"}, "/nowhere/chip.yaml"},
        {"inject_malformed", {"simulate", "-c", "RUN", "--set", small_chip(), "--inject", "1:2:3"}, "--inject"},
        {"inject_unknown_tensor",
         {"simulate", "-c", "RUN", "--set", small_chip(), "--inject", "0:0:colour:0:0"},
         "--inject"},
        {"inject_index_too_large",
         {"verify", "-c", "RUN", "--set", small_chip(), "--inject", "0:0:weight_q:36:0"},
         "--inject"},
        {"inject_resumed",
         {"simulate", "-c", "RUN", "--set", small_chip(), "--inject", "0:0:weight_q:0:0", "--out", "/nowhere/run",
          "--resume"},
         "--inject: not with --resume"},
        {"inject_step_never_run",
         {"verify", "-c", "RUN", "--set", small_chip(), "--steps", "2", "--inject", "2:0:weight_q:0:0"},
         "--inject"},
    }),
    [](const auto& one) { return one.param.name; });

/// A dump is renamed into place: a pipe, a device or a link under that name would be gone.
TEST(CommandLine, ADumpReplacesRegularFilesOnly)
{
    const TinyRun tiny;
    const std::string pipe = tiny / "pipe";
    const std::string link = tiny / "link";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    ASSERT_EQ(::symlink(tiny.file().c_str(), link.c_str()), 0);
    for (const std::string& place : {pipe, link}) {
        const CommandResult result = tiny.run("train", {"--steps", "1", "--dump", place});
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.err, HasSubstr("--dump: got " + place));
    }
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST(CommandLine, RecordedActivityGoesWhereADumpMay)
{
    const TinyRun tiny;
    const auto refused = [&](const std::string& place, std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--steps", "1", "--set", small_chip(), "--record-activity", place});
        const CommandResult result = tiny.run("simulate", more);
        EXPECT_EQ(result.status, 2) << place;
        EXPECT_THAT(result.err, HasSubstr("--record-activity: "));
        EXPECT_EQ(result.error_lines().size(), 1U);
    };
    const std::string run_file = read_text(tiny.file());
    refused(tiny.file());
    EXPECT_EQ(read_text(tiny.file()), run_file);
    refused(tiny / "nowhere/activity.yaml");
    refused("/");
    for (const char* file : {"checkpoint.npz", "wear.json", "result.json", "run.sqlite"}) {
        refused(tiny / ("out/" + std::string(file)), {"--out", tiny / "out"});
    }
    const std::string link = tiny / "link.yaml";
    std::filesystem::create_symlink(tiny.file(), link);
    refused(link);
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_FALSE(std::filesystem::exists(tiny / "out"));
}

TEST(CommandLine, ADumpIsNotTheRunsFolder)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("train", {"--out", tiny / "run", "--dump", tiny / "run/"});
    EXPECT_EQ(result.status, 2);
    EXPECT_FALSE(std::filesystem::exists(tiny / "run"));
}

TEST(CommandLine, StatusSurvivesWhereStandardErrorDoesNot)
{
    const std::string command = "exec " WAGESIM_BINARY " train -c nowhere.yaml 2>";
    EXPECT_EQ(run_command({"/bin/sh", "-c", command + "/dev/full"}).status, 2);
    EXPECT_EQ(run_command({"/bin/sh", "-c", command + "&-"}).status, 2);
}

TEST(CommandLine, ThreadsOfTheEnvironmentAreChecked)
{
    const TinyRun tiny;
    for (const char* threads : {"0", "-4", "100000", "2000000000", "many", ""}) {
        const CommandResult result = wagesim(tiny.arguments("config"), {std::string("OMP_NUM_THREADS=") + threads});
        EXPECT_EQ(result.status, 2) << threads;
        // Before it come the OpenMP runtime's own lines.
        EXPECT_THAT(result.err, EndsWith("OMP_NUM_THREADS: got '" + std::string(threads) + "', allowed 1..4096\n"));
    }
    for (const char* threads : {"2", " 3 ", "2,1"}) {
        EXPECT_EQ(wagesim(tiny.arguments("config"), {std::string("OMP_NUM_THREADS=") + threads}).status, 0) << threads;
    }
}

#ifndef __SANITIZE_ADDRESS__  // which takes terabytes of addresses
/// OpenMP would find out in the middle of the run and end it with status 1.
TEST(CommandLine, MoreThreadsThanTheSystemHasAreRefused)
{
    const TinyRun tiny;
    const auto refusal = [&](const std::string& variable, const std::string& option) {
        const std::string command = "ulimit -v 8000000; OMP_NUM_THREADS=" + variable +
                                    " exec " WAGESIM_BINARY " train --steps 0 " + option + " -c " + tiny.file();
        const CommandResult result = run_command({"/bin/sh", "-c", command});
        EXPECT_EQ(result.status, 2) << result.err;
        return result.err;
    };
    const std::string rest = ": got 4096, allowed up to [0-9]+ on this system now: Resource temporarily unavailable\n";
    EXPECT_THAT(refusal("1", "--threads 4096"), ::testing::MatchesRegex("wagesim: --threads" + rest));
    EXPECT_THAT(refusal("4096", ""), ::testing::MatchesRegex("wagesim: OMP_NUM_THREADS" + rest));
}
#endif

TEST(CommandLine, ThereAreFewerThan2To40Steps)
{
    const TinyRun tiny;
    const auto with_epochs = [&](const char* epochs) {
        return tiny.run("train", {"--quiet", "--steps", "0", "--set", "data.count=1024", "--set", "training.batch=1",
                                  "--set", std::string("training.epochs=") + epochs});
    };
    EXPECT_EQ(with_epochs("1073741823").status, 0);
    const CommandResult result = with_epochs("1073741824");
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err,
              "--set training.epochs: got 1073741824, allowed 0..1073741823, which with 1024 steps an epoch "
              "are fewer than 2^40 steps\n");
}

TEST(CommandLine, HelpNamesEveryCommandAndOption)
{
    const CommandResult help = wagesim({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const char* command : {"train", "simulate", "verify", "infer", "config"}) {
        EXPECT_THAT(help.out, HasSubstr(command));
        const CommandResult own = wagesim({command, "--help"});
        EXPECT_EQ(own.status, 0);
        for (const char* option : {"--config", "--set", "--seed", "--json", "--help", "--version"}) {
            EXPECT_THAT(own.out, HasSubstr(option)) << command;
        }
    }
    for (const char* command : {"train", "simulate", "verify"}) {
        const CommandResult own = wagesim({command, "--help"});
        for (const char* option :
             {"--steps", "--threads", "--weights", "--out", "--resume", "--dump", "--dump-filter", "--quiet"}) {
            EXPECT_THAT(own.out, HasSubstr(option)) << command;
        }
    }
}

TEST(CommandLine, IdleThreadsSleepWhereNobodySaysOtherwise)
{
    const TinyRun tiny;
    const auto policy = [&](const std::vector<std::string>& changes) {
        std::vector<std::string> command = {"/usr/bin/env",        "-u", "OMP_WAIT_POLICY", "-u", "GOMP_SPINCOUNT",
                                            "OMP_DISPLAY_ENV=true"};
        command.insert(command.end(), changes.begin(), changes.end());
        command.insert(command.end(), {WAGESIM_BINARY, "train", "-c", tiny.file(), "--steps", "0", "--quiet"});
        const CommandResult result = run_command(command);
        EXPECT_EQ(result.status, 0);
        return result.err;
    };
    EXPECT_THAT(policy({}), HasSubstr("OMP_WAIT_POLICY = 'PASSIVE'"));
    EXPECT_THAT(policy({"OMP_WAIT_POLICY=active"}), HasSubstr("OMP_WAIT_POLICY = 'ACTIVE'"));
}

TEST(CommandLine, VersionCarriesTheModelNumber)
{
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"--version"}, {"train", "--version"}, {"verify", "--version"}}) {
        const CommandResult result = wagesim(arguments);
        EXPECT_EQ(result.status, 0);
        EXPECT_THAT(result.out, MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\\+model\\.[0-9]+\n"));
    }
}

TEST(CommandLine, LaterAssignmentsWinAndSeedWinsOverThem)
{
    const TinyRun tiny;
    const auto resolved = [&](const std::vector<std::string>& more) { return tiny.run("config", more).out; };
    EXPECT_THAT(resolved({}), HasSubstr("seed: 7\n"));
    EXPECT_THAT(resolved({"--set", "seed=3", "--set", "seed=4"}), HasSubstr("seed: 4\n"));
    EXPECT_THAT(resolved({"--set", "seed=3", "--seed", "5"}), HasSubstr("seed: 5\n"));
    EXPECT_THAT(resolved({"--seed", "5", "--set", "seed=3"}), HasSubstr("seed: 5\n"));
    EXPECT_THAT(resolved({"--set", "training.eta={0: 3, 2: -1}"}), HasSubstr("2: -1"));
}

TEST(CommandLine, ConfigPrintsWhatItCanReadAgain)
{
    const TinyRun tiny;
    const CommandResult first = tiny.run("config", {"--set", small_chip()});
    ASSERT_EQ(first.status, 0) << first.err;
    write_text(tiny / "resolved.yaml", first.out);
    EXPECT_EQ(wagesim({"config", "-c", tiny / "resolved.yaml"}).out, first.out);

    const CommandResult json = tiny.run("config", {"--set", small_chip(), "--json"});
    ASSERT_EQ(json.status, 0) << json.err;
    const Json parsed = Json::parse(json.out);
    EXPECT_EQ(parsed.at("config"), first.out);
    EXPECT_EQ(parsed.at("config_hash").get<std::string>().size(), 64U);
}

TEST(CommandLine, QuietSaysNothing)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("train", {"--quiet"});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "");
}

TEST(CommandLine, WithoutATerminalThereIsNoProgressBar)
{
    const TinyRun tiny;
    const CommandResult result = tiny.run("train");
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(result.out, Not(HasSubstr("\r")));
    EXPECT_THAT(result.out, HasSubstr("final test error"));
}

TEST(CommandLine, AFullDiskUnderTheResultIsAnError)
{
    const TinyRun tiny;
    const CommandResult result = run_command(
        {"/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full", WAGESIM_BINARY, "train", "-c", tiny.file(), "--json"});
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.error_lines().size(), 1U) << result.err;
}

}  // namespace
}  // namespace wagesim::test
