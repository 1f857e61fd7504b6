// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of what the file format has and this version does not. It only ever shrinks.
#include "platforms/config/names.hpp"

#include <algorithm>

namespace wagesim::config {
namespace {

const std::vector<Unavailable>& table()
{
    static const std::vector<Unavailable> entries = {
        {"chip.device", {}, "this version simulates ideal devices only"},
    };
    return entries;
}

}  // namespace

const Unavailable* unavailable(const std::string& key, const std::string& value)
{
    for (const Unavailable& entry : table()) {
        if (key != entry.key) continue;
        const bool named = std::find(entry.values.begin(), entry.values.end(), value) != entry.values.end();
        if (named || entry.values.empty()) return &entry;
    }
    return nullptr;
}

}  // namespace wagesim::config
