// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a program's end: other programs stand in for wagesim.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>

#include <wagesim/run.hpp>

#include "tests/system/wagesim_command.hpp"

namespace wagesim {
namespace {

/// A script that the library takes for the program.
class StandIn {
public:
    explicit StandIn(const std::string& script)
    {
        test::write_text(folder_ / "program", "#!/bin/sh\n" + script);
        ::chmod((folder_ / "program").c_str(), 0755);
        ::setenv("WAGESIM_PROGRAM", (folder_ / "program").c_str(), 1);
    }
    ~StandIn() { ::unsetenv("WAGESIM_PROGRAM"); }
    StandIn(const StandIn&) = delete;
    StandIn& operator=(const StandIn&) = delete;

private:
    test::TemporaryFolder folder_;
};

/// What train throws, as "KIND: line".
std::string fault_of_train(const RunOptions& options = {})
{
    const test::TinyRun tiny;
    try {
        static_cast<void>(wagesim::Run::load(tiny.file()).train(options));
    } catch (const Error& error) {
        const char* const kinds[] = {"config", "data", "interrupted", "internal"};
        return std::string(kinds[static_cast<int>(error.kind())]) + ": " + error.what();
    }
    return "nothing";
}

TEST(Program, ExitStatusesAreKinds)
{
    const auto fault = [](const std::string& script) {
        const StandIn program(script);
        return fault_of_train();
    };
    EXPECT_EQ(fault("echo 'wagesim: --steps: got x' >&2; exit 2"), "config: --steps: got x");
    EXPECT_EQ(fault("echo first >&2; echo 'data.gz: cannot be read' >&2; exit 3"), "data: data.gz: cannot be read");
    EXPECT_EQ(fault("echo 'wagesim: interrupted' >&2; exit 4"), "interrupted: interrupted");
    EXPECT_EQ(fault("echo 'wagesim: internal error: oh' >&2; exit 70"), "internal: internal error: oh");
}

TEST(Program, KeysOfTheRunInMemoryAreNamedWithoutItsLines)
{
    const StandIn program("echo '/dev/fd/3:8:9: training.batch: got 500, allowed 1..100' >&2; exit 2");
    EXPECT_EQ(fault_of_train(), "config: training.batch: got 500, allowed 1..100");
}

TEST(Program, ASignalIsAFaultOfTheProgram)
{
    const StandIn program("kill -KILL $$");
    EXPECT_NE(fault_of_train().find("was ended by signal 9 (Killed)"), std::string::npos) << fault_of_train();
}

TEST(Program, OneThatIsStoppedBeforeItCatchesSignalsWasInterrupted)
{
    const StandIn program("kill -TERM $$");
    EXPECT_EQ(fault_of_train(), "interrupted: interrupted before it could write a checkpoint");
    const StandIn deaf("trap '' TERM; while :; do sleep 0.05; done");
    int asked = 0;
    RunOptions options;
    options.stop = [&] { return ++asked > 3 ? Stop::now : Stop::soon; };
    EXPECT_EQ(fault_of_train(options), "interrupted: interrupted before it could write a checkpoint");
}

TEST(Program, AnEndThatTheCallerHidesIsNoSuccess)
{
    const StandIn program("echo '{}'; exit 3");
    std::signal(SIGCHLD, SIG_IGN);
    EXPECT_EQ(fault_of_train().find("internal: how wagesim ended is not known"), 0U);
    std::signal(SIGCHLD, SIG_DFL);
}

TEST(Program, WhatIsNoResultIsNone)
{
    const StandIn program("echo nonsense");
    const std::string fault = fault_of_train();
    EXPECT_EQ(fault.find("internal: /"), 0U) << fault;
    EXPECT_NE(fault.find("/program printed no result"), std::string::npos) << fault;
}

TEST(Program, AFailureWithoutAWordIsNamedByItsStatus)
{
    const StandIn program("exit 7");
    EXPECT_NE(fault_of_train().find("/program ended with status 7 and said nothing"), std::string::npos);
}

TEST(Program, AStatusOfVerificationsIsAFailureOfATraining)
{
    const StandIn program("echo 'wagesim: the chip refused it' >&2; echo '{}'; exit 1");
    EXPECT_EQ(fault_of_train(), "internal: the chip refused it");
}

TEST(Program, OptionsThatTheLibrarySetsAreNotSetTwice)
{
    const StandIn program("echo '{}'");
    for (const char* const argument : {"--out", "--out=x", "--help", "-c", "--json", "--set", "--steps=3"}) {
        RunOptions options;
        options.arguments = {argument};
        EXPECT_EQ(fault_of_train(options), std::string("config: arguments: got ") + argument +
                                               ", allowed options that the run and its other options do not set");
    }
    RunOptions options;
    options.out = std::string("a\0b", 3);
    EXPECT_EQ(fault_of_train(options), "config: an option: got a NUL character, allowed a text without");
}

TEST(Program, OneThatIsNotThereIsNamed)
{
    ::setenv("WAGESIM_PROGRAM", "/nowhere/wagesim", 1);
    EXPECT_EQ(fault_of_train(), "internal: WAGESIM_PROGRAM: got /nowhere/wagesim, allowed an executable file");
    ::setenv("WAGESIM_PROGRAM", "/tmp", 1);
    EXPECT_EQ(fault_of_train(), "internal: WAGESIM_PROGRAM: got /tmp, allowed an executable file");
    ::unsetenv("WAGESIM_PROGRAM");
}

TEST(Program, IsNoRankOfTheCallersMpirun)
{
    const StandIn program("env | grep -cE '^(OMPI|PMIX|PMI)_' >&2; exit 3");
    ::setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
    ::setenv("PMIX_RANK", "1", 1);
    EXPECT_EQ(fault_of_train(), "data: 0");
    ::unsetenv("OMPI_COMM_WORLD_SIZE");
    ::unsetenv("PMIX_RANK");
}

TEST(Program, GetsWhatTheOptionsSay)
{
    const StandIn program("echo \"$@\" >&2; exit 3");
    RunOptions options;
    EXPECT_EQ(fault_of_train(options), "data: train -c /dev/fd/3 --json");
    options.steps = 0;
    options.threads = 2;
    options.out = "folder";
    options.resume = true;
    options.weights = "w.npz";
    options.arguments = {"--record"};
    options.print = [](const std::string&) {};
    EXPECT_EQ(fault_of_train(options),
              "data: train -c /dev/fd/3 --steps 0 --threads 2 --weights w.npz --out folder --resume --record");
}

}  // namespace
}  // namespace wagesim
