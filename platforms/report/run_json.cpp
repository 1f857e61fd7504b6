// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/run_json.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <optional>

#include "platforms/config/load_run.hpp"
#include "platforms/config/names.hpp"
#include "platforms/report/chip_roofs.hpp"
#include "platforms/report/record_json.hpp"
#include "platforms/report/record_of_config.hpp"
#include "platforms/report/settings.hpp"
#include "platforms/report/text_file.hpp"
#include "ref/data/dataset.hpp"
#include "ref/record/record_file.hpp"

namespace wagesim::report {
namespace {

namespace fs = std::filesystem;

/// The run's own configuration. A run may have been moved here from another machine: its technology file, which
/// decides nothing that is drawn, need not be there.
config::RunConfig configuration_of(const std::string& text, const std::string& file)
{
    const bool has_chip = text.find("\nchip:") != std::string::npos;
    try {
        return config::parse_run(
            text, file, has_chip ? std::vector<std::string>{"chip.technology=null"} : std::vector<std::string>{});
    } catch (const config::ConfigError& error) {
        throw DataError(error.what());
    }
}

Json number_json(const std::optional<double>& number)
{
    return number ? Json(*number) : Json(nullptr);
}

/// A float companion's loss that overflowed is null in result.json, as JSON has no infinity: a gap in the curve.
Json epochs_json(const JsonReader& epochs)
{
    Json out = Json::array();
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        const JsonReader row = epochs.at(i);
        out.push_back({{"epoch", row.at("epoch").number()},
                       {"loss", number_json(row.at("loss").number_or_null())},
                       {"train_error", row.at("train_error").number()},
                       {"test_error", number_json(row.at("test_error").number_or_null())}});
    }
    return out;
}

Json epochs_json(const std::vector<EpochRow>& epochs)
{
    Json out = Json::array();
    for (const EpochRow& row : epochs) {
        out.push_back({{"epoch", row.epoch},
                       {"loss", row.loss},
                       {"train_error", row.train_error},
                       {"test_error", number_json(row.test_error)}});
    }
    return out;
}

/// The figures of one phase of a chip, as they stand; those that the page reads by name are checked.
Json phase_json(const JsonReader& phase)
{
    for (const char* key : {"cycles", "seconds", "operations"}) (void)phase.at(key).number();
    for (const char* key : {"images_per_second", "tops"}) (void)phase.at(key).number_or_null();
    for (const char* key : {"macs", "traffic_bytes", "utilisation", "waits_cycles"}) phase.at(key).require_numbers();
    for (const char* memory : {"dram", "buffer"}) {
        for (const char* stream : {"activations", "errors", "gradients", "weights"}) {
            (void)phase.at("traffic_bytes").at(memory).at(stream).number();
        }
    }
    // Versions before there was energy have nulls or nothing.
    for (const char* key : {"energy_by", "area_by", "power_w"}) {
        if (phase.has(key)) phase.at(key).require_numbers();
    }
    for (const char* key : {"energy_j", "tops_per_w", "area_mm2"}) {
        if (phase.has(key)) (void)phase.at(key).number_or_null();
    }
    const JsonReader layers = phase.at("layers");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        (void)layers.at(i).at("name").text();
        for (const char* key : {"macs", "cycles"}) (void)layers.at(i).at(key).number();
        if (layers.at(i).has("energy_j")) (void)layers.at(i).at("energy_j").number_or_null();
        if (layers.at(i).has("exact_adc_bits")) layers.at(i).at("exact_adc_bits").require_numbers();
    }
    if (!phase.at("bottleneck").value().is_null()) (void)phase.at("bottleneck").text();
    return phase.value();
}

/// Power over the cycles of a step, where the run kept it.
Json power_json(const std::string& file)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return nullptr;
    const Json json = read_json_file(file);
    const JsonReader power(json, file);
    for (const char* key : {"clock_ghz", "cycles", "window_cycles", "leakage_w"}) (void)power.at(key).number();
    const JsonReader dynamic = power.at("dynamic_w");
    for (std::size_t i = 0; i < dynamic.size(); ++i) (void)dynamic.at(i).number();
    return json;
}

/// What programming did to the cells, where the run kept it.
Json wear_json(const std::string& file)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return nullptr;
    const Json json = read_json_file(file);
    const JsonReader wear(json, file);
    (void)wear.at("steps").number();
    (void)wear.at("endurance").number_or_null();
    const JsonReader units = wear.at("units");
    for (std::size_t i = 0; i < units.size(); ++i) {
        const JsonReader unit = units.at(i);
        (void)unit.at("unit").text();
        for (const char* key : {"cells", "pulses", "most"}) (void)unit.at(key).number();
        const JsonReader layers = unit.at("layers");
        for (std::size_t layer = 0; layer < layers.size(); ++layer) (void)layers.at(layer).number();
        const JsonReader map = unit.at("map");
        for (const char* key : {"rows", "columns", "bin_rows", "bin_columns"}) (void)map.at(key).number();
        for (const char* key : {"most", "mean"}) {
            for (std::size_t bin = 0; bin < map.at(key).size(); ++bin) (void)map.at(key).at(bin).number();
        }
    }
    return json;
}

void add_result(Json& run, const std::string& folder, const config::RunConfig& config)
{
    const std::string file = folder + "/result.json";
    const Json json = read_json_file(file);
    const JsonReader result(json, file);
    if (!result.has("steps") && result.has("test_error")) {
        throw DataError(file + ": got a result of infer, allowed one of train, simulate or verify");
    }
    run["command"] = result.has("tensors_compared") ? "verify" : (result.has("chip") ? "simulate" : "train");
    run["result"] = {{"steps", result.at("steps").number()},
                     {"final_test_error", number_json(result.at("final_test_error").number_or_null())},
                     {"wall_seconds", result.at("wall_seconds").number()},
                     {"version", result.at("version").text()},
                     {"config_hash", result.at("config_hash").text()}};
    run["epochs"] = epochs_json(result.at("epochs"));
    if (!result.has("chip")) return;
    run["chip"] = {{"training", phase_json(result.at("chip"))},
                   {"evaluation", phase_json(result.at("evaluation"))},
                   {"roofs", config.chip ? chip_roofs_json(config) : Json(nullptr)},
                   {"power", power_json(folder + "/power.json")},
                   {"wear", wear_json(folder + "/wear.json")}};
}

}  // namespace

Json run_json(const std::string& folder)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw DataError(fmt::format("{}: got no folder, allowed one that --out left", folder));
    }
    const std::string config_file = folder + "/config.yaml";
    const std::string result_file = folder + "/result.json";
    const std::string record_file = folder + "/record.npz";
    const bool complete = fs::exists(result_file, ignored);
    const bool recorded = fs::exists(record_file, ignored);
    if (!complete && !recorded) {
        throw DataError(
            fmt::format("{}: got neither result.json nor record.npz, allowed the folder of a run that is "
                        "complete or recorded",
                        folder));
    }
    const std::string text = read_text_file(config_file);
    const config::RunConfig config = configuration_of(text, config_file);
    Json run = {{"name", config.name}, {"folder", fs::absolute(folder).lexically_normal().string()},
                {"command", nullptr},  {"complete", complete},
                {"config", text},      {"settings", settings_json(config)},
                {"result", nullptr},   {"epochs", nullptr},
                {"steps", nullptr},    {"histograms", nullptr},
                {"chip", nullptr},     {"loss", config::name_of(config.training.loss)}};
    if (complete) add_result(run, folder, config);
    if (recorded) {
        if (config.floats.any())
            throw DataError(record_file + ": got a record, allowed none: float32 tensors have none");
        const RunRecord record = load_record(record_file, empty_record(config));
        if (complete && record.config_hash != run["result"]["config_hash"].get<std::string>()) {
            throw DataError(fmt::format("{}: got a record of configuration {}, allowed that of result.json, {}",
                                        record_file, record.config_hash,
                                        run["result"]["config_hash"].get<std::string>()));
        }
        if (!complete) run["epochs"] = epochs_json(record.epochs);
        run["steps"] = steps_json(record, config);
        run["histograms"] = histograms_json(record, config);
    }
    return run;
}

}  // namespace wagesim::report
