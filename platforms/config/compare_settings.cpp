// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/config/compare_settings.hpp"

#include <algorithm>

#include "platforms/config/keyed_values.hpp"

namespace wagesim::config {
namespace {

using Kind = DocumentNode::Kind;

/// Lists of plain values are one value: a list of paths, say.
bool is_leaf(const DocumentNode& node)
{
    if (node.kind == Kind::map) return node.entries.empty();
    if (node.kind != Kind::list) return true;
    return std::none_of(node.items.begin(), node.items.end(),
                        [](const DocumentNode& item) { return item.kind == Kind::map || item.kind == Kind::list; });
}

void flatten(const DocumentNode& node, const std::string& key, KeyedValues<std::string>& out)
{
    const auto inner = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
    if (is_leaf(node)) {
        out.emplace_back(key, node.flow_text());
        return;
    }
    for (const DocumentNode::Entry& entry : node.entries) flatten(entry.value, inner(entry.key), out);
    for (std::size_t i = 0; i < node.items.size(); ++i) flatten(node.items[i], inner(std::to_string(i)), out);
}

}  // namespace

SettingsComparison compare_settings(const DocumentNode& first, const DocumentNode& second)
{
    KeyedValues<std::string> one;
    KeyedValues<std::string> other;
    flatten(first, "", one);
    flatten(second, "", other);
    SettingsComparison out;
    out.equal = compare_keyed(one, other, [&](const std::string& key, const auto& x, const auto& y) {
        if (key != "name") out.differences.push_back({key, x, y});
    });
    return out;
}

}  // namespace wagesim::config
