// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim compare: what differs between two runs.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "platforms/cli/commands.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/text_table.hpp"
#include "platforms/report/comparison.hpp"

namespace wagesim::cli {
namespace {

std::string value_text(const std::optional<double>& number)
{
    return number ? fmt::format("{:.9g}", *number) : "-";
}

std::string text_of(const report::Comparison& comparison, const std::vector<std::string>& folders)
{
    std::string text;
    if (comparison.settings.empty()) {
        text += fmt::format("configuration: all {} keys are equal\n", comparison.equal_settings);
    } else {
        text += fmt::format("configuration: {} keys differ, {} are equal\n", comparison.settings.size(),
                            comparison.equal_settings);
        std::vector<std::vector<std::string>> rows = {{"key", folders[0], folders[1]}};
        for (const config::SettingDifference& each : comparison.settings) {
            rows.push_back({each.key, each.first.value_or("-"), each.second.value_or("-")});
        }
        text += text_table(rows, TextAlignment::left);
    }
    if (comparison.figures.empty()) {
        return text + fmt::format("\nresult: all {} figures are equal\n", comparison.equal_figures);
    }
    text +=
        fmt::format("\nresult: {} figures differ, {} are equal\n", comparison.figures.size(), comparison.equal_figures);
    std::vector<std::vector<std::string>> rows = {{"figure", folders[0], folders[1], "ratio"}};
    for (const report::FigureDifference& each : comparison.figures) {
        const std::optional<double> ratio = each.ratio();
        rows.push_back(
            {each.field, value_text(each.first), value_text(each.second), ratio ? fmt::format("{:.4g}", *ratio) : "-"});
    }
    return text + text_table(rows, TextAlignment::right);
}

template <class Value>
Json json_or_null(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json();
}

Json json_of(const report::Comparison& comparison, const std::vector<std::string>& folders)
{
    Json settings = Json::array();
    for (const config::SettingDifference& each : comparison.settings) {
        settings.push_back(
            {{"key", each.key}, {"first", json_or_null(each.first)}, {"second", json_or_null(each.second)}});
    }
    Json figures = Json::array();
    for (const report::FigureDifference& each : comparison.figures) {
        figures.push_back({{"figure", each.field},
                           {"first", json_or_null(each.first)},
                           {"second", json_or_null(each.second)},
                           {"ratio", json_or_null(each.ratio())}});
    }
    return {{"runs", folders},
            {"configuration", settings},
            {"equal_keys", comparison.equal_settings},
            {"result", figures},
            {"equal_figures", comparison.equal_figures}};
}

}  // namespace

ExitCode run_compare(const Options& options)
{
    const report::Comparison comparison = report::compare_runs(options.runs[0], options.runs[1]);
    if (options.json) {
        fmt::print("{}\n", json_of(comparison, options.runs).dump(2));
    } else {
        fmt::print("{}", text_of(comparison, options.runs));
    }
    return ExitCode::done;
}

}  // namespace wagesim::cli
