// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Processes that do the work of a sweep. The one file that starts, signals and awaits processes; knows nothing of runs.
#pragma once

#include <sys/types.h>
#include <csignal>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wagesim::sweep {

/// How a worker ended.
struct WorkerEnd {
    std::uint64_t id = 0;
    int exit_status = -1;  ///< -1 where a signal ended it
    int signal = 0;
    std::string errors;  ///< what it wrote on standard error, up to 64 KiB
};

/// Signals that others send, as opposed to those of a fault in the program.
[[nodiscard]] bool comes_from_outside(int signal);

/// The last line of what a worker wrote on standard error, where main writes its one line at the end; with its signal.
[[nodiscard]] std::string error_line(const WorkerEnd& worker);

class WorkerPool {
public:
    /// From now until its end this object receives SIGCHLD for the process, which must have one thread. Every worker
    /// keeps `inherited` open for its whole life.
    WorkerPool(std::string executable, std::vector<std::string> environment, int inherited);
    /// Asks every worker to end and waits for it.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Starts the executable with `arguments`, without a shell; its standard output is /dev/null, and so is its
    /// standard input unless `input` is a descriptor. It gets SIGTERM when this process dies, even by SIGKILL. Throws
    /// std::system_error where no process can be started.
    void start(std::uint64_t id, const std::vector<std::string>& arguments, int input = -1);
    /// The workers that have ended; waits for the first one, or a signal, at most `most`.
    [[nodiscard]] std::vector<WorkerEnd> wait(std::chrono::milliseconds most);
    /// SIGTERM to every worker. They are still to be waited for.
    void terminate() const;
    [[nodiscard]] std::size_t running() const noexcept { return workers_.size(); }

private:
    struct Worker {
        std::uint64_t id = 0;
        pid_t pid = -1;
        int errors = -1;  ///< descriptor of the file in memory that is its standard error
    };

    std::string executable_;
    std::vector<std::string> environment_;
    int inherited_;
    std::vector<Worker> workers_;
    sigset_t mask_before_{};
};

}  // namespace wagesim::sweep
