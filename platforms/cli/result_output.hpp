// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What train, simulate and verify say around their loop, and where a command's result goes.
#pragma once

#include "platforms/cli/console.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"

namespace wagesim::cli {

/// What will be trained, in a line.
void print_plan(const Session& session, Console& console);
/// Steps, final test error, time, in a line.
void print_summary(const RunResult& result, Console& console);

/// To result.json where there is a folder, to standard output with --json.
void deliver_result(const Json& result, const Session& session);

}  // namespace wagesim::cli
