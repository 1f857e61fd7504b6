// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one flag that a signal handler may set. See the header.
#include "platforms/cli/interruption.hpp"

#include <atomic>
#include <csignal>

#include "platforms/cli/exit_code.hpp"

namespace wagesim::cli {
namespace {

// A signal handler reaches nothing but globals.
std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

extern "C" void request_interruption(int /*signal*/)
{
    requested.store(true);
}

void change_mask(int how)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(how, &signals, nullptr);
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

void end_at_interruptions()
{
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
    if (interruption_requested()) std::raise(SIGTERM);
}

void throw_if_interrupted()
{
    if (interruption_requested()) throw Interrupted("interrupted before the first point");
}

void hold_interruptions()
{
    change_mask(SIG_BLOCK);
}

void release_interruptions()
{
    change_mask(SIG_UNBLOCK);
}

bool interruption_requested() noexcept
{
    return requested.load();
}

}  // namespace wagesim::cli
