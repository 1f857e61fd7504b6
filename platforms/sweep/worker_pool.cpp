// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// fork, exec, wait. See the header.
#include "platforms/sweep/worker_pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

#include "platforms/sweep/pointers_to.hpp"

namespace wagesim::sweep {
namespace {

constexpr std::size_t kMostErrorBytes = 65536;
constexpr int kCannotStart = 127;

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// SIGTERM and SIGINT wait while this object lives: a child that its parent's handler caught them for would forget them
/// with exec.
class StopSignalsHeld {
public:
    StopSignalsHeld()
    {
        sigset_t stop;
        sigemptyset(&stop);
        sigaddset(&stop, SIGTERM);
        sigaddset(&stop, SIGINT);
        if (::sigprocmask(SIG_BLOCK, &stop, &before_) != 0) fail("cannot hold signals back");
    }
    ~StopSignalsHeld() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    StopSignalsHeld(const StopSignalsHeld&) = delete;
    StopSignalsHeld& operator=(const StopSignalsHeld&) = delete;

private:
    sigset_t before_{};
};

/// In the child, between fork and exec: system calls only. Stop signals are held back and end it from the mask on.
[[noreturn]] void become_worker(char* const* argv, char* const* environment, pid_t parent, int input, int errors,
                                int inherited, const sigset_t& mask)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before the line above, and then no signal comes.
    if (::getppid() != parent) ::_exit(kCannotStart);
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDWR);
    if (nothing < 0 || ::dup2(input < 0 ? nothing : input, STDIN_FILENO) < 0 || ::dup2(nothing, STDOUT_FILENO) < 0 ||
        ::dup2(errors, STDERR_FILENO) < 0 || ::fcntl(inherited, F_SETFD, 0) != 0 ||
        ::sigprocmask(SIG_SETMASK, &mask, nullptr) != 0) {
        ::_exit(kCannotStart);
    }
    if (nothing > STDERR_FILENO) ::close(nothing);
    ::execve(argv[0], argv, environment);
    ::_exit(kCannotStart);
}

std::string signal_text(int signal)
{
    return fmt::format("ended by signal {} ({})", signal, ::strsignal(signal));
}

std::string content_of(int descriptor)
{
    std::string text(kMostErrorBytes, '\0');
    const ssize_t bytes = ::pread(descriptor, text.data(), text.size(), 0);
    text.resize(bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return text;
}

}  // namespace

bool comes_from_outside(int signal)
{
    return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

std::string error_line(const WorkerEnd& worker)
{
    std::string text = worker.errors;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const std::size_t newline = text.rfind('\n');
    if (newline != std::string::npos) text.erase(0, newline + 1);
    if (worker.signal != 0) return signal_text(worker.signal) + (text.empty() ? "" : ": " + text);
    return text.empty() ? fmt::format("exit status {}", worker.exit_status) : text;
}

WorkerPool::WorkerPool(std::string executable, std::vector<std::string> environment, int inherited)
    : executable_(std::move(executable)), environment_(std::move(environment)), inherited_(inherited)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    if (::sigprocmask(SIG_BLOCK, &child, &mask_before_) != 0) fail("cannot receive SIGCHLD");
}

WorkerPool::~WorkerPool()
{
    terminate();
    for (const Worker& worker : workers_) {
        while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        ::close(worker.errors);
    }
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

void WorkerPool::start(std::uint64_t id, const std::vector<std::string>& arguments, int input)
{
    std::vector<std::string> texts = {executable_};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    const std::vector<char*> argv = pointers_to(texts);
    const std::vector<char*> environment = pointers_to(environment_);
    workers_.reserve(workers_.size() + 1);

    const StopSignalsHeld held;
    const int errors = ::memfd_create("wagesim-worker-errors", MFD_CLOEXEC);
    if (errors < 0) fail("cannot start a worker");
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become_worker(argv.data(), environment.data(), parent, input, errors, inherited_, mask_before_);
    if (pid < 0) {
        const int error = errno;
        ::close(errors);
        throw std::system_error(error, std::generic_category(), "cannot start a worker");
    }
    workers_.push_back({id, pid, errors});
}

std::vector<WorkerEnd> WorkerPool::wait(std::chrono::milliseconds most)
{
    const auto collect = [this] {
        std::vector<WorkerEnd> ended;
        for (std::size_t i = 0; i < workers_.size();) {
            const Worker worker = workers_[i];
            int status = 0;
            if (::waitpid(worker.pid, &status, WNOHANG) != worker.pid) {
                ++i;
                continue;
            }
            const bool exited = WIFEXITED(status);
            ended.push_back({worker.id, exited ? WEXITSTATUS(status) : -1, exited ? 0 : WTERMSIG(status),
                             content_of(worker.errors)});
            ::close(worker.errors);
            workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
        }
        return ended;
    };
    std::vector<WorkerEnd> ended = collect();
    if (!ended.empty() || most.count() <= 0) return ended;
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const timespec limit{static_cast<time_t>(most.count() / 1000), static_cast<long>(most.count() % 1000) * 1'000'000L};
    // SIGCHLD is blocked, so one that came before this line is still there. Other signals end the wait, too.
    ::sigtimedwait(&child, nullptr, &limit);
    return collect();
}

void WorkerPool::terminate() const
{
    for (const Worker& worker : workers_) ::kill(worker.pid, SIGTERM);
}

}  // namespace wagesim::sweep
