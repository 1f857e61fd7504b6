// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/csv.hpp"

#include <fmt/format.h>

namespace wagesim::sweep {
namespace {

/// The shortest text that reads back as the same number.
std::string number_text(const std::optional<double>& number)
{
    return number ? fmt::format("{}", *number) : "";
}

constexpr const char* kWallSeconds = "wall_seconds";
constexpr const char* kImagesPerSecond = "images_per_second";

/// Whether the column is there already.
bool is_objective(const Overview& overview, const std::string& field)
{
    for (const config::Objective& objective : overview.objectives) {
        if (objective.field == field) return true;
    }
    return false;
}

}  // namespace

std::string csv_field(const std::string& text)
{
    const bool plain = text.find_first_of(",\"\r\n") == std::string::npos &&
                       (text.empty() || (text.front() != ' ' && text.back() != ' '));
    if (plain) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string csv_line(const std::vector<std::string>& fields)
{
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : ",") + csv_field(fields[i]);
    return line + "\n";
}

std::string export_csv(const Overview& overview)
{
    std::vector<std::string> header;
    for (const config::Variable& variable : overview.variables) {
        const bool seed = variable.role == config::Role::seed;
        header.push_back(seed ? variable.key : fmt::format("{}:{}", config::name_of(variable.role), variable.key));
    }
    header.emplace_back("state");
    header.emplace_back("stage");
    for (const config::Objective& objective : overview.objectives) header.push_back(objective.field);
    const bool wall = !is_objective(overview, kWallSeconds);
    const bool speed = !is_objective(overview, kImagesPerSecond);
    if (wall) header.emplace_back(kWallSeconds);
    if (speed) header.emplace_back(kImagesPerSecond);
    for (const char* column : {"config_hash", "version", "run", "error"}) header.emplace_back(column);
    std::string csv = csv_line(header);
    for (const PointView& point : overview.points) {
        std::vector<std::string> fields = point.settings;
        fields.emplace_back(point.state_word());
        fields.push_back(overview.stages.empty() ? "" : overview.stages[point.stage]);
        for (const std::optional<double>& value : point.objectives) fields.push_back(number_text(value));
        const Record record = point.record.value_or(Record{});
        if (wall) fields.push_back(number_text(record.wall_seconds));
        if (speed) fields.push_back(number_text(record.images_per_second));
        fields.push_back(point.identity.config_hash);
        fields.push_back(record.version);
        fields.push_back(point.folder.empty() ? "" : "runs/" + point.folder);
        fields.push_back(record.error);
        csv += csv_line(fields);
    }
    return csv;
}

}  // namespace wagesim::sweep
