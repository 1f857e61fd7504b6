// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/other_configuration.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "platforms/config/compare_settings.hpp"
#include "platforms/config/print_run.hpp"

namespace wagesim::cli {
namespace {

constexpr std::size_t kMostShown = 3;

config::DocumentNode document_of(const std::string& resolved, const std::string& origin)
{
    const auto source = std::make_shared<const config::Source>(config::Source{origin, "/", "", "", "configuration"});
    return config::parse_document(resolved, source, "");
}

std::string text_of(const std::vector<config::SettingDifference>& differences)
{
    if (differences.empty()) return "all keys are equal, but data files are not";
    std::string out;
    for (std::size_t i = 0; i < std::min(kMostShown, differences.size()); ++i) {
        const config::SettingDifference& each = differences[i];
        out += fmt::format("{}{}: {} there, {} here", i == 0 ? "" : "; ", each.key, each.first.value_or("nothing"),
                           each.second.value_or("nothing"));
    }
    if (differences.size() > kMostShown) out += fmt::format("; {} more", differences.size() - kMostShown);
    return out;
}

}  // namespace

DataError name_differences(const OtherConfiguration& refused, const config::RunConfig& config)
{
    try {
        const config::SettingsComparison comparison = config::compare_settings(
            document_of(refused.config(), refused.path()), document_of(config::print_run(config), "this run"));
        return DataError(fmt::format("{}: got a checkpoint of another configuration ({}), allowed this run's",
                                     refused.path(), text_of(comparison.differences)));
    } catch (const config::ConfigError&) {
        return DataError(refused.what());  // what the file calls its configuration is none
    }
}

}  // namespace wagesim::cli
