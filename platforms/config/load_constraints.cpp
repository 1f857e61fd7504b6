// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/config/load_constraints.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "platforms/config/expression.hpp"
#include "platforms/config/number_text.hpp"
#include "platforms/config/objective_fields.hpp"

namespace wagesim::config {
namespace {

constexpr std::size_t kMostConstraints = 64;
constexpr std::size_t kLongest = 1000;
constexpr const char* kConditionsAllowed = "a list of conditions like chip.area_mm2 < 50";

/// Whether `text` compares anything; a single = would be an assignment.
bool compares(const std::string& text)
{
    bool found = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pair = i + 1 < text.size() && text[i + 1] == '=';
        if (text[i] == '=' && !pair) throw std::invalid_argument("a single =");
        found |= text[i] == '<' || text[i] == '>' || ((text[i] == '=' || text[i] == '!') && pair);
        if (pair && (text[i] == '<' || text[i] == '>' || text[i] == '=' || text[i] == '!')) ++i;
    }
    return found;
}

/// Where the values of the axes' key `name` stand: of which axis, at which position. Null where no axis has it.
const Axis* axis_of(const SweepConfig& sweep, const std::string& name, std::size_t& position)
{
    for (const Axis& axis : sweep.axes) {
        for (position = 0; position < axis.variables.size(); ++position) {
            if (axis.variables[position].key == name) return &axis;
        }
    }
    return nullptr;
}

void check_name(const SweepConfig& sweep, const DocumentNode& item, const std::string& where, const std::string& name,
                Constraint& constraint)
{
    std::size_t position = 0;
    if (const Axis* const axis = axis_of(sweep, name, position)) {
        if (axis->variables[position].role == Role::seed) {
            throw item.place.fault(where, "seed", "keys of axes and figures of results");
        }
        for (const std::vector<Override>& values : axis->values) {
            const std::string value = values[position].value.flow_text();
            if (number_of_text(value)) continue;
            throw item.place.fault(where, fmt::format("{}, which takes the value {}", name, shown_text(value)),
                                   "keys whose values are all numbers");
        }
        return;
    }
    if (!has_figure(sweep, name)) {
        throw item.place.fault(where, shown_text(name), "keys of axes and figures of results: " + figures_text(sweep));
    }
    constraint.needs_result = true;
}

}  // namespace

std::vector<Constraint> read_constraints(const DocumentNode& node, const SweepConfig& sweep)
{
    if (node.kind != DocumentNode::Kind::list) throw node.place.fault("constraints", node.shown(), kConditionsAllowed);
    if (node.items.size() > kMostConstraints) {
        throw node.place.fault("constraints", fmt::format("a list of {}", node.items.size()),
                               fmt::format("at most {}", kMostConstraints));
    }
    std::vector<Constraint> constraints;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const DocumentNode& item = node.items[i];
        const std::string where = fmt::format("constraints.{}", i);
        if (item.kind != DocumentNode::Kind::scalar || item.text.size() > kLongest) {
            throw item.place.fault(where, item.shown(), "a condition like chip.area_mm2 < 50");
        }
        Constraint constraint{item.text, item.place, {}, false};
        try {
            if (!compares(item.text)) throw std::invalid_argument("no comparison");
            constraint.names = Expression(item.text).names();
        } catch (const std::invalid_argument& error) {
            throw item.place.fault(where, fmt::format("{} ({})", shown_text(item.text), error.what()),
                                   "a condition like chip.area_mm2 < 50");
        }
        for (const std::string& name : constraint.names) check_name(sweep, item, where, name, constraint);
        constraints.push_back(std::move(constraint));
    }
    return constraints;
}

}  // namespace wagesim::config
