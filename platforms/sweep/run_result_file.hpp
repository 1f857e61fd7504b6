// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a finished run left: result.json, and the figures in it.
#pragma once

#include <optional>
#include <string>

#include "platforms/sweep/database.hpp"

namespace wagesim::sweep {

/// The record of a run that has ended well in `folder`, or nothing where no complete result of `identity` is there.
[[nodiscard]] std::optional<Record> finished_run(const std::string& folder, const Identity& identity);

/// The number under the dotted path `field` ("epochs.last.loss") of a result; nothing where it is null or missing.
[[nodiscard]] std::optional<double> figure(const std::string& result, const std::string& field);

}  // namespace wagesim::sweep
