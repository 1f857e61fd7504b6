// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim verify: reference and chip side by side.
#include <fmt/core.h>

#include <variant>

#include "platforms/cli/activity_output.hpp"
#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/dump_output.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/training_run.hpp"
#include "platforms/cli/verify_engine.hpp"

namespace wagesim::cli {
namespace {

Json value_json(const verify::ElementValue& value)
{
    return std::visit([](auto number) { return Json(number); }, value);
}

Json difference_json(const std::optional<verify::TensorDifference>& difference)
{
    if (!difference) return nullptr;
    return {{"step", difference->step},
            {"layer", difference->layer},
            {"tensor", text_of(difference->name)},
            {"index", difference->index},
            {"coordinates", difference->coordinates()},
            {"expected", value_json(difference->expected)},
            {"got", value_json(difference->got)}};
}

Json comparison_json(const verify::ComparisonResult& compared)
{
    return {{"tensors_compared", compared.tensors_compared},
            {"elements_compared", compared.elements_compared},
            {"differences", compared.differences},
            {"first_difference", difference_json(compared.first_difference)}};
}

/// Which tensors deviate, and how far: {name: {elements, differences, max_deviation}}.
Json deviations_json(const verify::ComparisonResult& compared)
{
    Json deviations = Json::object();
    for (std::size_t i = 0; i < compared.by_name.size(); ++i) {
        const verify::TensorDeviation& deviation = compared.by_name[i];
        if (deviation.elements_compared == 0) continue;
        deviations[std::string(kTensorNames[i])] = {{"elements", deviation.elements_compared},
                                                    {"differences", deviation.differences},
                                                    {"max_deviation", deviation.max_deviation}};
    }
    return deviations;
}

void print_deviations(const verify::ComparisonResult& compared, Console& console)
{
    console.print(fmt::format("  {:<20}{:>18}{:>18}{:>18}", "tensor", "elements", "differences", "max deviation"));
    for (std::size_t i = 0; i < compared.by_name.size(); ++i) {
        const verify::TensorDeviation& deviation = compared.by_name[i];
        if (deviation.elements_compared == 0) continue;
        console.print(fmt::format("  {:<20}{:>18}{:>18}{:>18g}", kTensorNames[i], grouped(deviation.elements_compared),
                                  grouped(deviation.differences), deviation.max_deviation));
    }
}

}  // namespace

ExitCode run_verify(const Options& options)
{
    const Session session = open_session(options);
    const std::unique_ptr<TensorDump> dump = open_dump(session);
    VerifyEngine engine(session, dump.get());
    Console console(options.quiet, options.json);
    const RunResult result = TrainingRun(session, engine, console, TrainingRun::OpenEpoch::leave).run();
    finish_dump(dump.get(), session, engine);

    const verify::ComparisonResult compared = engine.result();
    write_activity(engine.chip(), session);
    print_summary(result, console);
    if (!engine.stopped()) print_chip(engine.chip(), session.config, console);
    if (options.tolerate_deviation) print_deviations(compared, console);
    console.print(fmt::format("compared {} tensors, {} elements; differences: {}", grouped(compared.tensors_compared),
                              grouped(compared.elements_compared), grouped(compared.differences)));

    Json json = comparison_json(compared);
    if (options.tolerate_deviation) json["deviations"] = deviations_json(compared);
    json.update(to_json(result));
    add_chip(json, engine.chip(), session.config);
    deliver_result(json, session);
    if (compared.differences == 0 || options.tolerate_deviation) return ExitCode::done;
    fmt::print(stderr, "difference at {}\n", compared.first_difference->text());
    return ExitCode::difference;
}

}  // namespace wagesim::cli
