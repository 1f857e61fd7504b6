// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every fraction has to be there: a layer that is half measured would be half an upper bound.
#include "platforms/config/load_activity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

namespace wagesim::config {
namespace {

using Kind = DocumentNode::Kind;

/// A map with these keys, all of them and no others; each has to be what is `allowed`.
void demand_keys(const DocumentNode& node, const std::string& key, std::initializer_list<const char*> names,
                 const char* allowed)
{
    std::string list;
    for (const char* name : names) list += (list.empty() ? "" : ", ") + std::string(name);
    if (node.kind != Kind::map) throw node.place.fault(key, node.shown(), "a map of " + list);
    for (const DocumentNode::Entry& entry : node.entries) {
        const bool known = std::find(names.begin(), names.end(), entry.key) != names.end();
        if (!known) throw entry.place.fault(key + "." + entry.key, "an unknown key", list);
    }
    for (const char* name : names) {
        if (node.find(name) == nullptr) throw node.place.fault(key + "." + name, "nothing", allowed);
    }
}

double fraction(const DocumentNode& map, const std::string& key, const char* name)
{
    const DocumentNode& node = *map.find(name);
    char* end = nullptr;
    const double value = node.kind == Kind::scalar ? std::strtod(node.text.c_str(), &end) : -1.0;
    const bool number = node.kind == Kind::scalar && !node.quoted && !node.text.empty() && *end == '\0';
    if (!number || !(value >= 0.0 && value <= 1.0)) {
        throw node.place.fault(key + "." + name, node.shown(), "a number 0..1");
    }
    return value;
}

chip::ReadActivity reads(const DocumentNode& map, const std::string& key, const char* name)
{
    const DocumentNode& node = *map.find(name);
    const std::string inner = key + "." + name;
    demand_keys(node, inner, {"driven", "conducting"}, "a number 0..1");
    return {fraction(node, inner, "driven"), fraction(node, inner, "conducting")};
}

std::string text(const chip::ReadActivity& of)
{
    return fmt::format("{{driven: {}, conducting: {}}}", of.driven, of.conducting);
}

}  // namespace

chip::Activity read_activity(const DocumentNode& file, const std::string& key, std::size_t layers)
{
    demand_keys(file, key, {"layers"}, "a list with an entry for each layer");
    const DocumentNode& list = *file.find("layers");
    const std::string allowed = fmt::format("a list of {}, one for each layer of the network", layers);
    if (list.kind != Kind::list) throw list.place.fault(key + ".layers", list.shown(), allowed);
    if (list.items.size() != layers) {
        throw list.place.fault(key + ".layers", fmt::format("a list of {}", list.items.size()), allowed);
    }
    chip::Activity out;
    for (std::size_t i = 0; i < layers; ++i) {
        const DocumentNode& node = list.items[i];
        const std::string inner = fmt::format("{}.layers.{}", key, i);
        demand_keys(node, inner, {"forward", "backward", "evaluation", "set", "reset", "rows"},
                    "a fraction, or a map of fractions");
        out.push_back({reads(node, inner, "forward"), reads(node, inner, "backward"), reads(node, inner, "evaluation"),
                       fraction(node, inner, "set"), fraction(node, inner, "reset"), fraction(node, inner, "rows")});
    }
    return out;
}

std::string print_activity(const chip::Activity& activity, const std::string& title)
{
    std::string out = fmt::format("# {}\nlayers:\n", title);
    for (const chip::LayerActivity& layer : activity) {
        out += fmt::format(
            "  - forward: {}\n    backward: {}\n    evaluation: {}\n    set: {}\n    reset: {}\n"
            "    rows: {}\n",
            text(layer.forward), text(layer.backward), text(layer.evaluation), layer.set, layer.reset, layer.rows);
    }
    return out;
}

}  // namespace wagesim::config
