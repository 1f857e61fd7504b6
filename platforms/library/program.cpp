// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/library/program.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <wagesim/error.hpp>

#include "platforms/library/child.hpp"
#include "platforms/sweep/child_environment.hpp"

namespace wagesim::library {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "WAGESIM_PROGRAM";

/// The folder that holds the file with this function in it.
fs::path own_folder()
{
    Dl_info info = {};
    if (::dladdr(reinterpret_cast<const void*>(&program_path), &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code error;
    const fs::path file = fs::canonical(info.dli_fname, error);
    return error ? fs::path() : file.parent_path();
}

/// What the program said last: its one line of error, without its name, whose place the caller's own takes.
std::string last_line(const std::string& text)
{
    const std::size_t end = text.find_last_not_of('\n');
    if (end == std::string::npos) return "";
    const std::size_t before = text.rfind('\n', end);
    std::string line = text.substr(before == std::string::npos ? 0 : before + 1, end - before);
    while (!line.empty() && line.back() == '\n') line.pop_back();
    constexpr const char* kName = "wagesim: ";
    if (line.rfind(kName, 0) == 0) line.erase(0, std::strlen(kName));
    return line;
}

/// The run file that the program read was in memory: its lines mean nothing to the caller, its keys do.
std::string without_place_in_memory(const std::string& line)
{
    const std::size_t found = line.find(kFileOfChild);
    if (found != 0) return line;
    const std::size_t blank = line.find(": ");
    return blank == std::string::npos ? line : line.substr(blank + 2);
}

bool is_program(const fs::path& file)
{
    std::error_code ignored;
    return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

Error::Kind kind_of(int status)
{
    switch (status) {
        case 2: return Error::Kind::config;
        case 3: return Error::Kind::data;
        case 4: return Error::Kind::interrupted;
        default: return Error::Kind::internal;
    }
}

}  // namespace

std::string program_path()
{
    if (const char* const given = std::getenv(kVariable); given != nullptr && *given != '\0') {
        if (is_program(given)) return given;
        throw Error(Error::Kind::internal, fmt::format("{}: got {}, allowed an executable file", kVariable, given));
    }
    const fs::path folder = own_folder();
    for (const char* const way : {"../bin/wagesim", WAGESIM_WAY_TO_PROGRAM}) {
        const fs::path candidate = (folder / way).lexically_normal();
        if (is_program(candidate)) return candidate.string();
    }
    throw Error(Error::Kind::internal, fmt::format("no program wagesim beside the library in {}; {} can name one",
                                                   folder.string(), kVariable));
}

ProgramEnd run_program(const ProgramCall& call, const Watch& watch)
{
    ChildCommand command;
    command.arguments = {program_path()};
    command.arguments.insert(command.arguments.end(), call.arguments.begin(), call.arguments.end());
    command.environment = sweep::child_environment();
    command.file = call.file;
    command.folder = call.folder;
    command.print = watch.print;
    command.stop = watch.stop;
    ChildEnd end;
    try {
        end = run_child(command);
    } catch (const std::system_error& error) {
        throw Error(Error::Kind::internal, error.what());
    }
    const std::string line = without_place_in_memory(last_line(end.err));
    if (end.signal == SIGINT || end.signal == SIGTERM || (end.signal != 0 && end.stopped)) {
        throw Error(Error::Kind::interrupted, "interrupted before it could write a checkpoint");
    }
    if (end.signal != 0) {
        throw Error(Error::Kind::internal,
                    fmt::format("{} was ended by signal {} ({}){}{}", command.arguments.front(), end.signal,
                                ::strsignal(end.signal), line.empty() ? "" : ": ", line));
    }
    if (end.status < 0) {
        throw Error(Error::Kind::internal,
                    "how wagesim ended is not known: this process ignores SIGCHLD, or waits for children of others");
    }
    if (end.status != 0 && end.status != 1 && end.status != 3) {
        throw Error(kind_of(end.status), line.empty() ? fmt::format("{} ended with status {} and said nothing",
                                                                    command.arguments.front(), end.status)
                                                      : line);
    }
    return {end.status, std::move(end.out), line};
}

}  // namespace wagesim::library
