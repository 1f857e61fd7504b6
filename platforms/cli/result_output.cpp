// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/result_output.hpp"

#include <fmt/core.h>
#include <omp.h>

#include "ref/communicator/share.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {

void print_plan(const Session& session, Console& console)
{
    const config::RunConfig& config = session.config;
    console.print(fmt::format("{}: {} training and {} test images, {} weight layers, {} steps with batch {}, seed {}",
                              config.name.empty() ? "run" : config.name, session.data.train->count(),
                              session.data.test->count(), session.geometry.size(), session.end_step,
                              config.training.batch, config.seed));
    if (!session.ranks.alone()) {
        console.print(
            fmt::format("{} ranks of up to {} images a step; threads of rank 0: {}", session.ranks.count(),
                        share_of(static_cast<std::size_t>(config.training.batch), 0, session.ranks.count()).count,
                        omp_get_max_threads()));
    }
}

void print_summary(const RunResult& result, Console& console)
{
    const std::string error =
        result.final_test_error ? fmt::format("final test error {:.4f} after ", *result.final_test_error) : "";
    console.print(fmt::format("{}{} steps in {}", error, result.steps, duration_text(result.wall_seconds)));
}

void deliver_result(const Json& result, const Session& session)
{
    const std::string text = result.dump(2) + "\n";
    if (session.directory) write_file_atomically(session.directory->result_file(), text);
    if (session.options.json) fmt::print("{}", text);
}

}  // namespace wagesim::cli
