// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/record/histogram.hpp"

#include <cstddef>
#include <numeric>
#include <type_traits>

namespace wagesim {
namespace {

template <class T>
void count(const T* values, std::size_t size, const Axis& axis, const std::uint8_t* keep, Histogram& out)
{
    using Wide = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;
    const bool logarithmic = axis.scale() == Axis::Scale::log2;
    const auto bins = static_cast<std::ptrdiff_t>(axis.bins());
    for (std::size_t i = 0; i < size; ++i) {
        const Wide value = keep != nullptr && keep[i] == 0 ? Wide{0} : static_cast<Wide>(values[i]);
        if (logarithmic && value == Wide{0}) {
            ++out.zero;
            continue;
        }
        const std::ptrdiff_t position = axis.position(value);
        if (position < 0) {
            ++out.below;
        } else if (position >= bins) {
            ++out.above;
        } else {
            ++out.bins[static_cast<std::size_t>(position)];
        }
    }
}

}  // namespace

std::uint64_t Histogram::total() const noexcept
{
    return std::accumulate(bins.begin(), bins.end(), zero + below + above);
}

Histogram histogram_of(const TensorView& tensor, const Axis& axis, const std::uint8_t* keep)
{
    Histogram out;
    out.bins.assign(axis.bins(), 0);
    visit_element_type(tensor.type, [&](auto zero) {
        count(static_cast<const decltype(zero)*>(tensor.data), tensor.size(), axis, keep, out);
    });
    return out;
}

}  // namespace wagesim
