// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/program_output.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "platforms/sweep/pointers_to.hpp"

namespace wagesim::sweep {
namespace {

[[noreturn]] void fail(int error, const std::string& program)
{
    throw std::system_error(error, std::generic_category(), "cannot run " + program);
}

/// A file in memory: however much a program writes, it never waits for a reader.
class MemoryFile {
public:
    explicit MemoryFile(const std::string& program) : descriptor_(::memfd_create("wagesim-output", MFD_CLOEXEC))
    {
        if (descriptor_ < 0) fail(errno, program);
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::string content() const
    {
        std::string text;
        std::array<char, 4096> block{};
        while (true) {
            const ssize_t bytes = ::pread(descriptor_, block.data(), block.size(), static_cast<off_t>(text.size()));
            if (bytes <= 0) return text;
            text.append(block.data(), static_cast<std::size_t>(bytes));
        }
    }

private:
    int descriptor_;
};

}  // namespace

std::optional<ProgramOutput> run_program(const std::vector<std::string>& arguments)
{
    const MemoryFile out(arguments.front());
    const MemoryFile err(arguments.front());
    std::vector<std::string> texts = arguments;
    std::vector<char*> argv = pointers_to(texts);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT) return std::nullopt;
    if (error != 0) fail(error, arguments.front());

    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) fail(errno, arguments.front());
    }
    return ProgramOutput{WIFEXITED(status) ? WEXITSTATUS(status) : -1, out.content(), err.content()};
}

}  // namespace wagesim::sweep
