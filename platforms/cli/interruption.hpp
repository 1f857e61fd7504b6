// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SIGINT and SIGTERM as a question that the work asks between two steps. Nothing is stopped from outside.
#pragma once

namespace wagesim::cli {

/// From now on SIGINT and SIGTERM only set the flag below, however often they come.
void catch_interruptions();

[[nodiscard]] bool interruption_requested() noexcept;

}  // namespace wagesim::cli
