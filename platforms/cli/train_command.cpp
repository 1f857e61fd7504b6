// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim train: training without a chip.
#include "platforms/cli/commands.hpp"
#include "platforms/cli/dump_output.hpp"
#include "platforms/cli/record_output.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/software_engine.hpp"
#include "platforms/cli/training_run.hpp"
#include "ref/tensor/sink_list.hpp"

namespace wagesim::cli {
namespace {

/// The result of a run of several ranks says so.
Json result_json(const RunResult& result, const Ranks& ranks)
{
    Json json = to_json(result);
    if (ranks.alone()) return json;
    const Traffic traffic = ranks.communicator().traffic();
    json["ranks"] = ranks.count();
    json["communication"] = {
        {"operations", traffic.operations}, {"bytes", traffic.bytes}, {"seconds", traffic.seconds}};
    return json;
}

}  // namespace

ExitCode run_train(const Options& options, const Ranks& ranks)
{
    const Session session = ranks.together([&] { return open_session(options, ranks); });
    ranks.require_equal("config_hash", session.config_hash);
    const std::unique_ptr<TensorDump> dump = ranks.together([&] { return open_dump(session); });
    const std::unique_ptr<Recorder> recorder = ranks.together([&] { return open_recorder(session); });
    SinkList sinks;
    sinks.add(dump.get());
    sinks.add(recorder.get());
    const auto engine = ranks.together([&] { return make_software_engine(session, sinks.or_none()); });
    Console console(options.quiet || !ranks.is_root(), options.json);
    const RunResult result =
        TrainingRun(session, *engine, console, TrainingRun::OpenEpoch::evaluate, recorder.get()).run();
    finish_dump(dump.get(), session, *engine);
    print_summary(result, console);
    ranks.together([&] { deliver_result(result_json(result, ranks), session); });
    return ExitCode::done;
}

}  // namespace wagesim::cli
