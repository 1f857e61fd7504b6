// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_engines.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "platforms/sweep/child_environment.hpp"
#include "platforms/sweep/run_engine.hpp"
#include "platforms/sweep/served_engine.hpp"

namespace wagesim::cli {
namespace {

/// The program that this process runs, even if its file has been replaced since.
constexpr const char* kOwnExecutable = "/proc/self/exe";

/// Of a server of the stage.
std::vector<std::string> server_arguments(const Options& options, std::size_t stage)
{
    std::vector<std::string> arguments = {"sweep",     "serve", "-c", options.config, "--stage", std::to_string(stage),
                                          "--threads", "1"};
    for (const std::string& assignment : options.assignments) {
        arguments.emplace_back("--set");
        arguments.push_back(assignment);
    }
    return arguments;
}

}  // namespace

sweep::EngineFactory sweep_engines(const Options& options, const sweep::SurveyedSweep& sweep,
                                   const SweepParallelism& parallelism, const std::string& runs,
                                   const sweep::FolderLock& lock)
{
    return [&options, &sweep, &parallelism, runs,
            descriptor = lock.descriptor()](const sweep::StageRun& run) -> std::unique_ptr<sweep::StageEngine> {
        const bool without_data = sweep.is_without_data(run.stage);
        const int jobs = parallelism.jobs(without_data);
        if (without_data) {
            return std::make_unique<sweep::ServedEngine>(
                run, sweep::ServedEngine::Options{kOwnExecutable, server_arguments(options, run.stage),
                                                  sweep::child_environment(), descriptor, jobs, sweep.model(),
                                                  sweep.content()});
        }
        return std::make_unique<sweep::RunEngine>(
            run, sweep::RunEngine::Options{kOwnExecutable, sweep::child_environment(), runs, descriptor, jobs,
                                           parallelism.threads(), sweep.model()});
    };
}

}  // namespace wagesim::cli
