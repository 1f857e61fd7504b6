// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programs run as a user would run them: arguments in, exit status and both outputs out. Knows nothing of wagesim.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wagesim::test {

/// A new folder under the system's temporary one, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

struct CommandResult {
    int status = -1;  ///< exit status; minus the signal's number where one ended the program
    std::string out;
    std::string err;

    /// Lines of standard error, the last one with its newline or without.
    [[nodiscard]] std::vector<std::string> error_lines() const;
};

class RunningCommand {
public:
    /// Starts `arguments[0]` with standard input from /dev/null. `environment` ("NAME=value") is added to ours.
    explicit RunningCommand(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment = {});
    /// Kills what still runs.
    ~RunningCommand();
    RunningCommand(const RunningCommand&) = delete;
    RunningCommand& operator=(const RunningCommand&) = delete;

    void send_signal(int signal) const;
    [[nodiscard]] int pid() const noexcept { return pid_; }
    /// Returns when `file` is there, or false when the program ended without it.
    [[nodiscard]] bool wait_for_file(const std::filesystem::path& file) const;
    /// Returns when the program has a handler for `signal`, which until then would just kill it, or false when it ended
    /// before.
    [[nodiscard]] bool wait_for_handler(int signal) const;
    CommandResult wait();

private:
    [[nodiscard]] bool ended() const;

    TemporaryFolder outputs_;
    int pid_ = -1;
};

CommandResult run_command(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {});

[[nodiscard]] std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace wagesim::test
