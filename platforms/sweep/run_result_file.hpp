// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a finished run left: result.json, and the figures in it.
#pragma once

#include <optional>
#include <string>

#include "platforms/sweep/database.hpp"

namespace wagesim::sweep {

/// The record of the run in `folder`, of which a worker of `identity` has just ended well; nothing where its result is
/// another's, or of more steps than the point has. That it is not of fewer is the worker's exit status to say: somebody
/// may have ended the run early by hand, which only a run that goes on finds out.
[[nodiscard]] std::optional<Record> finished_run(const std::string& folder, const Identity& identity);

/// The number under the dotted path `field` ("epochs.last.loss") of a result; nothing where it is null or missing.
[[nodiscard]] std::optional<double> figure(const std::string& result, const std::string& field);

}  // namespace wagesim::sweep
