// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header. posix_spawn has no way to ask for a signal at the parent's death, so it is fork and exec, and between
// the two only what is legal in a process that had threads.
#include "platforms/library/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "platforms/sweep/pointers_to.hpp"

namespace wagesim::library {
namespace {

constexpr int kTurnMilliseconds = 100;

[[noreturn]] void fail(int error, const std::string& what)
{
    throw std::system_error(error, std::generic_category(), what);
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        close();
        number_ = std::exchange(other.number_, -1);
        return *this;
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    void close() noexcept
    {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_;
};

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Pipe make_pipe()
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) fail(errno, "cannot make a pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor file_in_memory(const std::string& content)
{
    Descriptor file(::memfd_create("wagesim-input", MFD_CLOEXEC));
    if (file.number() < 0) fail(errno, "cannot make a file in memory");
    for (std::size_t written = 0; written < content.size();) {
        const ssize_t bytes = ::write(file.number(), content.data() + written, content.size() - written);
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) fail(errno, "cannot fill a file in memory");
        written += static_cast<std::size_t>(bytes);
    }
    return file;
}

/// What a child needs to become another program, made before there is one.
struct Start {
    std::vector<char*> argv;
    std::vector<char*> environment;
    const char* folder;
    std::array<int, 4> descriptors;  ///< that become 0, 1, 2, 3
    int fault;                       ///< an error number is written there where it cannot be started
    pid_t parent;
};

[[noreturn]] void give_up(int fault)
{
    const int error = errno;
    const bool told = ::write(fault, &error, sizeof error) == sizeof error;
    ::_exit(told ? 127 : 126);
}

/// In the child, with all signals blocked.
[[noreturn]] void become(const Start& start)
{
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction plain = {};
        plain.sa_handler = SIG_DFL;
        ::sigaction(signal, &plain, nullptr);  // fails for those that nobody may change
    }
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != start.parent) ::_exit(127);
    // Out of the way first: one of them may be what another is to become.
    constexpr int kAbove = 10;
    const int fault = ::fcntl(start.fault, F_DUPFD_CLOEXEC, kAbove);
    if (fault < 0) give_up(start.fault);
    std::array<int, 4> moved{};
    for (std::size_t i = 0; i < moved.size(); ++i) {
        moved[i] = ::fcntl(start.descriptors[i], F_DUPFD_CLOEXEC, kAbove);
        if (moved[i] < 0) give_up(fault);
    }
    for (std::size_t i = 0; i < moved.size(); ++i) {
        if (::dup2(moved[i], static_cast<int>(i)) < 0) give_up(fault);
    }
    ::close_range(4, ~0U, CLOSE_RANGE_CLOEXEC);  // the caller's files are none of its business
    if (start.folder != nullptr && ::chdir(start.folder) != 0) give_up(fault);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(start.argv[0], start.argv.data(), start.environment.data());
    give_up(fault);
}

/// No signal is handled by this thread while there is one.
class SignalsBlocked {
public:
    SignalsBlocked()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

/// A child that is waited for by whoever lets go of it.
class Child {
public:
    explicit Child(const ChildCommand& command)
    {
        std::vector<std::string> arguments = command.arguments;
        std::vector<std::string> environment = command.environment;
        const std::vector<char*> argv = sweep::pointers_to(arguments);
        const std::vector<char*> envp = sweep::pointers_to(environment);
        const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (nothing.number() < 0) fail(errno, "cannot open /dev/null");
        const Descriptor file = file_in_memory(command.file);
        Pipe out = make_pipe();
        Pipe err = make_pipe();
        Pipe fault = make_pipe();
        const Start start{argv,
                          envp,
                          command.folder.empty() ? nullptr : command.folder.c_str(),
                          {nothing.number(), out.write.number(), err.write.number(), file.number()},
                          fault.write.number(),
                          ::getpid()};
        {
            const SignalsBlocked blocked;  // handlers of the caller must not run in the child
            pid_ = ::_Fork();              // nor what it has registered for fork
            if (pid_ == 0) become(start);
        }
        if (pid_ < 0) fail(errno, "cannot start " + command.arguments.front());
        // glibc 2.36 declares its own function without C linkage.
        end_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        if (end_.number() < 0 && errno != ENOSYS) {
            const int error = errno;
            send(SIGKILL);
            static_cast<void>(wait());
            fail(error, "cannot wait for " + command.arguments.front());
        }
        for (const Pipe* each : {&out, &err, &fault}) ::fcntl(each->read.number(), F_SETFL, O_NONBLOCK);
        out_ = std::move(out.read);
        err_ = std::move(err.read);
        fault_ = std::move(fault.read);
    }
    ~Child()
    {
        if (pid_ <= 0) return;
        send(SIGTERM);
        static_cast<void>(wait());
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] Descriptor& out() noexcept { return out_; }
    [[nodiscard]] Descriptor& err() noexcept { return err_; }
    /// The error number for which it could not become the program; 0 where it did. To be asked when it has ended:
    /// before, only the end of its pipe would tell, which others may hold open.
    [[nodiscard]] int fault() const
    {
        int error = 0;
        const bool read = ::read(fault_.number(), &error, sizeof error) == sizeof error;
        return read ? error : 0;
    }
    /// Readable when it has ended; -1 where the system has no such thing.
    [[nodiscard]] int end() const noexcept { return end_.number(); }
    void send(int signal) const { ::kill(pid_, signal); }

    /// Its status, as waitpid has it; none where somebody else in this process has waited for it, or ignores SIGCHLD.
    [[nodiscard]] std::optional<int> wait()
    {
        int status = 0;
        pid_t ended = -1;
        while ((ended = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        if (ended < 0) return std::nullopt;
        return status;
    }

private:
    pid_t pid_ = -1;
    Descriptor out_;
    Descriptor err_;
    Descriptor fault_;
    Descriptor end_;
};

/// Appends all that there is to read now; closes at the end of it.
void take(Descriptor& from, std::string& to)
{
    std::array<char, 65536> block{};
    while (from.number() >= 0) {
        const ssize_t bytes = ::read(from.number(), block.data(), block.size());
        if (bytes > 0) {
            to.append(block.data(), static_cast<std::size_t>(bytes));
        } else if (bytes < 0 && errno == EAGAIN) {
            return;
        } else if (bytes == 0 || errno != EINTR) {
            from.close();
        }
    }
}

/// Hands over every line that is whole.
void print_lines(std::string& text, const std::function<void(const std::string&)>& print)
{
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        print(text.substr(begin, end - begin));
    }
    text.erase(0, begin);
}

}  // namespace

ChildEnd run_child(const ChildCommand& command)
{
    Child child(command);
    ChildEnd end;
    // Until it has ended, not until nobody writes: a process that this one forks meanwhile holds the pipes, too.
    for (bool ended = false; !ended && (child.out().number() >= 0 || child.err().number() >= 0);) {
        std::array<pollfd, 3> waiting{
            {{child.out().number(), POLLIN, 0}, {child.err().number(), POLLIN, 0}, {child.end(), POLLIN, 0}}};
        ::poll(waiting.data(), waiting.size(), kTurnMilliseconds);
        ended = (waiting[2].revents & POLLIN) != 0;
        take(child.out(), end.out);
        take(child.err(), end.err);
        if (command.print) print_lines(end.out, command.print);
        const Stop stop = command.stop ? command.stop() : Stop::no;
        if (stop == Stop::now) child.send(SIGKILL);
        if (stop == Stop::soon && !end.stopped) child.send(SIGTERM);
        end.stopped = end.stopped || stop != Stop::no;
    }
    const std::optional<int> status = child.wait();
    if (const int error = child.fault(); error != 0) fail(error, "cannot start " + command.arguments.front());
    if (status && WIFEXITED(*status)) end.status = WEXITSTATUS(*status);
    if (status && WIFSIGNALED(*status)) end.signal = WTERMSIG(*status);
    return end;
}

}  // namespace wagesim::library
