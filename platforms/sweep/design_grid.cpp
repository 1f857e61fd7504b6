// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Mixed radix. See the header.
#include "platforms/sweep/design_grid.hpp"

#include <stdexcept>

namespace wagesim::sweep {

std::vector<config::Variable> variables_of(const config::SweepConfig& sweep)
{
    std::vector<config::Variable> variables;
    for (const config::Axis& axis : sweep.axes) {
        variables.insert(variables.end(), axis.variables.begin(), axis.variables.end());
    }
    return variables;
}

std::vector<std::string> texts_of(const std::vector<config::Override>& settings)
{
    std::vector<std::string> texts;
    for (const config::Override& setting : settings) texts.push_back(setting.value.flow_text());
    return texts;
}

std::string label_of(const Point& point)
{
    std::string label;
    for (const config::Override& setting : point.settings) {
        label += (label.empty() ? "" : " ") + setting.key + "=" + setting.value.flow_text();
    }
    return label;
}

DesignGrid::DesignGrid(const config::SweepConfig& sweep) : sweep_(sweep)
{
    for (const config::Axis& axis : sweep.axes) {
        is_seed_.push_back(axis.variables.front().role == config::Role::seed);
        if (is_seed_.back()) {
            seeds_ *= axis.values.size();
        } else {
            designs_ *= axis.values.size();
            extents_.push_back(axis.values.size());
        }
    }
}

std::uint64_t DesignGrid::design(const std::vector<std::uint64_t>& positions) const
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < extents_.size(); ++i) {
        if (positions[i] >= extents_[i]) throw std::out_of_range("DesignGrid: no such value");
        number = number * extents_[i] + positions[i];
    }
    return number;
}

Point DesignGrid::point(std::uint64_t design, std::uint64_t seed, std::uint64_t index) const
{
    if (design >= designs_ || seed >= seeds_) throw std::out_of_range("DesignGrid: no such point");
    Point point{index, design, seed, {}};
    std::vector<std::size_t> positions(sweep_.axes.size());
    std::uint64_t rest = design;
    for (std::size_t i = positions.size(); i-- > 0;) {
        std::uint64_t& number = is_seed_[i] ? seed : rest;
        const std::size_t values = sweep_.axes[i].values.size();
        positions[i] = static_cast<std::size_t>(number % values);
        number /= values;
    }
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const std::vector<config::Override>& values = sweep_.axes[i].values[positions[i]];
        point.settings.insert(point.settings.end(), values.begin(), values.end());
    }
    return point;
}

std::vector<std::uint64_t> DesignGrid::one_by_one() const
{
    std::vector<std::uint64_t> designs = {0};
    std::uint64_t stride = designs_;
    for (const std::uint64_t extent : extents_) {
        stride /= extent;
        for (std::uint64_t position = 1; position < extent; ++position) designs.push_back(position * stride);
    }
    return designs;
}

}  // namespace wagesim::sweep
