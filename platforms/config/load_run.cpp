// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From a run file to a RunConfig: parse, override, resolve references, read, and check what no single key can show.
#include "platforms/config/load_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "platforms/config/include.hpp"
#include "platforms/config/load_activity.hpp"
#include "platforms/config/load_technology.hpp"
#include "platforms/config/overrides.hpp"
#include "platforms/config/reader.hpp"
#include "platforms/config/run_template.hpp"
#include "platforms/config/schema.hpp"
#include "ref/data/dataset.hpp"
#include "ref/data/npy.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::config {
namespace {

/// The file that a key of the chip names, where it names one.
std::optional<DocumentNode> file_of_chip(const DocumentNode& root, const char* key)
{
    const DocumentNode* chip = root.find("chip");
    const DocumentNode* path = chip == nullptr ? nullptr : chip->find(key);
    if (path == nullptr || path->kind == DocumentNode::Kind::null) return std::nullopt;
    return include_file(*path, std::string("chip.") + key, {root.place.source->file, chip->place.source->file});
}

/// What the files say that the chip file names.
void read_files_of_chip(const DocumentNode& root, RunConfig& config)
{
    if (const auto file = file_of_chip(root, "technology")) {
        config.technology = read_technology(*file, "chip.technology", config.chip->crossbar);
    }
    if (const auto file = file_of_chip(root, "activity")) {
        config.activity = read_activity(*file, "chip.activity", config.network.layers.size());
    }
}

std::string layer_key(const Network& network, std::size_t i)
{
    const char* kind = network.layers[i].kind == Layer::Kind::conv ? "conv" : "dense";
    return fmt::format("network.layers.{}.{}", i, kind);
}

/// `what` of make_geometry and make_bounds, "layers[i]: key: got X, allowed Y" or "layers[i]: what is wrong", as a
/// fault of that layer.
ConfigError network_fault(const RunConfig& config, const std::string& what)
{
    const std::size_t open = what.find('[');
    const std::size_t colon = what.find("]: ");
    if (open == std::string::npos || colon == std::string::npos) return config.origins.fault("network", what, "less");
    const std::size_t layer = std::stoul(what.substr(open + 1));
    const std::string message = what.substr(colon + 3);
    const std::size_t got = message.find(": got ");
    const std::size_t allowed = message.find(", allowed ");
    if (got == std::string::npos || allowed == std::string::npos) {
        return config.origins.fault(layer_key(config.network, layer), message, "a smaller layer, batch or width");
    }
    return config.origins.fault(layer_key(config.network, layer) + "." + message.substr(0, got),
                                message.substr(got + 6, allowed - got - 6), message.substr(allowed + 10));
}

void check_copies(const RunConfig& config)
{
    if (!config.chip) return;
    const chip::MappingConfig& mapping = config.chip->mapping;
    const std::string got = mapping.copies.empty() ? "nothing" : fmt::format("a list of {}", mapping.copies.size());
    if (mapping.replication != chip::Replication::given) {
        if (mapping.copies.empty()) return;
        throw config.origins.fault("chip.mapping.copies", got, "none unless replication is given");
    }
    const std::size_t layers = config.network.layers.size();
    if (mapping.copies.size() == layers) return;
    throw config.origins.fault("chip.mapping.copies", got, fmt::format("a list of {}, one for each layer", layers));
}

void check_network(const RunConfig& config)
{
    const Network& network = config.network;
    const std::size_t last = network.layers.size() - 1;
    if (network.layers[last].kind != Layer::Kind::dense) {
        throw config.origins.fault(layer_key(network, last), "conv as the last layer", "dense as the last layer");
    }
    for (std::size_t i = 0; i < last; ++i) {
        const Layer& layer = network.layers[i];
        if (layer.kind == Layer::Kind::conv && !layer.padding && layer.stride != 1) {
            throw config.origins.fault(layer_key(network, i) + ".stride",
                                       fmt::format("{} with padding same", layer.stride),
                                       "1, or a padding that is a number");
        }
    }
    try {
        const std::vector<LayerGeometry> geometry = geometry_of(config);
        // Sums in float32 have no bounds to prove.
        if (!config.floats.any()) static_cast<void>(make_bounds(geometry, config.widths, config.training.batch));
    } catch (const std::invalid_argument& error) {
        throw network_fault(config, error.what());
    } catch (const std::overflow_error& error) {
        throw network_fault(config, error.what());
    }
}

void check_floats(const RunConfig& config)
{
    const FloatOperands& floats = config.floats;
    if (!floats.any()) return;
    if (!floats.g) {
        const char* key = floats.w ? "widths.w" : floats.a ? "widths.a" : "widths.e";
        throw config.origins.fault(key, fmt::format("float with {}-bit gradients", config.widths.g),
                                   "an integer, or float where g is float, too");
    }
    const bool rate = !config.training.floating.learning_rate.empty();
    if (rate && !config.training.eta.empty()) {
        throw config.origins.fault("training.learning_rate", "a second learning rate beside eta", "one of the two");
    }
    if (!rate && config.training.eta.empty()) {
        throw config.origins.fault("training", "neither eta nor learning_rate", "one of the two");
    }
}

/// Effects on analog currents need a fidelity that has some, and a cell is stuck at one level only.
void check_device(const RunConfig& config)
{
    if (!config.chip) return;
    const chip::DeviceConfig& device = config.chip->device;
    const char* effect = chip::first_effect(device);
    if (effect != nullptr && config.chip->fidelity != chip::Fidelity::bit_serial) {
        throw config.origins.fault(std::string("chip.device.") + effect,
                                   fmt::format("an effect with fidelity {}", name_of(config.chip->fidelity)),
                                   "ideal devices, or fidelity bit_serial");
    }
    if (device.stuck_at_0 + device.stuck_at_1 > 1.0) {
        throw config.origins.fault("chip.device.stuck_at_1", fmt::format("{}", device.stuck_at_1),
                                   fmt::format("at most 1 together with stuck_at_0, {}", device.stuck_at_0));
    }
}

/// Sizes of synthetic data are in the run file, so what other formats show at loading time is known here.
void check_synthetic(const RunConfig& config, const DocumentNode& root)
{
    if (config.data.format != DataFormat::synthetic) return;
    if (config.training.batch > config.data.synthetic.count) {
        throw config.origins.fault("training.batch", std::to_string(config.training.batch),
                                   fmt::format("an integer 1..{}, the images there are", config.data.synthetic.count));
    }
    const int units = config.network.layers.back().units;
    if (config.data.synthetic.classes > units) {
        const bool grouped = root.find("data")->find("synthetic") != nullptr;
        throw config.origins.fault(grouped ? "data.synthetic.classes" : "data.classes",
                                   std::to_string(config.data.synthetic.classes),
                                   fmt::format("an integer 1..{}, the units of the last layer", units));
    }
}

/// Photographs have one or three channels, and nothing is cut out of what is smaller.
void check_folder(const RunConfig& config)
{
    if (config.data.format != DataFormat::folder) return;
    const InputShape& input = config.network.input;
    if (input.channels != 1 && input.channels != 3) {
        throw config.origins.fault("network.input.channels", std::to_string(input.channels),
                                   "1 or 3 with data.format folder");
    }
    const int least = std::max(input.height, input.width);
    if (config.data.resize && *config.data.resize < least) {
        throw config.origins.fault(
            "data.resize", std::to_string(*config.data.resize),
            fmt::format("an integer {}..{}, not below the network's input", least, kExtent.most));
    }
}

}  // namespace

RunTemplate::RunTemplate(const std::string& text, const std::shared_ptr<const Source>& source)
    : root_(parse_document(text, source, ""))
{
    if (root_.kind != DocumentNode::Kind::map) throw root_.place.fault("", root_.shown(), "a map");
}

RunConfig RunTemplate::resolve(const std::vector<const Override*>& overrides) const
{
    const std::filesystem::path& file = root_.place.source->file;
    DocumentNode root = root_;
    for (const Override* each : overrides) apply_override(root, *each, file);
    for (const char* key : {"network", "chip"}) {
        if (DocumentNode* value = root.find(key)) resolve_reference(*value, key, file);
    }
    RunConfig config;
    Reader::read(root, "", config.origins, "a map", [&](Reader& in) { describe(in, config); });
    read_files_of_chip(root, config);
    check_floats(config);
    check_network(config);
    check_copies(config);
    check_device(config);
    check_synthetic(config, root);
    check_folder(config);
    return config;
}

RunConfig parse_run(const std::string& text, const std::filesystem::path& file,
                    const std::vector<std::string>& overrides, std::optional<std::uint64_t> seed)
{
    const RunTemplate run(text, file_source(file, "run file"));
    std::vector<Override> parsed;
    std::vector<const Override*> changes;
    parsed.reserve(overrides.size());
    changes.reserve(overrides.size());
    for (const std::string& each : overrides) changes.push_back(&parsed.emplace_back(parse_override(each)));
    RunConfig config = run.resolve(changes);
    if (seed) config.seed = *seed;
    return config;
}

RunConfig load_run(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                   std::optional<std::uint64_t> seed)
{
    const FileText content = read_text(file);
    if (!content.reason.empty()) {
        throw Place{file_source(file, "run file"), 1, 1}.fault("", content.reason, "a readable file");
    }
    // Relative paths in it become absolute ones, which stand in texts that are UTF-8.
    try {
        (void)decode_utf8(std::filesystem::absolute(file).string(), "path");
    } catch (const DataError&) {
        throw Place{file_source(file, "run file"), 1, 1}.fault("", "a path that is not UTF-8", "one that is");
    }
    return parse_run(content.text, file, overrides, seed);
}

}  // namespace wagesim::config
