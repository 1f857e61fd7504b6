// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a process of wagesim that another one starts finds in its environment.
#pragma once

#include <string>
#include <vector>

namespace wagesim::sweep {

/// This process's environment, "NAME=value", without what mpirun or srun left there: a child with it would take itself
/// for a rank.
[[nodiscard]] std::vector<std::string> child_environment();

}  // namespace wagesim::sweep
