// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Walks from the run's root to the value that an override names. See the header.
#include "platforms/config/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

#include "platforms/config/include.hpp"

namespace wagesim::config {
namespace {

constexpr std::size_t kMostParts = 16;

std::vector<std::string> split_key(const std::string& key)
{
    std::vector<std::string> parts(1);
    for (const char c : key) {
        if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

DocumentNode& item(DocumentNode& list, const std::string& part, const Place& place, const std::string& key)
{
    const std::string allowed =
        list.items.empty() ? "no index into an empty list" : fmt::format("an index 0..{}", list.items.size() - 1);
    std::size_t index = 0;
    const char* end = part.data() + part.size();
    const std::from_chars_result result = std::from_chars(part.data(), end, index);
    const bool canonical = std::to_string(index) == part;  // not 01
    if (result.ec != std::errc{} || result.ptr != end || !canonical || index >= list.items.size()) {
        throw place.fault(key, shown_text(part), allowed);
    }
    return list.items[index];
}

/// The value under `part`; made where the map has none.
DocumentNode& member(DocumentNode& map, const std::string& part, const Place& place)
{
    if (DocumentNode* found = map.find(part)) return *found;
    DocumentNode made;
    made.kind = DocumentNode::Kind::map;
    made.place = place;
    map.entries.push_back({part, place, std::move(made)});
    return map.entries.back().value;
}

}  // namespace

bool is_dotted_key(const std::string& key)
{
    const std::vector<std::string> parts = split_key(key);
    const bool complete =
        std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
    return complete && parts.size() <= kMostParts;
}

Override parse_override(const std::string& text)
{
    auto source = std::make_shared<Source>();
    source->directory = std::filesystem::current_path();
    const std::size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    if (equals == std::string::npos || !is_dotted_key(key)) {
        throw Place{source, 1, 1}.fault(text.empty() ? "\"\"" : text, "no key=value", "dotted.key=value");
    }
    return {key, parse_document(text.substr(equals + 1), source, key)};
}

void apply_override(DocumentNode& root, const Override& change, const std::filesystem::path& run_file)
{
    const Place& place = change.value.place;
    DocumentNode* at = &root;
    std::string so_far;
    for (const std::string& part : split_key(change.key)) {
        if (so_far == "network" || so_far == "chip") resolve_reference(*at, so_far, run_file);
        if (at->kind == DocumentNode::Kind::map) {
            at = &member(*at, part, place);
        } else if (at->kind == DocumentNode::Kind::list) {
            at = &item(*at, part, place, change.key);
        } else {
            throw place.fault(change.key, fmt::format("a key inside {}: {}", so_far, at->shown()), "keys of maps only");
        }
        so_far += so_far.empty() ? part : "." + part;
    }
    *at = change.value;
}

}  // namespace wagesim::config
