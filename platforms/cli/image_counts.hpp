// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many images a data set has, for runs that carry no data: from sizes and headers where the format has them.
#pragma once

#include <cstdint>

#include "platforms/config/run_config.hpp"

namespace wagesim::cli {

struct ImageCounts {
    std::uint64_t train = 0;
    std::uint64_t test = 0;
};

/// Throws DataError where the files cannot be used with the run's network.
[[nodiscard]] ImageCounts count_images(const config::RunConfig& config);

}  // namespace wagesim::cli
