// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/comparison.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/config/document.hpp"
#include "platforms/config/keyed_values.hpp"
#include "platforms/report/text_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::report {
namespace {

namespace fs = std::filesystem;

std::string inner(const std::string& key, const std::string& name)
{
    return key.empty() ? name : key + "." + name;
}

void flatten(const nlohmann::ordered_json& node, const std::string& key, config::KeyedValues<double>& out)
{
    if (node.is_number()) {
        out.emplace_back(key, node.get<double>());
    } else if (node.is_object()) {
        for (const auto& [name, value] : node.items()) flatten(value, inner(key, name), out);
    } else if (node.is_array()) {
        for (std::size_t i = 0; i < node.size(); ++i) flatten(node[i], inner(key, std::to_string(i)), out);
    }
}

struct Run {
    config::DocumentNode settings;
    config::KeyedValues<double> figures;
};

Run load(const std::string& folder)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw DataError(fmt::format("{}: got no folder, allowed one that --out left", folder));
    }
    const std::string config_file = folder + "/config.yaml";
    const std::string result_file = folder + "/result.json";
    if (!fs::exists(result_file, ignored)) {
        throw DataError(fmt::format("{}: got no result.json, allowed the folder of a complete run", folder));
    }
    Run run;
    const auto source = std::make_shared<const config::Source>(
        config::Source{config_file, fs::absolute(folder), fs::absolute(config_file), "", "run file"});
    try {
        run.settings = config::parse_document(read_text_file(config_file), source, "");
    } catch (const config::ConfigError& error) {
        throw DataError(error.what());
    }
    auto result = nlohmann::ordered_json::parse(read_text_file(result_file), nullptr, false);
    if (!result.is_object()) throw DataError(result_file + ": got no JSON object, allowed a result");
    result.erase("host");
    flatten(result, "", run.figures);
    return run;
}

}  // namespace

std::optional<double> FigureDifference::ratio() const
{
    if (!first || !second || *first == 0.0) return std::nullopt;
    return *second / *first;
}

Comparison compare_runs(const std::string& first, const std::string& second)
{
    const Run one = load(first);
    const Run other = load(second);
    Comparison out;
    config::SettingsComparison settings = config::compare_settings(one.settings, other.settings);
    out.settings = std::move(settings.differences);
    out.equal_settings = settings.equal;
    out.equal_figures =
        config::compare_keyed(one.figures, other.figures, [&](const std::string& key, const auto& x, const auto& y) {
            out.figures.push_back({key, x, y});
        });
    return out;
}

}  // namespace wagesim::report
