// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From the golden file's JSON and entries to our types. See the header.
#include "tests/support/golden.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "ref/numerics/integer.hpp"

namespace wagesim::test {
namespace {

using nlohmann::json;

template <class T>
T choice(const std::string& key, const std::string& found, const std::vector<std::pair<std::string, T>>& allowed)
{
    for (const auto& [text, value] : allowed) {
        if (text == found) return value;
    }
    throw std::runtime_error("golden config: " + key + ": got " + found);
}

Layer weight_layer(const json& entry)
{
    Layer out;
    out.units = entry.at("out");
    if (entry.at("type") == "fc") return out;
    out.kind = Layer::Kind::conv;
    out.kernel = entry.at("kernel");
    out.stride = entry.at("stride");
    out.padding = entry.at("padding").get<int>();
    return out;
}

Network network_from(const json& config)
{
    Network out;
    out.name = config.at("network_text");
    out.input = {config.at("input_shape").at(0), config.at("input_shape").at(1), config.at("input_shape").at(2)};
    out.init.limit_factor = config.at("init_factor");
    out.init.grid = choice<numerics::WeightGrid>("weight_init", config.at("weight_init"),
                                                 {{"kg", numerics::WeightGrid::kg}, {"kw", numerics::WeightGrid::kw}});
    for (const json& entry : config.at("network")) {
        const std::string type = entry.at("type");
        if (type == "pool") {
            out.layers.at(out.layers.size() - 1).pool = Pooling{entry.at("kernel"), entry.at("stride")};
        } else if (type == "conv" || type == "fc") {
            out.layers.push_back(weight_layer(entry));
        } else {
            throw std::runtime_error("golden config: type: got " + type);
        }
    }
    if (const json& given = config.at("sA_override"); !given.is_null()) {
        for (std::size_t i = 0; i < out.layers.size(); ++i) {
            out.layers[i].attenuation = given.is_array() ? given.at(i).get<int>() : given.get<int>();
        }
    }
    return out;
}

GoldenOptions options_from(const json& config)
{
    GoldenOptions out;
    out.weight_clip =
        choice<WeightClip>("weight_clip", config.at("weight_clip"), {{"kg", WeightClip::kg}, {"kw", WeightClip::kw}});
    const auto gamma = config.at("gamma").get<std::uint64_t>();
    out.gamma_log2 = numerics::floor_log2(gamma);
    if (std::uint64_t{1} << out.gamma_log2 != gamma) throw std::runtime_error("golden config: gamma: no power of two");
    out.eta_exponent = config.at("eta_exponent");
    out.seed = config.at("seed");
    out.range = choice<InputRange>("range", config.at("range"),
                                   {{"unit", InputRange::unit}, {"signed", InputRange::symmetric}});
    out.batch = config.at("batch_size");
    out.shuffle = config.at("shuffle");
    out.augment = config.at("augment").get<bool>() ? Augment::crop_flip : Augment::none;
    return out;
}

std::string step_entry(std::uint64_t step, std::string_view name)
{
    return "step" + std::to_string(step) + "/" + std::string(name);
}

}  // namespace

GoldenTraining::GoldenTraining(const std::string& name) : file_(golden_path(name + ".npz"))
{
    const json config = json::parse(file_.read("config").text());
    network_ = network_from(config);
    widths_ = {config.at("kW"), config.at("kA"), config.at("kG"), config.at("kE")};
    options_ = options_from(config);
    steps_ = file_.read("steps").scalar<std::uint64_t>();
    NpyArray images = file_.read("images");
    const std::vector<std::size_t>& shape = images.header.shape;
    data_.labels = file_.read("labels").values<std::uint16_t>();
    if (images.header.type != NpyType::uint8 || shape.size() != 4 || shape[0] != data_.labels.size()) {
        throw std::runtime_error(file_.path() + ": images and labels do not fit together");
    }
    data_.size = {shape[1], shape[2], shape[3]};
    data_.images = std::move(images.bytes);
}

std::optional<GoldenTensor> GoldenTraining::entry(const std::string& name) const
{
    if (!file_.contains(name)) return std::nullopt;
    const NpyArray array = file_.read(name);
    const std::vector<std::size_t>& e = array.header.shape;
    GoldenTensor out;
    switch (e.size()) {
        case 0: break;
        case 1: out.shape = {e[0]}; break;
        case 2: out.shape = {e[0], e[1]}; break;
        case 4: out.shape = {e[0], e[1], e[2], e[3]}; break;
        default: throw std::runtime_error(array.origin + ": got " + array.header.describe());
    }
    out.values = array.values<std::int64_t>();
    return out;
}

std::optional<GoldenTensor> GoldenTraining::tensor(std::uint64_t step, std::size_t layer, TensorName name) const
{
    return tensor(step, layer, text_of(name));
}

std::optional<GoldenTensor> GoldenTraining::tensor(std::uint64_t step, std::size_t layer, std::string_view name) const
{
    return entry(step_entry(step, "layer" + std::to_string(layer) + "/" + std::string(name)));
}

double GoldenTraining::loss(std::uint64_t step) const
{
    return file_.read(step_entry(step, "loss")).scalar<double>();
}

std::vector<std::int64_t> GoldenTraining::prediction(std::uint64_t step) const
{
    return file_.read(step_entry(step, "prediction")).values<std::int64_t>();
}

std::vector<std::uint32_t> GoldenTraining::positions(std::uint64_t step) const
{
    return file_.read(step_entry(step, "positions")).values<std::uint32_t>();
}

std::vector<TensorName> GoldenTraining::names(std::uint64_t step, std::size_t layer) const
{
    std::vector<TensorName> out;
    for (const std::string_view name : kTensorNames) {
        const std::string full = step_entry(step, "layer" + std::to_string(layer) + "/" + std::string(name));
        if (file_.contains(full)) out.push_back(*tensor_name_from(name));
    }
    return out;
}

const std::vector<std::string>& golden_trainings()
{
    static const std::vector<std::string> names = {
        "tiny_mlp",        "tiny_mlp_shuffle", "tiny_lenet",     "tiny_lenet_code", "tiny_vgg",
        "eta_eighth",      "gamma4",           "factor3",        "clip_kw",         "widths_2-2-8-8",
        "widths_2-8-12-8", "widths_2-8-8-12",  "widths_3-8-8-8", "widths_4-6-10-5", "widths_8-8-16-8"};
    return names;
}

std::string identifier_of(std::string name)
{
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

std::string golden_path(const std::string& name)
{
    return std::string(WAGESIM_GOLDEN_DIR) + "/" + name;
}

}  // namespace wagesim::test
