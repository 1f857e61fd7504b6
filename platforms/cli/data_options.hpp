// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run's data set as the readers are asked for it.
#pragma once

#include "platforms/config/run_config.hpp"
#include "ref/data/dataset_limits.hpp"
#include "ref/data/dataset_loader.hpp"

namespace wagesim::cli {

[[nodiscard]] DatasetOptions dataset_options(const config::DataConfig& data);
[[nodiscard]] DatasetLimits dataset_limits(const Network& network);

}  // namespace wagesim::cli
