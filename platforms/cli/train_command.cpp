// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim train: the reference trainer alone.
#include "platforms/cli/commands.hpp"
#include "platforms/cli/dump_output.hpp"
#include "platforms/cli/record_output.hpp"
#include "platforms/cli/reference_engine.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/training_run.hpp"
#include "ref/tensor/sink_list.hpp"

namespace wagesim::cli {

ExitCode run_train(const Options& options)
{
    const Session session = open_session(options);
    const std::unique_ptr<TensorDump> dump = open_dump(session);
    const std::unique_ptr<Recorder> recorder = open_recorder(session);
    SinkList sinks;
    sinks.add(dump.get());
    sinks.add(recorder.get());
    ReferenceEngine engine(session, sinks.or_none());
    Console console(options.quiet, options.json);
    const RunResult result =
        TrainingRun(session, engine, console, TrainingRun::OpenEpoch::evaluate, recorder.get()).run();
    finish_dump(dump.get(), session, engine);
    print_summary(result, console);
    deliver_result(to_json(result), session);
    return ExitCode::done;
}

}  // namespace wagesim::cli
