// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/comparison.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/config/document.hpp"
#include "platforms/report/text_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::report {
namespace {

namespace fs = std::filesystem;

/// Values under dotted keys, in the order of their document.
template <class Value>
struct Flat {
    std::vector<std::pair<std::string, Value>> values;

    [[nodiscard]] std::map<std::string, Value> by_key() const { return {values.begin(), values.end()}; }
};

std::string inner(const std::string& key, const std::string& name)
{
    return key.empty() ? name : key + "." + name;
}

/// Lists of plain values are one value: a list of paths, say.
bool is_leaf(const config::DocumentNode& node)
{
    if (node.kind == config::DocumentNode::Kind::map) return node.entries.empty();
    if (node.kind != config::DocumentNode::Kind::list) return true;
    for (const config::DocumentNode& item : node.items) {
        if (item.kind == config::DocumentNode::Kind::map || item.kind == config::DocumentNode::Kind::list) return false;
    }
    return true;
}

void flatten(const config::DocumentNode& node, const std::string& key, Flat<std::string>& out)
{
    if (is_leaf(node)) {
        out.values.emplace_back(key, node.flow_text());
        return;
    }
    for (const config::DocumentNode::Entry& entry : node.entries) flatten(entry.value, inner(key, entry.key), out);
    for (std::size_t i = 0; i < node.items.size(); ++i) flatten(node.items[i], inner(key, std::to_string(i)), out);
}

void flatten(const nlohmann::ordered_json& node, const std::string& key, Flat<double>& out)
{
    if (node.is_number()) {
        out.values.emplace_back(key, node.get<double>());
    } else if (node.is_object()) {
        for (const auto& [name, value] : node.items()) flatten(value, inner(key, name), out);
    } else if (node.is_array()) {
        for (std::size_t i = 0; i < node.size(); ++i) flatten(node[i], inner(key, std::to_string(i)), out);
    }
}

struct Run {
    Flat<std::string> settings;
    Flat<double> figures;
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
        flatten(config::parse_document(read_text_file(config_file), source, ""), "", run.settings);
    } catch (const config::ConfigError& error) {
        throw DataError(error.what());
    }
    auto result = nlohmann::ordered_json::parse(read_text_file(result_file), nullptr, false);
    if (!result.is_object()) throw DataError(result_file + ": got no JSON object, allowed a result");
    result.erase("host");
    flatten(result, "", run.figures);
    return run;
}

/// Calls differ(key, first, second) for each key that has not the same value in both; counts the others.
template <class Value, class Differ>
std::uint64_t walk(const Flat<Value>& first, const Flat<Value>& second, const Differ& differ)
{
    std::uint64_t equal = 0;
    std::map<std::string, Value> rest = second.by_key();
    for (const auto& [key, value] : first.values) {
        const auto found = rest.find(key);
        if (found == rest.end()) {
            differ(key, std::optional<Value>(value), std::optional<Value>());
            continue;
        }
        if (found->second == value) {
            ++equal;
        } else {
            differ(key, std::optional<Value>(value), std::optional<Value>(found->second));
        }
        rest.erase(found);
    }
    for (const auto& [key, value] : second.values) {
        if (rest.count(key) > 0) differ(key, std::optional<Value>(), std::optional<Value>(value));
    }
    return equal;
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
    out.equal_settings = walk(one.settings, other.settings, [&](const std::string& key, const auto& x, const auto& y) {
        if (key != "name") out.settings.push_back({key, x, y});
    });
    out.equal_figures = walk(one.figures, other.figures, [&](const std::string& key, const auto& x, const auto& y) {
        out.figures.push_back({key, x, y});
    });
    return out;
}

}  // namespace wagesim::report
