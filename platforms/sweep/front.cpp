// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/front.hpp"

#include <algorithm>
#include <numeric>

namespace wagesim::sweep {
namespace {

using Costs = std::vector<double>;

/// Whether x, no later than y in lexicographic order and not equal to it, costs no more than y in anything.
bool covers(const Costs& x, const Costs& y)
{
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] > y[i]) return false;
    }
    return true;
}

/// The points of a front, in lexicographic order.
using Front = std::vector<std::size_t>;

bool dominates_from(const Front& front, const std::vector<Costs>& costs, std::size_t point)
{
    // Latest first: they are the likeliest. With two objectives the latest has the least second cost of its front.
    const std::size_t most = costs[point].size() <= 2 ? 1 : front.size();
    for (std::size_t i = 0; i < most; ++i) {
        if (covers(costs[front[front.size() - 1 - i]], costs[point])) return true;
    }
    return false;
}

}  // namespace

std::vector<std::size_t> front_of_each(const std::vector<Costs>& costs)
{
    std::vector<std::size_t> order(costs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return costs[x] < costs[y]; });
    std::vector<std::size_t> front_of(costs.size());
    std::vector<Front> fronts;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::size_t point = order[i];
        if (i > 0 && costs[order[i - 1]] == costs[point]) {
            front_of[point] = front_of[order[i - 1]];
            continue;
        }
        const auto place = std::partition_point(
            fronts.begin(), fronts.end(), [&](const Front& front) { return dominates_from(front, costs, point); });
        front_of[point] = static_cast<std::size_t>(place - fronts.begin());
        if (place == fronts.end()) fronts.emplace_back();
        fronts[front_of[point]].push_back(point);
    }
    return front_of;
}

}  // namespace wagesim::sweep
