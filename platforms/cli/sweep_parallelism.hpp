// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How much of the machine a sweep takes.
#pragma once

#include "platforms/cli/options.hpp"

namespace wagesim::cli {

/// All cores together, unless the options or OMP_NUM_THREADS say otherwise: points side by side before threads.
class SweepParallelism {
public:
    explicit SweepParallelism(const Options& options);

    /// Points at the same time. Those without data have one thread each.
    [[nodiscard]] int jobs(bool without_data) const noexcept { return without_data ? servers_ : jobs_; }
    /// Of each point with data.
    [[nodiscard]] int threads() const noexcept { return threads_; }

private:
    int servers_ = 1;
    int jobs_ = 1;
    int threads_ = 1;
};

}  // namespace wagesim::cli
