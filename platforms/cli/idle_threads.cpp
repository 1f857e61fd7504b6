// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How OpenMP threads wait between parallel passes: asleep, unless the environment says otherwise
// (docs/adr/0006-idle-threads-sleep.md). libgomp reads its environment when it is initialised, so the program starts
// itself anew with OMP_WAIT_POLICY=passive: before any library is initialised, which takes most of a start, and so with
// nothing of the C library but execve. Nobody calls this file.
#include <unistd.h>

#include <cstddef>

namespace wagesim::cli {
namespace {

constexpr std::size_t kMostVariables = 8192;
char waits_passively[] = "OMP_WAIT_POLICY=passive";
char* new_environment[kMostVariables + 2];

/// True where `variable`, NAME=VALUE, has this name, given with its =.
bool is_named(const char* variable, const char* name)
{
    while (*name != '\0') {
        if (*variable++ != *name++) return false;
    }
    return true;
}

void let_idle_threads_sleep(int /*argc*/, char** argv, char** environment)
{
    std::size_t count = 0;
    for (; environment[count] != nullptr; ++count) {
        if (count == kMostVariables) return;
        if (is_named(environment[count], "OMP_WAIT_POLICY=") || is_named(environment[count], "GOMP_SPINCOUNT=")) return;
        new_environment[count] = environment[count];
    }
    new_environment[count] = waits_passively;
    ::execve("/proc/self/exe", argv, new_environment);
    // Reached only where there is no /proc: the threads spin, and everything else is the same.
}

/// What the dynamic linker runs before all else.
[[gnu::section(".preinit_array"), gnu::used]] void (*before_libraries)(int, char**, char**) = let_idle_threads_sleep;

}  // namespace
}  // namespace wagesim::cli
