// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a result says about the program that made it.
#pragma once

#include <string>

namespace wagesim::cli {

/// Changes only when results may: tensors, cycles or counts of the same configuration.
inline constexpr int kModelNumber = 1;

/// "0.1.0+model.1".
[[nodiscard]] inline std::string program_version()
{
    return std::string(WAGESIM_VERSION) + "+model." + std::to_string(kModelNumber);
}

}  // namespace wagesim::cli
