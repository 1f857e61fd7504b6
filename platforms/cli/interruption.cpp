// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one flag that a signal handler may set. See the header.
#include "platforms/cli/interruption.hpp"

#include <atomic>
#include <csignal>

namespace wagesim::cli {
namespace {

// A signal handler reaches nothing but globals.
std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void request_interruption(int /*signal*/)
{
    requested.store(true);
}

}  // namespace

void catch_interruption(int signal)
{
    struct sigaction action = {};
    action.sa_handler = request_interruption;
    sigemptyset(&action.sa_mask);
    // Files under way are written to their end instead of failing with EINTR.
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

bool interruption_requested() noexcept
{
    return requested.load();
}

}  // namespace wagesim::cli
