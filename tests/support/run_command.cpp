// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// fork, exec and files for the outputs, which cannot fill up as pipes can. See the header.
#include "tests/support/run_command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace wagesim::test {
namespace {

void redirect(const char* file, int flags, int to)
{
    const int from = ::open(file, flags, 0600);
    if (from < 0 || ::dup2(from, to) < 0) ::_exit(126);
    ::close(from);
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "wagesim-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create a temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> CommandResult::error_lines() const
{
    std::vector<std::string> lines;
    std::istringstream text(err);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

RunningCommand::RunningCommand(const std::vector<std::string>& arguments, const std::vector<std::string>& environment)
{
    const std::string out = outputs_ / "out";
    const std::string err = outputs_ / "err";
    const std::vector<char*> argv = pointers_to(arguments);
    const std::vector<char*> added = pointers_to(environment);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ > 0) return;
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(out.c_str(), O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(err.c_str(), O_WRONLY | O_CREAT, STDERR_FILENO);
    for (std::size_t i = 0; i + 1 < added.size(); ++i) ::putenv(added[i]);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

RunningCommand::~RunningCommand()
{
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void RunningCommand::send_signal(int signal) const
{
    if (pid_ > 0) ::kill(pid_, signal);
}

bool RunningCommand::ended() const
{
    siginfo_t ended{};
    // WNOWAIT leaves the ended program for wait().
    ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
    return ended.si_pid == pid_;
}

bool RunningCommand::wait_for_file(const std::filesystem::path& file) const
{
    while (!std::filesystem::exists(file)) {
        if (ended()) return std::filesystem::exists(file);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

bool RunningCommand::wait_for_handler(int signal) const
{
    const std::string status = "/proc/" + std::to_string(pid_) + "/status";
    const std::string key = "SigCgt:";
    while (!ended()) {
        const std::string text = read_text(status);
        const unsigned long long caught = std::stoull(text.substr(text.find(key) + key.size()), nullptr, 16);
        if ((caught >> (signal - 1) & 1U) != 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

CommandResult RunningCommand::wait()
{
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    CommandResult result;
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    result.out = read_text(outputs_ / "out");
    result.err = read_text(outputs_ / "err");
    return result;
}

CommandResult run_command(const std::vector<std::string>& arguments, const std::vector<std::string>& environment)
{
    return RunningCommand(arguments, environment).wait();
}

std::string read_text(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write_text(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace wagesim::test
