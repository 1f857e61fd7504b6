// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim config: check a run file and print it resolved, or what its chip executes.
#include <fmt/core.h>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/config/print_run.hpp"
#include "platforms/inspect/wrapped_text.hpp"

namespace wagesim::cli {
namespace {

std::string program_text(const Options& options, const config::RunConfig& config)
{
    if (!config.chip) throw UsageError("--program: got no chip in " + options.config + "; --set chip=PATH supplies it");
    if (config.floats.any()) throw config::float_fault(config, "the chip computes with no other");
    return inspect::wrapped_lines(map_chip(config).text(), 4);
}

}  // namespace

ExitCode run_config(const Options& options)
{
    const config::RunConfig config = load_config(options);
    const std::string program = options.program ? program_text(options, config) : "";
    if (options.json) {
        Json result = {{"config", config::print_run(config)}, {"config_hash", config::config_hash(config)}};
        if (options.program) result["program"] = program;
        fmt::print("{}\n", result.dump(2));
    } else {
        fmt::print("{}", options.program ? program : config::print_run(config));
    }
    return ExitCode::done;
}

}  // namespace wagesim::cli
