// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Why a checkpoint is not this run's, in terms of the run file.
#pragma once

#include "platforms/config/run_config.hpp"
#include "ref/data/checkpoint.hpp"

namespace wagesim::cli {

/// `refused`, with the keys that differ from `config` and their values instead of two hashes.
[[nodiscard]] DataError name_differences(const OtherConfiguration& refused, const config::RunConfig& config);

}  // namespace wagesim::cli
