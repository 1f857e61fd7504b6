// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim config: check a run file and print it resolved.
#include <fmt/core.h>

#include "platforms/cli/commands.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/config/print_run.hpp"

namespace wagesim::cli {

ExitCode run_config(const Options& options)
{
    const config::RunConfig config = load_config(options);
    if (options.json) {
        const Json result = {{"config", config::print_run(config)}, {"config_hash", config::config_hash(config)}};
        fmt::print("{}\n", result.dump(2));
    } else {
        fmt::print("{}", config::print_run(config));
    }
    return ExitCode::done;
}

}  // namespace wagesim::cli
