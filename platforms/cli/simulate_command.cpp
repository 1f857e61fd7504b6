// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim simulate: the same training on the simulated chip, and what it cost there.
#include "platforms/cli/activity_output.hpp"
#include "platforms/cli/chip_engine.hpp"
#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/chip_insight.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/dump_output.hpp"
#include "platforms/cli/record_output.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/rtl_options.hpp"
#include "platforms/cli/training_run.hpp"
#include "ref/tensor/sink_list.hpp"

namespace wagesim::cli {

ExitCode run_simulate(const Options& options)
{
    require_insight_options(options);
    const config::RunConfig config = load_config(options);
    if (config.chip && config.chip->fidelity == chip::Fidelity::timing) {
        require_rtl_options(options, config);
        return run_timing(options, config);
    }
    const Session session = open_session(options);
    require_insight_steps(options, session.config, session.end_step);
    const std::unique_ptr<TensorDump> dump = open_dump(session);
    const std::unique_ptr<Recorder> recorder = open_recorder(session);
    SinkList sinks;
    sinks.add(dump.get());
    sinks.add(recorder.get());
    ChipEngine engine(session, sinks.or_none());
    ChipInsight insight(options, session.config, engine.chip(), session.directory.get());
    Console console(options.quiet, options.json);
    const RunResult result =
        TrainingRun(session, engine, console, TrainingRun::OpenEpoch::evaluate, recorder.get()).run();
    finish_dump(dump.get(), session, engine);
    if (engine.waves() != nullptr) engine.waves()->finish();

    write_activity(engine.chip(), session);
    print_summary(result, console);
    print_chip(engine.chip(), session.config, console);
    insight.print(console);
    insight.finish();
    print_wave(engine.waves(), console);
    Json json = to_json(result);
    add_rtl(json, session, engine.waves());
    add_chip(json, engine.chip(), session.config);
    deliver_result(json, session);
    return ExitCode::done;
}

}  // namespace wagesim::cli
