// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/sweep_json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "platforms/config/number_text.hpp"
#include "platforms/report/base64.hpp"
#include "platforms/report/sweep_columns.hpp"
#include "platforms/sweep/stored_sweep.hpp"
#include "platforms/sweep/summary.hpp"

namespace wagesim::report {
namespace {

/// Shown of results that have them, after objectives and what constraints name.
constexpr std::array kShown = {"final_test_error",
                               "epochs.last.train_error",
                               "epochs.last.loss",
                               "chip.seconds",
                               "chip.cycles",
                               "chip.images_per_second",
                               "chip.energy_j",
                               "chip.power_w.average",
                               "chip.power_w.peak",
                               "chip.tops",
                               "chip.tops_per_w",
                               "chip.area_mm2",
                               "chip.operations",
                               "chip.cell_writes.mean_per_cell",
                               "chip.cell_writes.max_per_cell",
                               "chip.cell_writes.lifetime_steps.first_cell",
                               "evaluation.seconds",
                               "evaluation.images_per_second",
                               "evaluation.energy_j",
                               "evaluation.tops",
                               "evaluation.tops_per_w",
                               "wall_seconds"};

/// As state_word() has them, in the order of their codes.
constexpr std::array<std::string_view, 5> kStates = {"done", "infeasible", "failed", "excluded", "missing"};

std::vector<std::string> fields_of(const sweep::StoredSweep& stored)
{
    const sweep::Description& description = stored.description();
    std::vector<std::string> fields;
    const auto add = [&](const std::string& field) {
        const bool is_variable = std::any_of(description.variables.begin(), description.variables.end(),
                                             [&](const config::Variable& variable) { return variable.key == field; });
        if (!is_variable && std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    };
    for (const config::Objective& objective : description.objectives) add(objective.field);
    for (const std::string& name : stored.constrained()) add(name);
    for (const char* field : kShown) add(field);
    return fields;
}

Json stages_json(const sweep::Description& description)
{
    Json out = Json::array();
    for (const sweep::Description::Stage& stage : description.stages) {
        out.push_back({{"name", stage.name},
                       {"command", stage.command},
                       {"steps", stage.steps ? Json(*stage.steps) : Json()},
                       {"keep", stage.keep}});
    }
    return out;
}

/// {bytes, data}: numbers below `end` in as few bytes as they need.
Json indices_json(const std::vector<std::uint32_t>& indices, std::size_t end)
{
    const std::size_t bytes = end <= 256 ? 1 : end <= 65536 ? 2 : 4;
    return {{"bytes", bytes}, {"data", base64_column(indices, bytes)}};
}

/// The values of variable `which`: numbers in ascending order, other texts as they come first.
Json variable_json(const sweep::Overview& overview, std::size_t which)
{
    std::map<std::string, std::uint32_t> code_of;
    std::vector<std::string> values;
    bool numeric = true;
    for (const sweep::PointView& point : overview.points) {
        const std::string& text = point.settings[which];
        if (!code_of.emplace(text, 0).second) continue;
        values.push_back(text);
        numeric = numeric && config::number_of_text(text).has_value();
    }
    if (numeric) {
        std::stable_sort(values.begin(), values.end(), [](const std::string& x, const std::string& y) {
            return *config::number_of_text(x) < *config::number_of_text(y);
        });
    }
    for (std::uint32_t i = 0; i < values.size(); ++i) code_of[values[i]] = i;
    std::vector<std::uint32_t> codes;
    for (const sweep::PointView& point : overview.points) codes.push_back(code_of[point.settings[which]]);
    return {{"key", overview.variables[which].key},
            {"role", config::name_of(overview.variables[which].role)},
            {"numeric", numeric},
            {"values", values},
            {"index", indices_json(codes, values.size())}};
}

Json figures_json(const FigureColumns& figures, const sweep::Overview& overview, const std::vector<std::size_t>& kept)
{
    Json out = Json::array();
    for (const Column<double>& column : figures.columns(kept, overview.objectives.size())) {
        const auto objective = std::find_if(overview.objectives.begin(), overview.objectives.end(),
                                            [&](const config::Objective& each) { return each.field == column.name; });
        const bool is_objective = objective != overview.objectives.end();
        out.push_back({{"field", column.name},
                       {"direction", is_objective ? Json(config::name_of(objective->direction)) : Json()},
                       {"data", base64_column(column.values)}});
    }
    return out;
}

/// Of each point the number of its front; 0 of one that does not compete.
std::vector<std::uint32_t> fronts_of(const sweep::Overview& overview)
{
    const sweep::Summary summary = sweep::summarize(overview);
    std::vector<std::uint32_t> out;
    for (const std::optional<std::size_t>& own : summary.configuration_of) {
        const std::optional<std::size_t> front = own ? summary.configurations[*own].front : std::nullopt;
        out.push_back(static_cast<std::uint32_t>(front.value_or(0)));
    }
    return out;
}

/// Places of the points that the page gets, in order.
std::vector<std::size_t> kept_points(const std::vector<std::uint32_t>& fronts, std::size_t most)
{
    std::vector<std::size_t> kept;
    const auto on_front = static_cast<std::size_t>(std::count(fronts.begin(), fronts.end(), 1U));
    const std::size_t others = fronts.size() - on_front;
    const std::size_t room = most > on_front ? std::min(most - on_front, others) : 0;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < fronts.size(); ++i) {
        // Of the others the nth is kept where n * room / others steps to the next whole number.
        const bool step = fronts[i] != 1 && (seen + 1) * room / others > seen * room / others;
        if (fronts[i] != 1) ++seen;
        if (fronts[i] == 1 || step) kept.push_back(i);
    }
    return kept;
}

/// What is told of each point by itself: its state, its front, and texts of those that have some.
void add_points(Json& out, const sweep::Overview& overview, const std::vector<std::uint32_t>& fronts)
{
    std::vector<std::uint32_t> states;
    std::vector<std::uint32_t> stages;
    Json errors = Json::object();
    Json folders = Json::object();
    for (std::size_t i = 0; i < overview.points.size(); ++i) {
        const sweep::PointView& point = overview.points[i];
        const auto* const state = std::find(kStates.begin(), kStates.end(), point.state_word());
        states.push_back(static_cast<std::uint32_t>(state - kStates.begin()));
        stages.push_back(static_cast<std::uint32_t>(point.stage));
        if (point.record && !point.record->error.empty()) errors[std::to_string(i)] = point.record->error;
        if (!point.folder.empty()) folders[std::to_string(i)] = point.folder;
    }
    out["state"] = indices_json(states, kStates.size());
    out["stage"] = indices_json(stages, overview.stages.size());
    const std::uint32_t last = fronts.empty() ? 0 : *std::max_element(fronts.begin(), fronts.end());
    out["front"] = indices_json(fronts, std::size_t{last} + 1);
    out["errors"] = std::move(errors);
    out["folders"] = std::move(folders);
}

}  // namespace

Json sweep_json(const std::string& file, std::size_t most)
{
    sweep::StoredSweep stored(file);
    const sweep::Description& description = stored.description();
    FigureColumns figures(fields_of(stored));
    DetailColumns details;
    sweep::Overview overview = stored.overview([&](std::size_t point, const sweep::Figures& result) {
        figures.add(point, result);
        details.add(point, result);
    });
    const std::size_t in_all = overview.points.size();
    std::vector<std::uint32_t> fronts = fronts_of(overview);
    const std::vector<std::size_t> kept = kept_points(fronts, most);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i] == i) continue;
        overview.points[i] = std::move(overview.points[kept[i]]);
        fronts[i] = fronts[kept[i]];
    }
    overview.points.resize(kept.size());
    fronts.resize(kept.size());
    Json variables = Json::array();
    for (std::size_t i = 0; i < overview.variables.size(); ++i) variables.push_back(variable_json(overview, i));
    Json out = {{"name", description.name},
                {"file", file},
                {"stages", stages_json(description)},
                {"constraints", description.constraints},
                {"variables", std::move(variables)},
                {"figures", figures_json(figures, overview, kept)},
                {"points", kept.size()},
                {"points_in_all", in_all},
                {"states", kStates}};
    add_points(out, overview, fronts);
    out["details"] = {
        {"components", details.components()}, {"units", details.units()}, {"data", base64_column(details.rows(kept))}};
    return out;
}

}  // namespace wagesim::report
