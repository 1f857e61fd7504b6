// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/sweep_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wagesim::report {
namespace {

using Result = nlohmann::json;

template <class Number>
constexpr Number kNothing = std::numeric_limits<Number>::quiet_NaN();

/// The object under `key`; an empty one where there is none.
const Result& object_at(const Result& value, const char* key)
{
    static const Result empty = Result::object();
    const auto found = value.find(key);
    return found != value.end() && found->is_object() ? *found : empty;
}

double number(const Result& value)
{
    return value.is_number() ? value.get<double>() : 0.0;
}

template <class Number>
void put(Column<Number>& column, std::size_t point, double value)
{
    if (column.values.size() <= point) column.values.resize(point + 1, kNothing<Number>);
    column.values[point] = static_cast<Number>(value);
}

template <class Number>
Number get(const Column<Number>& column, std::size_t point)
{
    return point < column.values.size() ? column.values[point] : kNothing<Number>;
}

}  // namespace

FigureColumns::FigureColumns(const std::vector<std::string>& fields)
{
    for (const std::string& field : fields) columns_.push_back({field, {}});
}

void FigureColumns::add(std::size_t point, const sweep::Figures& figures)
{
    for (Column<double>& column : columns_) {
        if (const std::optional<double> value = figures.number(column.name)) put(column, point, *value);
    }
}

std::vector<Column<double>> FigureColumns::columns(const std::vector<std::size_t>& points, std::size_t always) const
{
    std::vector<Column<double>> out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i >= always && columns_[i].values.empty()) continue;
        Column<double>& column = out.emplace_back();
        column.name = columns_[i].name;
        for (const std::size_t point : points) column.values.push_back(get(columns_[i], point));
    }
    return out;
}

void DetailColumns::Group::forget(std::size_t point)
{
    for (Column<float>& column : columns) {
        if (point < column.values.size()) column.values[point] = kNothing<float>;
    }
}

void DetailColumns::Group::set(std::size_t point, const std::string& name, double value)
{
    const auto [known, added] = index_of.emplace(name, columns.size());
    if (added) columns.push_back({name, {}});
    put(columns[known->second], point, value);
}

void DetailColumns::add(std::size_t point, const sweep::Figures& figures)
{
    const Result& chip = object_at(figures.root(), "chip");
    if (chip.empty()) return;
    for (Group* const group : {&energy_, &busy_, &waiting_}) group->forget(point);
    for (const auto& [component, phases] : object_at(chip, "energy_by").items()) {
        double joules = 0.0;
        for (const Result& phase : phases) joules += number(phase);
        energy_.set(point, component, joules);
    }
    const double cycles = figures.number("chip.cycles").value_or(0.0);
    const Result& waits = object_at(chip, "waits_cycles");
    for (const auto& [unit, part] : object_at(chip, "utilisation").items()) {
        double longest = 0.0;
        for (const Result& wait : object_at(waits, unit.c_str())) longest = std::max(longest, number(wait));
        const double busy = number(part);
        busy_.set(point, unit, busy);
        waiting_.set(point, unit, cycles > 0.0 ? std::min(busy, longest / cycles) : 0.0);
    }
}

std::vector<std::string> DetailColumns::names(const Group& group)
{
    std::vector<std::string> out;
    for (const Column<float>& column : group.columns) out.push_back(column.name);
    return out;
}

std::vector<float> DetailColumns::rows(const std::vector<std::size_t>& points) const
{
    std::vector<float> out;
    for (const std::size_t point : points) {
        for (const Group* const group : {&energy_, &busy_, &waiting_}) {
            for (const Column<float>& column : group->columns) out.push_back(get(column, point));
        }
    }
    return out;
}

}  // namespace wagesim::report
