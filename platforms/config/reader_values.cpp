// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Values with a shape of their own: schedules, padding, pooling, layers, the optional chip, data by format. Plain
// scalars are in reader.cpp.
#include <fmt/format.h>

#include "platforms/config/reader.hpp"

namespace wagesim::config {

void Reader::optional_path(const char* key, std::string& value)
{
    const char* allowed = "a path, or null for none";
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr || node->kind == DocumentNode::Kind::null) return;
    if (node->kind != DocumentNode::Kind::scalar || node->text.empty()) refuse(*node, inner(key), allowed);
    value = absolute_path(*node, inner(key), node->text).string();
}

template <class Visit>
void Reader::schedule(const char* key, Need need, const std::string& what, Visit&& visit)
{
    const std::string allowed = "a map of epoch: " + what + " with the key 0";
    const DocumentNode* node = take(key, need, allowed);
    if (node == nullptr) return;
    if (node->kind != DocumentNode::Kind::map) refuse(*node, inner(key), allowed);
    bool from_the_start = false;
    for (const DocumentNode::Entry& entry : node->entries) {
        DocumentNode epoch;
        epoch.kind = DocumentNode::Kind::scalar;
        epoch.text = entry.key;
        epoch.place = entry.place;
        const std::string each = inner(key) + "." + entry.key;
        const auto first = static_cast<int>(
            integer_of(epoch, each, kEpoch, fmt::format("an epoch: an integer {}..{}", kEpoch.least, kEpoch.most)));
        record(origins_, each, entry.value.place);
        visit(first, each, entry.value);
        from_the_start = from_the_start || first == 0;
    }
    if (!from_the_start) throw node->place.fault(inner(key) + ".0", "nothing", "the " + what + " of epoch 0");
}

void Reader::eta(const char* key, std::map<int, int>& value, Need need)
{
    schedule(key, need, "exponent", [&](int first, const std::string& each, const DocumentNode& node) {
        value[first] = static_cast<int>(integer_of(
            node, each, kEtaExponent, fmt::format("an integer {}..{}", kEtaExponent.least, kEtaExponent.most)));
    });
}

void Reader::rates(const char* key, std::map<int, double>& value, double most)
{
    schedule(key, Need::optional, "learning rate", [&](int first, const std::string& each, const DocumentNode& node) {
        const std::string allowed = fmt::format("a number greater than 0, at most {}", most);
        const double rate = number_of(node, each, allowed);
        if (!(rate > 0.0 && rate <= most)) refuse(node, each, allowed);
        value[first] = rate;
    });
}

void Reader::padding(const char* key, std::optional<int>& value, Range range)
{
    const std::string allowed = fmt::format("same | an integer {}..{}", range.least, range.most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr || (node->kind == DocumentNode::Kind::scalar && node->text == "same")) return;
    value = static_cast<int>(integer_of(*node, inner(key), range, allowed));
}

void Reader::pooling(const char* key, std::optional<Pooling>& value, Range range)
{
    const std::string allowed = fmt::format("an integer {}..{}, or {{size: S, stride: T}}", range.least, range.most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    Pooling pool;
    if (node->kind == DocumentNode::Kind::map) {
        read(*node, inner(key), origins_, "a map", [&](Reader& in) {
            in.integer("size", pool.size, range, Need::required);
            pool.stride = pool.size;
            in.integer("stride", pool.stride, range);
        });
    } else {
        pool.size = static_cast<int>(integer_of(*node, inner(key), range, allowed));
        pool.stride = pool.size;
    }
    value = pool;
}

void Reader::layers(const char* key, std::vector<Layer>& value)
{
    const std::string allowed = fmt::format("a list of 1..{} layers", kMostLayers);
    const DocumentNode* node = take(key, Need::required, allowed);
    if (node == nullptr) return;
    if (node->kind != DocumentNode::Kind::list || node->items.empty() || node->items.size() > kMostLayers) {
        const bool list = node->kind == DocumentNode::Kind::list;
        throw node->place.fault(inner(key), list ? fmt::format("a list of {}", node->items.size()) : node->shown(),
                                allowed);
    }
    value.assign(node->items.size(), Layer{});
    for (std::size_t i = 0; i < value.size(); ++i) {
        layer(node->items[i], fmt::format("{}.{}", inner(key), i), value[i]);
    }
}

void Reader::layer(const DocumentNode& node, const std::string& key, Layer& value)
{
    constexpr const char* kAllowed = "{conv: ...} or {dense: ...}";
    record(origins_, key, node.place);
    if (node.kind != DocumentNode::Kind::map || node.entries.empty())
        throw node.place.fault(key, node.shown(), kAllowed);
    const DocumentNode::Entry& kind = node.entries.front();
    if (kind.key != "conv" && kind.key != "dense") {
        throw kind.place.fault(key + "." + kind.key, "an unknown key", kAllowed);
    }
    if (node.entries.size() > 1) {
        const DocumentNode::Entry& more = node.entries[1];
        throw more.place.fault(key + "." + more.key, "a second key in one layer", kAllowed);
    }
    value.kind = kind.key == "conv" ? Layer::Kind::conv : Layer::Kind::dense;
    read(kind.value, key + "." + kind.key, origins_, "a map", [&](Reader& in) { describe(in, value); });
}

void Reader::chip(const char* key, std::optional<chip::ChipConfig>& value)
{
    const char* allowed = "a path or a map";
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    value.emplace();
    read(*node, inner(key), origins_, allowed, [&](Reader& in) { describe(in, *value); });
}

void Reader::data(const char* key, DataConfig& value)
{
    const DocumentNode* node = take(key, Need::required, "a map");
    if (node == nullptr) return;
    const std::string path = inner(key);
    // The format decides which other keys there are, so it is read before they are collected.
    if (node->kind == DocumentNode::Kind::map) {
        Reader(*node, path, origins_, false).choice("format", value.format, Need::required);
    }
    const bool grouped = value.format == DataFormat::synthetic && node->find("synthetic") != nullptr;
    read(*node, path, origins_, "a map", [&](Reader& in) {
        if (!grouped) return describe(in, value);
        in.choice("format", value.format, Need::required);
        in.map("synthetic", Need::required, [&](Reader& inside) { describe(inside, value.synthetic); });
        describe_common(in, value);
    });
}

void Reader::node(const char* key, const DocumentNode*& value, const char* allowed, Need need)
{
    value = take(key, need, allowed);
}

}  // namespace wagesim::config
