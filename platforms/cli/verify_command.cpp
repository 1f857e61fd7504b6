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
#include "platforms/cli/rtl_options.hpp"
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

Json deviation_json(const verify::TensorDeviation& deviation)
{
    const double range = deviation.largest_expected;
    return {{"elements", deviation.elements_compared},
            {"differences", deviation.differences},
            {"max_deviation", deviation.max_deviation},
            {"mean_deviation", deviation.mean_deviation()},
            {"largest_expected", range},
            {"relative_deviation", range == 0.0 ? Json(nullptr) : Json(deviation.mean_deviation() / range)}};
}

/// Which tensors deviate, and how far: {name: {elements, ..., layers: {layer: {the same}}}}.
Json deviations_json(const verify::ComparisonResult& compared)
{
    Json deviations = Json::object();
    for (std::size_t i = 0; i < compared.by_name.size(); ++i) {
        if (compared.by_name[i].elements_compared == 0) continue;
        Json& of_name = deviations[std::string(kTensorNames[i])];
        of_name = deviation_json(compared.by_name[i]);
        for (const auto& [tensor, deviation] : compared.by_layer) {
            if (static_cast<std::size_t>(tensor.first) != i) continue;
            of_name["layers"][std::to_string(tensor.second)] = deviation_json(deviation);
        }
    }
    return deviations;
}

void print_deviations(const verify::ComparisonResult& compared, Console& console)
{
    console.print(fmt::format("  {:<20}{:>6}{:>16}{:>14}{:>14}{:>14}{:>12}", "tensor", "layer", "elements",
                              "differences", "mean", "maximum", "mean/range"));
    for (const auto& [tensor, deviation] : compared.by_layer) {
        const double range = deviation.largest_expected;
        console.print(fmt::format("  {:<20}{:>6}{:>16}{:>14}{:>14.4g}{:>14g}{:>12}", text_of(tensor.first),
                                  tensor.second, grouped(deviation.elements_compared), grouped(deviation.differences),
                                  deviation.mean_deviation(), deviation.max_deviation,
                                  range == 0.0 ? "-" : fmt::format("{:.2g}", deviation.mean_deviation() / range)));
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
    if (engine.waves() != nullptr) engine.waves()->finish();

    const verify::ComparisonResult compared = engine.result();
    write_activity(engine.chip(), session);
    print_summary(result, console);
    if (!engine.stopped()) print_chip(engine.chip(), session.config, console);
    if (options.tolerate_deviation) print_deviations(compared, console);
    print_wave(engine.waves(), console);
    console.print(fmt::format("compared {} tensors, {} elements; differences: {}", grouped(compared.tensors_compared),
                              grouped(compared.elements_compared), grouped(compared.differences)));

    Json json = comparison_json(compared);
    if (options.tolerate_deviation) json["deviations"] = deviations_json(compared);
    json.update(to_json(result));
    add_rtl(json, session, engine.waves());
    add_chip(json, engine.chip(), session.config);
    deliver_result(json, session);
    if (compared.differences == 0 || options.tolerate_deviation) return ExitCode::done;
    fmt::print(stderr, "difference at {}\n", compared.first_difference->text());
    return ExitCode::difference;
}

}  // namespace wagesim::cli
