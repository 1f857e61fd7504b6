// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/point_server.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <system_error>

#include "platforms/sweep/survey.hpp"
#include "platforms/sweep/worker_pool.hpp"

namespace wagesim::sweep {
namespace {

/// A file in memory that a fork writes and its parent reads.
class SharedText {
public:
    SharedText() : file_(::memfd_create("wagesim-point", MFD_CLOEXEC))
    {
        if (file_ < 0) throw std::system_error(errno, std::generic_category(), "cannot start a point");
    }
    ~SharedText() { ::close(file_); }
    SharedText(const SharedText&) = delete;
    SharedText& operator=(const SharedText&) = delete;

    [[nodiscard]] bool write(const std::string& text) const
    {
        std::size_t written = 0;
        while (written < text.size()) {
            const ssize_t bytes = ::write(file_, text.data() + written, text.size() - written);
            if (bytes <= 0) return false;
            written += static_cast<std::size_t>(bytes);
        }
        return true;
    }

    [[nodiscard]] std::string read() const
    {
        std::string text;
        std::array<char, 65536> block{};
        while (true) {
            const ssize_t bytes = ::pread(file_, block.data(), block.size(), static_cast<off_t>(text.size()));
            if (bytes <= 0) return text;
            text.append(block.data(), static_cast<std::size_t>(bytes));
        }
    }

private:
    int file_;
};

constexpr int kComputed = 0;
constexpr int kFailed = 1;

/// In the fork.
[[noreturn]] void compute_and_end(const ComputePoint& compute, const ResolvedPoint& point, const SharedText& out,
                                  pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kFailed);
    int status = kComputed;
    std::string text;
    try {
        text = compute(*point.run, point.identity.config_hash);
    } catch (const std::exception& error) {
        status = kFailed;
        text = error.what();
    }
    // No destructors: the process is thrown away, and exit would run those of 28 libraries.
    ::_exit(out.write(text) ? status : kFailed);
}

/// Computes the point in a fork and sends how it ended.
bool compute_in_fork(MessageStream& engine, const ComputePoint& compute, const ResolvedPoint& point)
{
    const SharedText text;
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) compute_and_end(compute, point, text, parent);
    if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot start a point");
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        if (comes_from_outside(signal)) return engine.send(Message::killed, std::to_string(signal));
        return engine.send(Message::error, fmt::format("ended by signal {} ({})", signal, ::strsignal(signal)));
    }
    return engine.send(WEXITSTATUS(status) == kComputed ? Message::result : Message::error, text.read());
}

/// "design seed".
bool parse_point(const std::string& text, std::uint64_t& design, std::uint64_t& seed)
{
    const char* const end = text.data() + text.size();
    const auto [blank, error] = std::from_chars(text.data(), end, design);
    return error == std::errc() && blank != end && std::from_chars(blank + 1, end, seed).ec == std::errc();
}

}  // namespace

void serve_points(MessageStream& engine, const config::SweepConfig& sweep, const config::Stage& stage, int model,
                  const ComputePoint& compute)
{
    const DesignGrid grid(sweep);
    PointResolver resolver(sweep, stage, model);
    if (!engine.send(Message::hello, digest_of_content(sweep, grid))) return;
    while (const std::optional<MessageStream::Received> asked = engine.receive()) {
        std::uint64_t design = 0;
        std::uint64_t seed = 0;
        if (asked->message != Message::point || !parse_point(asked->text, design, seed)) {
            throw std::runtime_error("point server: no such message");
        }
        const ResolvedPoint resolved = resolver.resolve(grid.point(design, seed, 0));
        if (!resolved.run) {
            if (!engine.send(Message::fault, resolved.fault)) return;
            continue;
        }
        if (!engine.send(Message::identity, resolved.identity.config_hash)) return;
        const std::optional<MessageStream::Received> answer = engine.receive();
        if (!answer) return;
        if (answer->message == Message::compute && !compute_in_fork(engine, compute, resolved)) return;
    }
}

}  // namespace wagesim::sweep
