// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweeps made by hand, without files.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platforms/config/expression.hpp"
#include "platforms/config/sweep_config.hpp"

namespace wagesim::sweep {

/// A run file's source that lies nowhere.
inline std::shared_ptr<const config::Source> no_file()
{
    return std::make_shared<const config::Source>(config::Source{"run.yaml", "/", "/run.yaml", "", "run file"});
}

inline constexpr const char* kTinyRun = R"(name: tiny
network: {name: n, input: {channels: 1, height: 4, width: 4}, layers: [{dense: {units: 10}}]}
data: {format: synthetic, count: 64, test_count: 16, classes: 10, range: unit}
training: {batch: 32, epochs: 2, eta: {0: 0}}
)";

inline config::SweepConfig tiny_sweep()
{
    config::Stage stage;
    stage.name = "train";
    return {"tiny", "tiny.yaml", config::RunTemplate(kTinyRun, no_file()),      {}, {}, {},
            {},     {stage},     {{"final_test_error", config::Direction::min}}};
}

/// A condition as a sweep file would have it.
inline config::Constraint constraint(const std::string& text, bool needs_result)
{
    return {text, {no_file(), 1, 1}, config::Expression(text).names(), needs_result};
}

/// An axis of one key.
inline config::Axis axis(const std::string& key, const std::vector<std::string>& values,
                         config::Role role = config::Role::free)
{
    config::Axis axis;
    axis.variables.push_back({key, role});
    for (const std::string& value : values) {
        axis.values.push_back({{key, config::parse_document(value, no_file(), key)}});
    }
    return axis;
}

/// `other`'s keys move with `one`'s.
inline config::Axis zipped(config::Axis one, const config::Axis& other)
{
    one.variables.insert(one.variables.end(), other.variables.begin(), other.variables.end());
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        one.values[i].insert(one.values[i].end(), other.values[i].begin(), other.values[i].end());
    }
    return one;
}

}  // namespace wagesim::sweep
