// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "platforms/library/child.hpp"
#include "tests/support/run_command.hpp"

namespace wagesim::library {
namespace {

using ::testing::ElementsAre;

ChildCommand shell(const std::string& script)
{
    ChildCommand command;
    command.arguments = {"/bin/sh", "-c", script};
    command.environment = {"PATH=/usr/bin:/bin", "WORD=there"};
    return command;
}

TEST(Child, SaysWhatItSaysAndHowItEnded)
{
    const ChildEnd end = run_child(shell("echo here; echo $WORD >&2; exit 7"));
    EXPECT_EQ(end.out, "here\n");
    EXPECT_EQ(end.err, "there\n");
    EXPECT_EQ(end.status, 7);
    EXPECT_EQ(end.signal, 0);
}

TEST(Child, ReadsItsFileFromTheBeginningAndAsOftenAsItLikes)
{
    ChildCommand command = shell("cat /dev/fd/3 /dev/fd/3");
    command.file = std::string(100'000, 'x') + "\n";
    EXPECT_EQ(run_child(command).out, command.file + command.file);
}

TEST(Child, HasNothingToReadElse)
{
    EXPECT_EQ(run_child(shell("cat; ls /proc/self/fd | wc -l")).out, "5\n");  // 0 to 3, and that of ls itself
}

TEST(Child, MoreThanAPipeHoldsOnBothOutputs)
{
    const ChildEnd end =
        run_child(shell("for i in 1 2 3 4; do head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; done"));
    EXPECT_EQ(end.out.size(), 1'200'000U);
    EXPECT_EQ(end.err.size(), 1'200'000U);
}

TEST(Child, IsStartedWithSignalsAsTheyAreByDefault)
{
    // As an interpreter has them, which a child would inherit.
    for (const int ignored : {SIGPIPE, SIGXFSZ, SIGHUP}) std::signal(ignored, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    const ChildEnd end = run_child(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"));
    EXPECT_EQ(end.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Child, ASignalThatEndedItIsNamed)
{
    const ChildEnd end = run_child(shell("kill -SEGV $$"));
    EXPECT_EQ(end.status, -1);
    EXPECT_EQ(end.signal, SIGSEGV);
}

TEST(Child, LinesComeOneByOneAndWholeAndNothingIsLeft)
{
    std::vector<std::string> lines;
    ChildCommand command = shell("printf 'a\\nb'; sleep 0.3; printf 'c\\n\\nd\\n'");
    command.print = [&](const std::string& line) { lines.push_back(line); };
    EXPECT_EQ(run_child(command).out, "");
    EXPECT_THAT(lines, ElementsAre("a", "bc", "", "d"));
}

TEST(Child, IsAskedToEndOnceAndWaitedFor)
{
    int asked = 0;
    ChildCommand command = shell("trap 'echo asked; sleep 0.5; exit 4' TERM; while :; do sleep 0.05; done");
    command.stop = [&] { return ++asked > 2 ? Stop::soon : Stop::no; };
    const ChildEnd end = run_child(command);
    EXPECT_EQ(end.out, "asked\n");  // once
    EXPECT_EQ(end.status, 4);
    EXPECT_GT(asked, 3);
}

TEST(Child, ThatDoesNotEndCanBeEndedAtOnce)
{
    int asked = 0;
    ChildCommand command = shell("trap '' TERM; while :; do sleep 0.05; done");
    command.stop = [&] { return ++asked > 5 ? Stop::now : Stop::soon; };
    EXPECT_EQ(run_child(command).signal, SIGKILL);
}

TEST(Child, IsNotWaitedForBecauseOfWhoHoldsItsPipesStill)
{
    const auto began = std::chrono::steady_clock::now();
    const ChildEnd end = run_child(shell("sleep 20 & echo said; exit 3"));
    EXPECT_EQ(end.out, "said\n");
    EXPECT_EQ(end.status, 3);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(Child, IsNotWaitedForBecauseOfWhoTheCallerForksMeanwhile)
{
    std::atomic<bool> done = false;
    std::vector<pid_t> forked;
    std::thread forker([&] {
        while (!done && forked.size() < 300) {
            const pid_t pid = ::fork();
            if (pid == 0) {
                ::sleep(20);
                ::_exit(0);
            }
            forked.push_back(pid);
        }
    });
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) EXPECT_EQ(run_child(shell("echo here")).out, "here\n");
    const auto took = std::chrono::steady_clock::now() - began;
    done = true;
    forker.join();
    for (const pid_t pid : forked) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    EXPECT_LT(took, std::chrono::seconds(15));
}

TEST(Child, WorksInTheFolderThatItIsGiven)
{
    const test::TemporaryFolder folder;
    ChildCommand command = shell("pwd -P");
    command.folder = folder.path().string();
    EXPECT_EQ(run_child(command).out, std::filesystem::canonical(folder.path()).string() + "\n");
    command.folder = "/nowhere";
    EXPECT_THROW(static_cast<void>(run_child(command)), std::system_error);
}

TEST(Child, FewFilesThatAProcessMayOpenAreAnExceptionAndNothingElse)
{
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    for (rlim_t files = 3; files < 24; ++files) {
        const rlimit few{files, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
        std::string out;
        try {
            out = run_child(shell("echo here")).out;
        } catch (const std::system_error&) {
            out = "refused";
        }
        ::setrlimit(RLIMIT_NOFILE, &before);
        EXPECT_TRUE(out == "here\n" || out == "refused") << files << ": " << out;
    }
}

TEST(Child, IsNotLeftBehindByAnExceptionOfItsListener)
{
    const test::TemporaryFolder folder;
    ChildCommand command =
        shell("trap 'echo ended > " + folder / "mark" + "; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    command.print = [](const std::string&) { throw std::runtime_error("enough"); };
    EXPECT_THROW(static_cast<void>(run_child(command)), std::runtime_error);
    EXPECT_EQ(test::read_text(folder / "mark"), "ended\n");
}

TEST(Child, WhatCannotBeStartedIsAnException)
{
    ChildCommand command = shell("");
    command.arguments = {"/nowhere/program"};
    EXPECT_THROW(static_cast<void>(run_child(command)), std::system_error);
    command.arguments = {"/etc/passwd"};
    EXPECT_THROW(static_cast<void>(run_child(command)), std::system_error);
}

TEST(Child, ManyAtOnceEachHaveTheirOwn)
{
    std::vector<std::thread> threads;
    std::vector<ChildEnd> ends(8);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        threads.emplace_back([&ends, i] {
            ends[i] = run_child(shell("sleep 0.1; echo " + std::to_string(i) + "; exit " + std::to_string(i)));
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < ends.size(); ++i) {
        EXPECT_EQ(ends[i].status, static_cast<int>(i));
        EXPECT_EQ(ends[i].out, std::to_string(i) + "\n");
    }
}

}  // namespace
}  // namespace wagesim::library
