// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim train: the reference trainer alone.
#include "platforms/cli/commands.hpp"
#include "platforms/cli/dump_output.hpp"
#include "platforms/cli/reference_engine.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/training_run.hpp"

namespace wagesim::cli {

ExitCode run_train(const Options& options)
{
    const Session session = open_session(options);
    const std::unique_ptr<TensorDump> dump = open_dump(session);
    ReferenceEngine engine(session, dump.get());
    Console console(options.quiet, options.json);
    const RunResult result = TrainingRun(session, engine, console, TrainingRun::OpenEpoch::evaluate).run();
    finish_dump(dump.get(), session, engine);
    print_summary(result, console);
    deliver_result(to_json(result), session);
    return ExitCode::done;
}

}  // namespace wagesim::cli
