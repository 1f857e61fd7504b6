// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Values under dotted keys, in the order of their document, and what two such lists do not share.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wagesim::config {

template <class Value>
using KeyedValues = std::vector<std::pair<std::string, Value>>;

/// Calls differ(key, first, second) for each key that has not the same value in both, in the order of `first`, then of
/// what only `second` has; counts the others.
template <class Value, class Differ>
std::uint64_t compare_keyed(const KeyedValues<Value>& first, const KeyedValues<Value>& second, const Differ& differ)
{
    std::uint64_t equal = 0;
    std::map<std::string, Value> rest(second.begin(), second.end());
    for (const auto& [key, value] : first) {
        const auto found = rest.find(key);
        if (found == rest.end()) {
            differ(key, std::optional<Value>(value), std::optional<Value>());
            continue;
        }
        if (found->second == value) {
            ++equal;
        } else {
            differ(key, std::optional<Value>(value), std::optional<Value>(found->second));
        }
        rest.erase(found);
    }
    for (const auto& [key, value] : second) {
        if (rest.count(key) > 0) differ(key, std::optional<Value>(), std::optional<Value>(value));
    }
    return equal;
}

}  // namespace wagesim::config
