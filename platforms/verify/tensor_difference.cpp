// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Indices and texts of differences. See the header.
#include "platforms/verify/tensor_difference.hpp"

#include <algorithm>

#include <cstdio>

namespace wagesim::verify {

std::string text_of(const ElementValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.17g", std::get<double>(value));
    return text.data();
}

std::vector<std::size_t> TensorDifference::coordinates() const
{
    std::vector<std::size_t> out(shape.rank());
    std::size_t rest = index;
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
        out[axis] = rest % shape[axis];
        rest /= shape[axis];
    }
    return out;
}

std::string TensorDifference::text() const
{
    std::string out = "step " + std::to_string(step) + ", ";
    if (!belongs_to_step(name)) out += "layer " + std::to_string(layer) + ", ";
    out += wagesim::text_of(name);
    const std::vector<std::size_t> at = coordinates();
    if (!at.empty()) {
        out += " [";
        for (std::size_t axis = 0; axis < at.size(); ++axis) {
            if (axis > 0) out += ", ";
            out += std::to_string(at[axis]);
        }
        out += "]";
    }
    return out + ": expected " + text_of(expected) + ", got " + text_of(got);
}

TensorDeviation& TensorDeviation::operator+=(const TensorDeviation& more) noexcept
{
    elements_compared += more.elements_compared;
    differences += more.differences;
    max_deviation = std::max(max_deviation, more.max_deviation);
    sum_deviation += more.sum_deviation;
    largest_expected = std::max(largest_expected, more.largest_expected);
    return *this;
}

}  // namespace wagesim::verify
