// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/idle_threads.hpp"

#include <unistd.h>

#include <cstdlib>

namespace wagesim::cli {

void let_idle_threads_sleep(char** argv)
{
    if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
    if (::setenv("OMP_WAIT_POLICY", "passive", 1) != 0) return;
    ::execv("/proc/self/exe", argv);
    // Reached only where there is no /proc: the threads spin, and everything else is the same.
}

}  // namespace wagesim::cli
