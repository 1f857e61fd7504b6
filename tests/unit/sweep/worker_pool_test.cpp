// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Processes: how their ends are told, that they can be stopped, and that they do not outlive their parent.
#include "platforms/sweep/worker_pool.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace wagesim::sweep {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kShell = "/bin/sh";  // what runs in these tests only

/// Waits for all workers.
std::vector<WorkerEnd> drain(WorkerPool& pool)
{
    std::vector<WorkerEnd> all;
    while (pool.running() > 0) {
        for (WorkerEnd& end : pool.wait(seconds(10))) all.push_back(std::move(end));
    }
    return all;
}

TEST(WorkerPool, TellsExitStatusSignalAndErrors)
{
    WorkerPool pool(kShell, {}, STDIN_FILENO);
    pool.start(1, {"-c", "echo one line >&2; echo unseen; exit 3"});
    pool.start(2, {"-c", "kill -9 $$"});
    pool.start(3, {"-c", "exit 0"});
    EXPECT_EQ(pool.running(), 3U);
    std::vector<WorkerEnd> ends = drain(pool);
    ASSERT_EQ(ends.size(), 3U);
    std::set<std::uint64_t> ids;
    for (const WorkerEnd& end : ends) {
        ids.insert(end.id);
        EXPECT_EQ(end.exit_status, end.id == 1 ? 3 : end.id == 2 ? -1 : 0);
        EXPECT_EQ(end.signal, end.id == 2 ? SIGKILL : 0);
        EXPECT_EQ(end.errors, end.id == 1 ? "one line\n" : "");
    }
    EXPECT_EQ(ids.size(), 3U);
}

TEST(WorkerPool, WaitReturnsWithoutAnEndWhenTimeIsUp)
{
    WorkerPool pool("/bin/sleep", {}, STDIN_FILENO);
    pool.start(1, {"1000"});
    EXPECT_TRUE(pool.wait(milliseconds(20)).empty());
    pool.terminate();
    const std::vector<WorkerEnd> ends = drain(pool);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].signal, SIGTERM);
}

TEST(WorkerPool, AStopThatComesAtOnceIsNotLost)
{
    // Between fork and exec a child would run this handler, and forget the signal with exec.
    struct sigaction before {};
    struct sigaction handler {};
    handler.sa_handler = [](int) {};
    ASSERT_EQ(::sigaction(SIGTERM, &handler, &before), 0);
    for (std::uint64_t i = 0; i < 200; ++i) {
        WorkerPool pool("/bin/sleep", {}, STDIN_FILENO);
        pool.start(i, {"1000"});
        pool.terminate();
        for (int turns = 0; pool.running() > 0; ++turns) {
            for (const WorkerEnd& end : pool.wait(seconds(10))) EXPECT_EQ(end.signal, SIGTERM);
            ASSERT_LT(turns, 6) << "the worker sleeps on";
        }
    }
    ::sigaction(SIGTERM, &before, nullptr);
}

TEST(WorkerPool, AProgramThatIsNotThereIsAWorkerThatFails)
{
    WorkerPool pool("/nowhere/wagesim", {}, STDIN_FILENO);
    pool.start(1, {});
    const std::vector<WorkerEnd> ends = drain(pool);
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].exit_status, 127);
}

/// A pipe whose reading end sees the end of file when no process has the writing end any more.
struct Pipe {
    Pipe() { EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0); }
    [[nodiscard]] bool is_closed() const
    {
        char byte = 0;
        return ::read(ends[0], &byte, 1) == 0;
    }
    int ends[2] = {-1, -1};
};

TEST(WorkerPool, EndsItsWorkersWithItself)
{
    const Pipe pipe;
    {
        WorkerPool pool("/bin/sleep", {}, pipe.ends[1]);
        pool.start(1, {"1000"});
    }
    ::close(pipe.ends[1]);
    EXPECT_TRUE(pipe.is_closed());
}

TEST(WorkerPool, WorkersOfAKilledProcessEndAndHoldWhatTheyInheritedUntilThen)
{
    const Pipe pipe;
    const Pipe ready;
    const pid_t parent = ::fork();
    if (parent == 0) {
        WorkerPool pool("/bin/sleep", {}, pipe.ends[1]);
        pool.start(1, {"1000"});
        // The worker has become another program, which shows that it will see this process die.
        while (pool.wait(milliseconds(20)).empty()) {
            if (::write(ready.ends[1], "r", 1) != 1) ::_exit(1);
        }
        ::_exit(1);
    }
    ::close(pipe.ends[1]);
    char byte = 0;
    ASSERT_EQ(::read(ready.ends[0], &byte, 1), 1);
    ::kill(parent, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(parent, &status, 0), parent);
    EXPECT_TRUE(pipe.is_closed()) << "the worker lives on";
}

}  // namespace
}  // namespace wagesim::sweep
