// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Non-dominated sorting. x dominates y where it costs no more in anything, and less in something.
#pragma once

#include <cstddef>
#include <vector>

namespace wagesim::sweep {

/// Of each point the number of its front, from 0: those that nobody dominates, those that only the ones before do, and
/// so on. `costs`: [point][objective], less is better, no NaN, as many for each point. Equal points share a front.
///
/// Efficient non-dominated sort with binary search (Zhang, Tian, Cheng and Jin 2015): points in lexicographic order go
/// to the first front with nobody who dominates them. O(n log n) comparisons where fronts are short, O(n^2) at worst;
/// two objectives take O(n log n) always, since the last one to join a front is the only one to ask.
[[nodiscard]] std::vector<std::size_t> front_of_each(const std::vector<std::vector<double>>& costs);

}  // namespace wagesim::sweep
