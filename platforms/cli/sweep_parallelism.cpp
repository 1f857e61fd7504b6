// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_parallelism.hpp"

#include <omp.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <thread>

namespace wagesim::cli {

SweepParallelism::SweepParallelism(const Options& options)
{
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::optional<int> threads = options.threads;
    if (!threads && std::getenv("OMP_NUM_THREADS") != nullptr) threads = omp_get_max_threads();
    servers_ = options.sweep.jobs.value_or(cores);
    jobs_ = options.sweep.jobs.value_or(std::max(1, cores / threads.value_or(1)));
    threads_ = threads.value_or(std::max(1, cores / jobs_));
}

}  // namespace wagesim::cli
