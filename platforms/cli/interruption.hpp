// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Signals as a question that the work asks between two steps. Nothing is stopped from outside.
#pragma once

namespace wagesim::cli {

/// From now on the signal only sets the flag below, however often it comes.
void catch_interruption(int signal);

[[nodiscard]] bool interruption_requested() noexcept;
/// SIGINT and SIGTERM end the program where it is, now if one has come already. For work that does not ask.
void end_at_interruptions();
/// Throws Interrupted where it is, before anything has been begun.
void throw_if_interrupted();

/// SIGINT and SIGTERM that come from now on wait, also for a program that takes this one's place.
void hold_interruptions();
/// They do what they do again, those that waited first.
void release_interruptions();

}  // namespace wagesim::cli
