// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/config/load_stages.hpp"

#include <fmt/format.h>

#include "platforms/config/reader.hpp"

namespace wagesim::config {
namespace {

constexpr std::size_t kMostStages = 16;
constexpr Range kStageSteps{0, 2147483647};
constexpr Range kCount{1, 1'000'000'000};
constexpr const char* kStagesAllowed = "a list of stages, each a map with name and command";
constexpr const char* kStageSetAllowed = "a map of dotted keys of the run to values";
constexpr const char* kKeepAllowed = "all, front, {front: N} or {best: N}";

Keep read_keep(const DocumentNode& node, const std::string& where)
{
    if (node.kind == DocumentNode::Kind::scalar && node.text == "all") return {};
    if (node.kind == DocumentNode::Kind::scalar && node.text == "front") return {Keep::Kind::front, 1};
    int count = 0;
    Keep keep;
    const bool front = node.find("front") != nullptr;
    if (!front && node.find("best") == nullptr) throw node.place.fault(where, node.shown(), kKeepAllowed);
    Origins origins;
    Reader::read(node, where, origins, kKeepAllowed,
                 [&](Reader& in) { in.integer(front ? "front" : "best", count, kCount, Need::required); });
    return {front ? Keep::Kind::front : Keep::Kind::best, static_cast<std::uint64_t>(count)};
}

Stage read_stage(const DocumentNode& node, const std::string& where, const CheckKey& check_key)
{
    Stage stage;
    const DocumentNode* set = nullptr;
    const DocumentNode* keep = nullptr;
    Origins origins;
    Reader::read(node, where, origins, "a map", [&](Reader& in) {
        in.name("name", stage.name);
        in.choice("command", stage.command, Need::required);
        in.derived("steps", stage.steps, kStageSteps);
        in.node("set", set, kStageSetAllowed);
        in.node("keep", keep, kKeepAllowed);
    });
    if (set != nullptr) stage.fixed = read_settings(*set, where + ".set", check_key);
    if (keep != nullptr) stage.keep = read_keep(*keep, where + ".keep");
    return stage;
}

}  // namespace

std::vector<Override> read_settings(const DocumentNode& node, const std::string& where, const CheckKey& check_key)
{
    if (node.kind != DocumentNode::Kind::map) throw node.place.fault(where, node.shown(), kStageSetAllowed);
    std::vector<Override> settings;
    for (const DocumentNode::Entry& entry : node.entries) {
        if (!is_dotted_key(entry.key)) {
            throw entry.place.fault(where, shown_text(entry.key), "a dotted key of the run");
        }
        check_key(entry.place, where + "." + entry.key, entry.key);
        settings.push_back({entry.key, entry.value});
    }
    return settings;
}

std::vector<Stage> read_stages(const DocumentNode& node, const CheckKey& check_key)
{
    if (node.kind != DocumentNode::Kind::list || node.items.empty()) {
        throw node.place.fault("stages", node.shown(), kStagesAllowed);
    }
    if (node.items.size() > kMostStages) {
        throw node.place.fault("stages", fmt::format("a list of {}", node.items.size()),
                               fmt::format("at most {} stages", kMostStages));
    }
    std::vector<Stage> stages;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string where = fmt::format("stages.{}", i);
        stages.push_back(read_stage(node.items[i], where, check_key));
        for (std::size_t j = 0; j < i; ++j) {
            if (stages[j].name != stages[i].name) continue;
            throw node.items[i].find("name")->place.fault(where + ".name", shown_text(stages[i].name),
                                                          "each name once");
        }
        if (i == 0 && stages[0].keep.kind != Keep::Kind::all) {
            const DocumentNode& keep = *node.items[0].find("keep");
            throw keep.place.fault(where + ".keep", keep.shown(), "all: there is no stage before");
        }
    }
    return stages;
}

}  // namespace wagesim::config
