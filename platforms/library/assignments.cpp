// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/library/assignments.hpp"

#include <algorithm>
#include <cstddef>

namespace wagesim::library {
namespace {

/// Whether one of the keys lies in the other.
bool overlap(const std::string& x, const std::string& y)
{
    const std::string& shorter = x.size() < y.size() ? x : y;
    const std::string& longer = x.size() < y.size() ? y : x;
    return longer.compare(0, shorter.size(), shorter) == 0 &&
           (longer.size() == shorter.size() || longer[shorter.size()] == '.');
}

}  // namespace

void Assignments::add(const std::string& key, const std::string& value)
{
    const auto last =
        std::find_if(keys_.rbegin(), keys_.rend(), [&](const auto& other) { return overlap(key, other); });
    if (last != keys_.rend() && *last == key) {
        const auto index = std::distance(last, keys_.rend()) - 1;
        keys_.erase(keys_.begin() + index);
        texts_.erase(texts_.begin() + index);
    }
    keys_.push_back(key);
    texts_.push_back(key + "=" + value);
}

}  // namespace wagesim::library
