// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The figures of a result that points can be compared by: the numbers of docs/interfaces.md's JSON.
#pragma once

#include <string>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::config {

/// Whether `field` is a number in the result of `command`; epochs are named by their index or by `last`.
[[nodiscard]] bool is_objective_field(SweepCommand command, const std::string& field);

/// All of them, for a fault.
[[nodiscard]] std::string objective_fields_text(SweepCommand command);

/// Whether one of the sweep's stages has the number `field`.
[[nodiscard]] bool has_figure(const SweepConfig& sweep, const std::string& field);

/// All that its stages have, for a fault.
[[nodiscard]] std::string figures_text(const SweepConfig& sweep);

}  // namespace wagesim::config
