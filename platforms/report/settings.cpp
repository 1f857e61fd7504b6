// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/settings.hpp"

#include <fmt/core.h>

#include "platforms/config/names.hpp"

namespace wagesim::report {
namespace {

std::string network_text(const Network& network)
{
    std::string text;
    for (const Layer& layer : network.layers) {
        if (!text.empty()) text += "-";
        text += layer_text(layer, &layer == &network.layers.back());
    }
    return text;
}

/// "2^3, from epoch 200 2^0".
std::string eta_text(const std::map<int, int>& eta)
{
    std::string text;
    for (const auto& [epoch, exponent] : eta) {
        text += text.empty() ? fmt::format("2^{}", exponent) : fmt::format(", from epoch {} 2^{}", epoch, exponent);
    }
    return text;
}

/// "0.1, from epoch 200 0.01".
std::string learning_rate_text(const std::map<int, double>& rates)
{
    std::string text;
    for (const auto& [epoch, rate] : rates) {
        text += text.empty() ? fmt::format("{}", rate) : fmt::format(", from epoch {} {}", epoch, rate);
    }
    return text;
}

std::string width_text(int width, bool is_float)
{
    return is_float ? "float" : std::to_string(width);
}

std::string widths_text(const Widths& widths, const config::FloatOperands& floats)
{
    return fmt::format("{}-{}-{}-{}", width_text(widths.w, floats.w), width_text(widths.a, floats.a),
                       width_text(widths.g, floats.g), width_text(widths.e, floats.e));
}

}  // namespace

std::string layer_text(const Layer& layer, bool last)
{
    if (layer.kind == Layer::Kind::dense) return last ? std::to_string(layer.units) : fmt::format("{}FC", layer.units);
    const std::string pool = layer.pool ? fmt::format("-MP{}", layer.pool->size) : "";
    return fmt::format("{}C{}{}", layer.units, layer.kernel, pool);
}

Json settings_json(const config::RunConfig& config)
{
    const config::TrainingConfig& training = config.training;
    Json settings = Json::array();
    const auto add = [&](const char* what, const std::string& value) { settings.push_back({what, value}); };
    add("network", network_text(config.network));
    add("widths W-A-G-E", widths_text(config.widths, config.floats));
    add("data", fmt::format("{}, {}", config::name_of(config.data.format), config::name_of(config.data.range)));
    add("augmentation", config::name_of(config.data.augment));
    add("batch", std::to_string(training.batch));
    add("epochs", std::to_string(training.epochs));
    const config::FloatTraining& floating = training.floating;
    add("learning rate",
        floating.learning_rate.empty() ? eta_text(training.eta) : learning_rate_text(floating.learning_rate));
    if (config.floats.any()) {
        add("momentum", fmt::format("{}{}", floating.momentum, floating.nesterov ? ", Nesterov" : ""));
        add("weight decay", fmt::format("{}", floating.weight_decay));
        add("batch normalization", floating.batch_norm ? "yes" : "no");
    }
    add("loss", config::name_of(training.loss));
    add("gamma", std::to_string(training.gamma));
    add("weight clip", config::name_of(training.weight_clip));
    add("seed", std::to_string(config.seed));
    if (config.chip) {
        add("chip", config.chip->name.empty() ? "unnamed" : config.chip->name);
        add("quantizer", config::name_of(config.chip->quantize_update.quantizer));
    }
    return settings;
}

}  // namespace wagesim::report
