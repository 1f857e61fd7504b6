// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A grid is a number in mixed radix. See the header.
#include "platforms/sweep/point_source.hpp"

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

std::string label_of(const Point& point)
{
    std::string label;
    for (const config::Override& setting : point.settings) {
        label += (label.empty() ? "" : " ") + setting.key + "=" + setting.value.flow_text();
    }
    return label;
}

std::uint64_t GridSource::count() const
{
    std::uint64_t points = 1;
    for (const config::Axis& axis : sweep_.axes) points *= axis.values.size();
    return points;
}

Point GridSource::point(std::uint64_t index) const
{
    if (index >= count()) throw std::out_of_range("GridSource: no such point");
    std::vector<std::size_t> positions(sweep_.axes.size());
    std::uint64_t rest = index;
    for (std::size_t i = sweep_.axes.size(); i-- > 0;) {
        const std::size_t values = sweep_.axes[i].values.size();
        positions[i] = static_cast<std::size_t>(rest % values);
        rest /= values;
    }
    Point point;
    point.index = index;
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const std::vector<config::Override>& values = sweep_.axes[i].values[positions[i]];
        point.settings.insert(point.settings.end(), values.begin(), values.end());
    }
    return point;
}

std::vector<std::uint64_t> GridSource::one_by_one() const
{
    std::vector<std::uint64_t> indices = {0};
    std::uint64_t stride = count();
    for (const config::Axis& axis : sweep_.axes) {
        stride /= axis.values.size();
        for (std::size_t position = 1; position < axis.values.size(); ++position) indices.push_back(position * stride);
    }
    return indices;
}

}  // namespace wagesim::sweep
