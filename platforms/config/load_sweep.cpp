// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The keys of a sweep file, and what they may not say together. See the header.
#include "platforms/config/load_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "platforms/config/axis_values.hpp"
#include "platforms/config/include.hpp"
#include "platforms/config/load_constraints.hpp"
#include "platforms/config/load_sampling.hpp"
#include "platforms/config/load_stages.hpp"
#include "platforms/config/objective_fields.hpp"
#include "platforms/config/reader.hpp"

namespace wagesim::config {
namespace {

constexpr std::size_t kMostAxes = 64;
constexpr std::uint64_t kMostPoints = 1'000'000'000;
constexpr Range kSteps{0, 2147483647};
constexpr const char* kAxesAllowed = "a list of axes, each a map of one key, or of several that are zipped, to values";
constexpr const char* kSetAllowed = "a map of dotted keys of the run to values";
constexpr const char* kCommandAllowed = "train | simulate";
constexpr const char* kHeldAllowed = "a list of keys of axes";
constexpr const char* kObjectivesAllowed = "a map of a field of the result to min | max";

/// The file's values before they are understood. Null: not there.
struct SweepFile {
    std::string name;
    const DocumentNode* base = nullptr;
    const DocumentNode* command = nullptr;
    std::optional<int> steps;
    const DocumentNode* stages = nullptr;
    const DocumentNode* sampling = nullptr;
    const DocumentNode* constraints = nullptr;
    const DocumentNode* set = nullptr;
    const DocumentNode* axes = nullptr;
    const DocumentNode* seeds = nullptr;
    const DocumentNode* held = nullptr;
    const DocumentNode* objectives = nullptr;
};

/// Whether the file names its base, or is given one.
enum class Base { named, given };

SweepFile read_keys(const DocumentNode& root, Base base)
{
    SweepFile file;
    Origins origins;
    Reader::read(root, "", origins, "a map", [&](Reader& in) {
        in.name("name", file.name);
        if (base == Base::named) in.node("base", file.base, "the path of a run file", Need::required);
        in.node("command", file.command, kCommandAllowed);
        in.derived("steps", file.steps, kSteps);
        in.node("stages", file.stages, "a list of stages");
        in.node("sampling", file.sampling, "a way of sampling");
        in.node("constraints", file.constraints, "a list of conditions");
        in.node("set", file.set, kSetAllowed);
        in.node("axes", file.axes, kAxesAllowed);
        in.node("seeds", file.seeds, "a list of seeds");
        in.node("held", file.held, kHeldAllowed);
        in.node("objectives", file.objectives, kObjectivesAllowed, Need::required);
    });
    return file;
}

RunTemplate read_base(const DocumentNode& node)
{
    if (node.kind != DocumentNode::Kind::scalar || node.text.empty()) {
        throw node.place.fault("base", node.shown(), "the path of a run file");
    }
    const std::filesystem::path file = absolute_path(node, "base", node.text);
    const FileText content = read_text(file);
    if (!content.reason.empty()) {
        throw node.place.fault("base", shown_text(node.text) + " (" + content.reason + ")", "a readable file");
    }
    const std::filesystem::path folder = std::filesystem::path(node.place.source->label).parent_path();
    const std::string label = (folder / node.text).lexically_normal().string();
    return {content.text, std::make_shared<const Source>(Source{label, file.parent_path(), file, "", "run file"})};
}

void require_dotted_key(const Place& place, const std::string& key, const std::string& where)
{
    if (!is_dotted_key(key)) throw place.fault(where, shown_text(key), "a dotted key of the run");
}

/// Whether setting `later` replaces what `earlier` has set.
bool replaces(const std::string& later, const std::string& earlier)
{
    return later == earlier || (earlier.size() > later.size() && earlier[later.size()] == '.' &&
                                earlier.compare(0, later.size(), later) == 0);
}

class Loader {
public:
    /// `base_file` is empty where the base is no file.
    Loader(const SweepFile& file, const DocumentNode& root, std::string base_file, RunTemplate base)
        : file_(file), root_(root), config_{file.name, std::move(base_file), std::move(base), {}, {}, {}, {}, {}, {},
                                            {}}
    {
    }

    SweepConfig load(const std::vector<std::string>& assignments)
    {
        read_set();
        first_assigned_ = keys_.size();
        for (const std::string& each : assignments) {
            config_.fixed.push_back(parse_override(each));
            keys_.push_back(config_.fixed.back().key);
        }
        end_assigned_ = keys_.size();
        read_stages();
        read_axes();
        read_seeds();
        read_held();
        check_size();
        if (file_.sampling != nullptr) config_.sampling = read_sampling(*file_.sampling);
        check_sample();
        read_objectives();
        check_optimiser();
        if (file_.constraints != nullptr) config_.constraints = read_constraints(*file_.constraints, config_);
        return std::move(config_);
    }

private:
    void read_set()
    {
        if (file_.set == nullptr) return;
        config_.fixed = read_settings(
            *file_.set, "set",
            [this](const Place& place, const std::string& where, const std::string& key) { claim(place, where, key); });
    }

    /// The stages that the file has, or the one that `command` makes.
    void read_stages()
    {
        if (file_.stages == nullptr) {
            Stage only;
            if (file_.command == nullptr)
                throw Place{root_.place.source, 1, 1}.fault("command", "nothing", kCommandAllowed);
            only.command = read_command(*file_.command);
            only.name = name_of(only.command);
            only.steps = file_.steps;
            config_.stages.push_back(std::move(only));
            return;
        }
        if (file_.command != nullptr) {
            throw file_.command->place.fault("command", "it beside stages", "the command of each stage");
        }
        if (file_.steps) throw file_.stages->place.fault("stages", "them beside steps", "the steps of each stage");
        const std::size_t first = keys_.size();
        config_.stages = config::read_stages(
            *file_.stages, [this](const Place& place, const std::string& where, const std::string& key) {
                require_no_replacement(place, where, key);
            });
        // Stages may set the same key, and one that `set` sets; axes may set none of them.
        for (const Stage& stage : config_.stages) {
            for (const Override& setting : stage.fixed) keys_.push_back(setting.key);
        }
        first_staged_ = first;
        end_staged_ = keys_.size();
    }

    static SweepCommand read_command(const DocumentNode& node)
    {
        if (node.kind == DocumentNode::Kind::scalar) {
            for (const auto& [command, word] : names_of(SweepCommand{})) {
                if (node.text == word) return command;
            }
        }
        throw node.place.fault("command", node.shown(), kCommandAllowed);
    }

    void read_axes()
    {
        if (file_.axes == nullptr) return;
        const DocumentNode& axes = *file_.axes;
        if (axes.kind != DocumentNode::Kind::list) throw axes.place.fault("axes", axes.shown(), kAxesAllowed);
        if (axes.items.size() > kMostAxes) {
            throw axes.place.fault("axes", fmt::format("a list of {}", axes.items.size()),
                                   fmt::format("at most {} axes", kMostAxes));
        }
        for (std::size_t i = 0; i < axes.items.size(); ++i) read_axis(axes.items[i], fmt::format("axes.{}", i));
    }

    void read_axis(const DocumentNode& node, const std::string& where)
    {
        if (node.kind != DocumentNode::Kind::map || node.entries.empty()) {
            throw node.place.fault(where, node.shown(), "a map of keys to values");
        }
        Axis axis;
        for (const DocumentNode::Entry& entry : node.entries) {
            require_dotted_key(entry.place, entry.key, where);
            const std::string key = where + "." + entry.key;
            claim(entry.place, key, entry.key);
            if (entry.key == "seed" && node.entries.size() > 1) {
                throw entry.place.fault(key, "seed zipped with other keys", "an axis of its own, or seeds");
            }
            axis.variables.push_back({entry.key, entry.key == "seed" ? Role::seed : Role::free});
            add_values(axis, entry.value, key);
        }
        config_.axes.push_back(std::move(axis));
    }

    /// Appends a variable's values to every position of the axis.
    static void add_values(Axis& axis, const DocumentNode& node, const std::string& key)
    {
        const std::vector<DocumentNode> values = axis_values(node, key);
        if (axis.variables.size() == 1) axis.values.resize(values.size());
        if (values.size() != axis.values.size()) {
            throw node.place.fault(key, fmt::format("{} values", values.size()),
                                   fmt::format("{}, as many as the axis' first key has", axis.values.size()));
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            axis.values[i].push_back({axis.variables.back().key, values[i]});
        }
    }

    void read_seeds()
    {
        if (file_.seeds == nullptr) return;
        claim(file_.seeds->place, "seeds", "seed");
        Axis axis;
        axis.variables.push_back({"seed", Role::seed});
        add_values(axis, *file_.seeds, "seeds");
        config_.axes.push_back(std::move(axis));
    }

    void read_held()
    {
        if (file_.held == nullptr) return;
        const DocumentNode& held = *file_.held;
        if (held.kind != DocumentNode::Kind::list) throw held.place.fault("held", held.shown(), kHeldAllowed);
        for (std::size_t i = 0; i < held.items.size(); ++i) {
            const DocumentNode& item = held.items[i];
            const std::string where = fmt::format("held.{}", i);
            Variable* const variable = item.kind == DocumentNode::Kind::scalar ? find(item.text) : nullptr;
            if (variable == nullptr || variable->role == Role::seed) {
                throw item.place.fault(where, item.shown(), "a key of an axis other than the seed");
            }
            if (variable->role == Role::held) throw item.place.fault(where, item.shown() + " a second time", "it once");
            variable->role = Role::held;
        }
    }

    void check_size() const
    {
        if (config_.axes.empty()) throw Place{root_.place.source, 1, 1}.fault("axes", "nothing", "axes or seeds");
        std::uint64_t points = 1;
        for (const Axis& axis : config_.axes) {
            points *= axis.values.size();
            if (points <= kMostPoints) continue;
            for (const DocumentNode* node : {file_.axes, file_.seeds}) {
                if (node == nullptr) continue;
                throw node->place.fault("axes", "more points than a sweep can have",
                                        fmt::format("at most {}", kMostPoints));
            }
        }
    }

    /// A hypercube may have more designs than the grid, and every design gets all seeds.
    void check_sample() const
    {
        const Sampling& sampling = config_.sampling;
        std::uint64_t points = std::max(sampling.designs, sampling.most_designs());
        if (sampling.kind == Sampling::Kind::random) return;  // never more than the grid has
        for (const Axis& axis : config_.axes) {
            if (axis.variables.front().role == Role::seed) points *= axis.values.size();
        }
        if (points <= kMostPoints) return;
        throw file_.sampling->place.fault("sampling", fmt::format("{} points with all seeds", points),
                                          fmt::format("at most {}", kMostPoints));
    }

    void read_objectives()
    {
        const DocumentNode& objectives = *file_.objectives;
        config_.objectives_place = objectives.place;
        if (objectives.kind != DocumentNode::Kind::map || objectives.entries.empty()) {
            throw objectives.place.fault("objectives", objectives.shown(), kObjectivesAllowed);
        }
        for (const DocumentNode::Entry& entry : objectives.entries) {
            const std::string key = "objectives." + entry.key;
            if (!has_figure(config_, entry.key)) {
                throw entry.place.fault(key, "an unknown field", figures_text(config_));
            }
            const bool min = entry.value.kind == DocumentNode::Kind::scalar && entry.value.text == "min";
            const bool max = entry.value.kind == DocumentNode::Kind::scalar && entry.value.text == "max";
            if (!min && !max) throw entry.value.place.fault(key, entry.value.shown(), "min | max");
            config_.objectives.push_back({entry.key, min ? Direction::min : Direction::max});
        }
    }

    void check_optimiser() const
    {
        if (config_.sampling.kind != Sampling::Kind::optimiser) return;
        if (config_.objectives.size() < 2) {
            throw file_.objectives->place.fault("objectives", "one",
                                                "two or more: the optimiser weighs them against each other");
        }
        const bool only_seeds = std::all_of(config_.axes.begin(), config_.axes.end(),
                                            [](const Axis& axis) { return axis.variables.front().role == Role::seed; });
        if (only_seeds) throw file_.sampling->place.fault("sampling", "an optimiser", "axes for it to choose from");
    }

    /// A key is set at one place only, and no later one wipes it out. Earlier wider keys are legal: a chip file, then a
    /// key in it.
    void claim(const Place& place, const std::string& where, const std::string& key)
    {
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            const std::string& earlier = keys_[i];
            const bool assigned = i >= first_assigned_ && i < end_assigned_;
            if (assigned && (key == earlier || replaces(key, earlier))) {
                const Override& by = config_.fixed[config_.fixed.size() - (end_assigned_ - i)];
                throw by.value.place.fault(earlier, "a key that an axis varies", "one that none does");
            }
            if (i >= first_staged_ && i < end_staged_ && key == earlier) {
                throw place.fault(where, key + ", which a stage sets", "keys that no stage sets");
            }
            if (key == earlier) throw place.fault(where, key + " a second time", "each key once");
            if (replaces(key, earlier)) {
                throw place.fault(where, fmt::format("a key that replaces {}", earlier), "it before the narrower one");
            }
        }
        keys_.push_back(key);
    }

    /// A stage's setting comes after those of the sweep: it may repeat one, and wipe none out.
    void require_no_replacement(const Place& place, const std::string& where, const std::string& key) const
    {
        for (const std::string& earlier : keys_) {
            if (key == earlier || !replaces(key, earlier)) continue;
            throw place.fault(where, fmt::format("a key that replaces {}", earlier), "it before the narrower one");
        }
    }

    Variable* find(const std::string& key)
    {
        for (Axis& axis : config_.axes) {
            for (Variable& variable : axis.variables) {
                if (variable.key == key) return &variable;
            }
        }
        return nullptr;
    }

    const SweepFile& file_;
    const DocumentNode& root_;
    SweepConfig config_;
    std::vector<std::string> keys_;                      ///< set so far, in order
    std::size_t first_assigned_ = 0, end_assigned_ = 0;  ///< of them, those of --set
    std::size_t first_staged_ = 0, end_staged_ = 0;      ///< of them, those of stages
};

/// Of a text that is no file: no relative path in it leads anywhere.
std::shared_ptr<const Source> text_source(const std::string& label, const std::string& root)
{
    return std::make_shared<const Source>(Source{label, "/", "/" + label, "", root});
}

}  // namespace

SweepConfig load_sweep(const std::filesystem::path& file, const std::vector<std::string>& assignments)
{
    const std::shared_ptr<const Source> source = file_source(file, "sweep file");
    const FileText content = read_text(file);
    if (!content.reason.empty()) throw Place{source, 1, 1}.fault("", content.reason, "a readable file");
    const DocumentNode root = parse_document(content.text, source, "");
    const SweepFile keys = read_keys(root, Base::named);
    return Loader(keys, root, absolute_path(*keys.base, "base", keys.base->text).string(), read_base(*keys.base))
        .load(assignments);
}

SweepConfig parse_sweep(const std::string& text, const std::string& label, const std::string& base)
{
    const DocumentNode root = parse_document(text, text_source(label, "sweep file"), "");
    const SweepFile keys = read_keys(root, Base::given);
    return Loader(keys, root, "", RunTemplate(base, text_source("base", "run file"))).load({});
}

void require_document(const std::string& text, const std::string& label)
{
    static_cast<void>(parse_document(text, text_source(label, "sweep file"), ""));
}

}  // namespace wagesim::config
