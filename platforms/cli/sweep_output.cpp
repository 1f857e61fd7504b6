// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_output.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "platforms/cli/text_table.hpp"
#include "platforms/sweep/sensitivity.hpp"

namespace wagesim::cli {
namespace {

using sweep::Best;
using sweep::Configuration;
using sweep::Overview;
using sweep::Statistic;
using sweep::Summary;

struct StatusCounts {
    std::uint64_t done;
    std::uint64_t running;
    std::uint64_t failed;
    std::uint64_t missing;
    std::uint64_t begun;  ///< of the missing ones
    std::uint64_t excluded;
};

StatusCounts status_counts(const Overview& overview, bool running)
{
    const sweep::Counts counts = sweep::count_states(overview);
    const std::uint64_t active = running ? counts.begun : 0;
    const std::uint64_t begun = counts.begun - active;
    return {counts.done, active, counts.failed, counts.untouched + begun, begun, counts.excluded};
}

Json settings_json(const std::vector<config::Variable>& variables, const std::vector<std::string>& settings)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < variables.size(); ++i) json[variables[i].key] = settings[i];
    return json;
}

std::string title(const config::Variable& variable)
{
    return fmt::format("{}:{}", config::name_of(variable.role), variable.key);
}

std::string number_text(double number)
{
    return fmt::format("{:.6g}", number);
}

Json statistic_json(const std::optional<Statistic>& statistic)
{
    if (!statistic) return nullptr;
    return {{"mean", statistic->mean}, {"min", statistic->least}, {"max", statistic->most}};
}

Json objectives_json(const Summary& summary, const Configuration& configuration)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < summary.objectives.size(); ++i) {
        json[summary.objectives[i].field] = statistic_json(configuration.objectives[i]);
    }
    return json;
}

/// The settings of the variables in a role, with their keys.
Json role_json(const Summary& summary, const std::vector<std::string>& settings, config::Role role)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < summary.variables.size(); ++i) {
        if (summary.variables[i].role == role) json[summary.variables[i].key] = settings[i];
    }
    return json;
}

std::vector<config::Variable> held_variables(const Summary& summary)
{
    std::vector<config::Variable> held;
    for (const config::Variable& variable : summary.variables) {
        if (variable.role == config::Role::held) held.push_back(variable);
    }
    return held;
}

/// Fronts are counted from 1; what breaks a constraint is on none, and says so.
std::string front_text(const Configuration& configuration)
{
    if (configuration.front) return std::to_string(*configuration.front);
    return configuration.feasible ? "-" : "infeasible";
}

Json front_json(const Configuration& configuration)
{
    return configuration.front ? Json(*configuration.front) : Json();
}

/// The designs that nothing dominates, a table for each combination of held values.
std::string fronts_text(const Summary& summary)
{
    std::string text;
    const std::vector<config::Variable> held = held_variables(summary);
    for (std::size_t group = 0; group < summary.groups.size(); ++group) {
        std::vector<std::vector<std::string>> rows(1);
        for (const config::Variable& variable : summary.variables) {
            if (variable.role != config::Role::held) rows[0].push_back(variable.key);
        }
        for (const config::Objective& objective : summary.objectives) rows[0].push_back(objective.field);
        std::size_t candidates = 0;
        for (const Configuration& configuration : summary.configurations) {
            if (configuration.group != group || !configuration.front) continue;
            ++candidates;
            if (*configuration.front != 1) continue;
            std::vector<std::string>& row = rows.emplace_back();
            for (std::size_t i = 0; i < summary.variables.size(); ++i) {
                if (summary.variables[i].role != config::Role::held) row.push_back(configuration.settings[i]);
            }
            for (const std::optional<Statistic>& statistic : configuration.objectives) {
                row.push_back(number_text(statistic->mean));
            }
        }
        if (rows.size() == 1) continue;
        text += fmt::format("\nPareto front{}{}: {} of {} configurations\n", held.empty() ? "" : " with ",
                            settings_text(held, summary.groups[group]), rows.size() - 1, candidates);
        text += text_table(rows, TextAlignment::right);
    }
    return text;
}

/// How much each variable decides, the least and the most of its values' means in brackets.
std::string sensitivities_text(const Summary& summary)
{
    const std::vector<sweep::Sensitivity> found = sweep::find_sensitivities(summary);
    if (found.empty()) return "";
    std::vector<std::vector<std::string>> rows(1, {"variable"});
    for (const config::Objective& objective : summary.objectives) rows[0].push_back(objective.field);
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i].objective == 0) rows.push_back({summary.variables[found[i].variable].key});
        const std::string share = found[i].share ? fmt::format("{:.1f} %", 100.0 * *found[i].share) : "-";
        rows.back().push_back(
            fmt::format("{} ({}..{})", share, number_text(found[i].least), number_text(found[i].most)));
    }
    return "\nwhat decides: part of the variance between a variable's values (least..most of their means)\n" +
           text_table(rows, TextAlignment::right);
}

Json sensitivities_json(const Summary& summary)
{
    Json all = Json::array();
    for (const sweep::Sensitivity& each : sweep::find_sensitivities(summary)) {
        all.push_back({{"variable", summary.variables[each.variable].key},
                       {"objective", summary.objectives[each.objective].field},
                       {"share", each.share ? Json(*each.share) : Json()},
                       {"least_mean", each.least},
                       {"most_mean", each.most}});
    }
    return all;
}

Json fronts_json(const Summary& summary)
{
    Json all = Json::array();
    for (const Configuration& configuration : summary.configurations) {
        if (configuration.front != std::size_t{1}) continue;
        all.push_back({{"held", role_json(summary, configuration.settings, config::Role::held)},
                       {"free", role_json(summary, configuration.settings, config::Role::free)},
                       {"objectives", objectives_json(summary, configuration)}});
    }
    return all;
}

std::string best_line(const Summary& summary, const Best& best)
{
    if (!best.configuration) return "none, no configuration has it at all its points";
    const Configuration& configuration = summary.configurations[*best.configuration];
    const Statistic& statistic = *configuration.objectives[best.objective];
    std::vector<config::Variable> variables;
    std::vector<std::string> settings;
    for (std::size_t i = 0; i < summary.variables.size(); ++i) {
        if (summary.variables[i].role == config::Role::held) continue;
        variables.push_back(summary.variables[i]);
        settings.push_back(configuration.settings[i]);
    }
    return fmt::format("{}: mean {}, min {}, max {} of {} points; the best of {} configurations",
                       variables.empty() ? "the only configuration" : settings_text(variables, settings),
                       number_text(statistic.mean), number_text(statistic.least), number_text(statistic.most),
                       configuration.points, best.candidates);
}

}  // namespace

std::string points_text(const config::SweepConfig& sweep, const sweep::PointSource& source)
{
    std::string product;
    for (const config::Axis& axis : sweep.axes) {
        product += fmt::format("{}{}", product.empty() ? "" : " x ", axis.values.size());
    }
    const bool sampled = sweep.sampling.kind != config::Sampling::Kind::grid;
    return fmt::format("{} points ({}{})", source.count(), sampled ? "of " : "", product);
}

std::string settings_text(const std::vector<config::Variable>& variables, const std::vector<std::string>& settings)
{
    std::string text;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", variables[i].key, settings[i]);
    }
    return text;
}

std::string status_text(const std::string& name, const Overview& overview, bool running)
{
    const StatusCounts counts = status_counts(overview, running);
    std::string text = fmt::format("{}: {} points: {} done, {} running, {} failed, {} missing", name,
                                   overview.points.size() + overview.unlisted, counts.done, counts.running,
                                   counts.failed, counts.missing);
    if (counts.begun > 0) text += fmt::format(" ({} of them begun)", counts.begun);
    if (counts.excluded > 0) text += fmt::format(", {} excluded", counts.excluded);
    text += "\n";
    for (const sweep::PointView& point : overview.points) {
        if (!point.record || point.record->state != sweep::State::failed) continue;
        text += fmt::format("failed {}: {}\n", settings_text(overview.variables, point.settings), point.record->error);
    }
    return text;
}

Json status_json(const std::string& name, const Overview& overview, bool running)
{
    const StatusCounts counts = status_counts(overview, running);
    Json failures = Json::array();
    for (const sweep::PointView& point : overview.points) {
        if (!point.record || point.record->state != sweep::State::failed) continue;
        failures.push_back({{"settings", settings_json(overview.variables, point.settings)},
                            {"run", point.folder.empty() ? "" : "runs/" + point.folder},
                            {"error", point.record->error}});
    }
    return {{"name", name},
            {"points", overview.points.size() + overview.unlisted},
            {"done", counts.done},
            {"running", counts.running},
            {"failed", counts.failed},
            {"excluded", counts.excluded},
            {"missing", counts.missing},
            {"begun", counts.begun},
            {"failures", failures}};
}

std::string collect_text(const Summary& summary)
{
    std::vector<std::vector<std::string>> rows(1);
    for (const config::Variable& variable : summary.variables) rows[0].push_back(title(variable));
    rows[0].emplace_back("done");
    rows[0].emplace_back("front");
    for (const config::Objective& objective : summary.objectives) {
        rows[0].push_back(objective.field + " mean");
        rows[0].emplace_back("min");
        rows[0].emplace_back("max");
    }
    for (const Configuration& configuration : summary.configurations) {
        std::vector<std::string> row = configuration.settings;
        row.push_back(fmt::format("{}/{}", configuration.done, configuration.points));
        row.push_back(front_text(configuration));
        for (const std::optional<Statistic>& statistic : configuration.objectives) {
            row.push_back(statistic ? number_text(statistic->mean) : "-");
            row.push_back(statistic ? number_text(statistic->least) : "-");
            row.push_back(statistic ? number_text(statistic->most) : "-");
        }
        rows.push_back(std::move(row));
    }
    return text_table(rows, TextAlignment::right);
}

Json collect_json(const std::string& name, const Summary& summary)
{
    Json objectives = Json::object();
    for (const config::Objective& objective : summary.objectives) {
        objectives[objective.field] = config::name_of(objective.direction);
    }
    Json configurations = Json::array();
    for (const Configuration& configuration : summary.configurations) {
        configurations.push_back({{"held", role_json(summary, configuration.settings, config::Role::held)},
                                  {"free", role_json(summary, configuration.settings, config::Role::free)},
                                  {"points", configuration.points},
                                  {"done", configuration.done},
                                  {"feasible", configuration.feasible},
                                  {"front", front_json(configuration)},
                                  {"objectives", objectives_json(summary, configuration)}});
    }
    return {{"name", name}, {"objectives", objectives}, {"configurations", configurations}};
}

std::string best_text(const Summary& summary)
{
    const std::vector<config::Variable> held = held_variables(summary);
    std::string text;
    for (const Best& best : sweep::find_best(summary)) {
        const config::Objective& objective = summary.objectives[best.objective];
        text += fmt::format("{} ({})", objective.field, config::name_of(objective.direction));
        if (!held.empty()) text += " with " + settings_text(held, best.held);
        text += ": " + best_line(summary, best);
        if (best.configuration && best.incomplete > 0) {
            text += fmt::format("; {} more have it not at all their points", best.incomplete);
        }
        if (best.infeasible > 0) text += fmt::format("; {} break a constraint", best.infeasible);
        text += "\n";
    }
    if (summary.objectives.size() > 1) text += fronts_text(summary);
    return text + sensitivities_text(summary);
}

Json best_json(const std::string& name, const Summary& summary)
{
    Json all = Json::array();
    for (const Best& best : sweep::find_best(summary)) {
        const config::Objective& objective = summary.objectives[best.objective];
        Json entry = {{"objective", objective.field}, {"direction", config::name_of(objective.direction)}};
        entry["held"] = settings_json(held_variables(summary), best.held);
        entry["candidates"] = best.candidates;
        entry["incomplete"] = best.incomplete;
        entry["infeasible"] = best.infeasible;
        entry["free"] = nullptr;
        entry["objectives"] = nullptr;
        if (best.configuration) {
            const Configuration& configuration = summary.configurations[*best.configuration];
            entry["free"] = role_json(summary, configuration.settings, config::Role::free);
            entry["objectives"] = objectives_json(summary, configuration);
        }
        all.push_back(std::move(entry));
    }
    return {
        {"name", name}, {"best", all}, {"front", fronts_json(summary)}, {"sensitivities", sensitivities_json(summary)}};
}

}  // namespace wagesim::cli
