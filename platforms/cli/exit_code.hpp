// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The exit statuses of docs/interfaces.md and the exceptions that the commands add to ConfigError and DataError. Only
// main turns exceptions into statuses.
#pragma once

#include <stdexcept>

namespace wagesim::cli {

enum class ExitCode : int { done = 0, difference = 1, usage = 2, data = 3, interrupted = 4, internal = 70 };

/// A command line that cannot be carried out. `what()` is one line.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A comparison failed in another way than by a tensor that differs: it was incomplete, the two quantize/update units
/// of a lockstep disagree, or an injected fault was refused or never reached. `what()` is one line.
class VerificationFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// SIGINT or SIGTERM stopped the work. `what()` is one line that says what was kept and how to go on.
class Interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace wagesim::cli
