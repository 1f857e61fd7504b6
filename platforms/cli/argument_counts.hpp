// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many values an option may be given, in the words that all refusals have; CLI11 has its own.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace wagesim::cli {

/// What was wrong with the number of values that `refused` tells of: "--seed: got 2 values, allowed 1". Nothing where
/// `refused` is about something else than an option of `command`.
[[nodiscard]] std::optional<std::string> describe_count(const CLI::App& command, const CLI::ArgumentMismatch& refused);

}  // namespace wagesim::cli
