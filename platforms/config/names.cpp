// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of what the file format has and this version does not. It only ever shrinks.
#include "platforms/config/names.hpp"

#include <algorithm>

namespace wagesim::config {
namespace {

constexpr const char* kSimulates = "this version simulates no other";

const std::vector<Unavailable>& table()
{
    static const std::vector<Unavailable> entries = {
        {"chip.granularity", {"vector"}, kSimulates},  {"chip.mapping.replication", {"balanced", "given"}, kSimulates},
        {"chip.mapping.copies", {}, kSimulates},       {"chip.backward", {"dedicated"}, kSimulates},
        {"chip.error_max", {"recompute"}, kSimulates}, {"chip.gradient.accumulate", {"batch", "image"}, kSimulates},
        {"chip.schedule", {"pipelined"}, kSimulates},  {"chip.interconnect.kind", {"mesh"}, kSimulates},
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
