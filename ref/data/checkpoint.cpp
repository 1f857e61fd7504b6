// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Entry names and checks of weights.npz and checkpoint.npz. See the header.
#include "ref/data/checkpoint.hpp"

#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "ref/data/float_file.hpp"
#include "ref/data/npz.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/weight.hpp"

namespace wagesim {
namespace {

constexpr std::string_view kCounterPrefix = "counter/";
constexpr std::string_view kStatePrefix = "state/";

std::string weight_entry(std::size_t layer)
{
    return "layer" + std::to_string(layer) + "/weight_stored";
}

void add_weights(NpzWriter& file, const Weights& weights)
{
    for (std::size_t layer = 0; layer < weights.layers.size(); ++layer) {
        file.add(weight_entry(layer), weights.layers[layer].view());
    }
    add_float_tensors(file, weights.floats);
    file.add_text("config", weights.config);
    file.add_scalar("step", weights.step);
}

Tensor<std::int16_t> read_layer(const NpzReader& file, std::size_t layer, const StoredWeightRules& rules)
{
    const std::string name = weight_entry(layer);
    const Shape& shape = rules.shapes[layer];
    const NpyHeader header = file.header(name);
    if (!header.is_integer() || !header.has_shape(shape)) {
        throw DataError(file.path() + ": entry '" + name + "': got " + header.describe() + ", allowed integers of " +
                        shape.text());
    }
    const NpyArray array = file.read(name);
    Tensor<std::int16_t> out(shape);
    const std::vector<std::int64_t> values = array.values<std::int64_t>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] < -rules.largest || values[i] > rules.largest) {
            throw DataError(array.origin + ": got " + std::to_string(values[i]) + " at index " + std::to_string(i) +
                            ", allowed -" + std::to_string(rules.largest) + ".." + std::to_string(rules.largest));
        }
        out[i] = static_cast<std::int16_t>(values[i]);
    }
    return out;
}

bool is_layer_below(const std::string& number, std::size_t layers)
{
    for (std::size_t layer = 0; layer < layers; ++layer) {
        if (number == std::to_string(layer)) return true;
    }
    return false;
}

StoredWeights read_layers(const NpzReader& file, const StoredWeightRules& rules)
{
    StoredWeights out;
    for (std::size_t layer = 0; layer < rules.shapes.size(); ++layer) {
        out.push_back(read_layer(file, layer, rules));
    }
    for (const std::string& name : file.names()) {
        const std::size_t slash = name.find('/');
        if (name.compare(0, 5, "layer") != 0 || slash == std::string::npos) continue;
        if (is_layer_below(name.substr(5, slash - 5), rules.shapes.size())) continue;
        throw DataError(file.path() + ": got entry '" + name + "', allowed " + std::to_string(rules.shapes.size()) +
                        " layers, as the network has");
    }
    return out;
}

Weights read_weights(const NpzReader& file, const StoredWeightRules& rules)
{
    Weights out;
    if (rules.floating()) {
        out.floats = read_float_tensors(file, rules.floats, rules.float_state);
    } else {
        out.layers = read_layers(file, rules);
    }
    if (file.contains("config")) out.config = file.read("config").text();
    if (file.contains("step")) out.step = file.read("step").scalar<std::uint64_t>();
    return out;
}

/// Rows as columns: one array for each member. A missing test error is NaN there, which no epoch can have otherwise.
void add_epochs(NpzWriter& file, const std::vector<EpochRow>& rows)
{
    std::vector<std::uint64_t> epoch;
    std::vector<double> loss, train_error, test_error, speed;
    for (const EpochRow& row : rows) {
        epoch.push_back(row.epoch);
        loss.push_back(row.loss);
        train_error.push_back(row.train_error);
        test_error.push_back(row.test_error.value_or(std::numeric_limits<double>::quiet_NaN()));
        speed.push_back(row.images_per_second);
    }
    file.add_vector("epochs/epoch", epoch);
    file.add_vector("epochs/loss", loss);
    file.add_vector("epochs/train_error", train_error);
    file.add_vector("epochs/test_error", test_error);
    file.add_vector("epochs/images_per_second", speed);
}

std::vector<EpochRow> read_epochs(const NpzReader& file)
{
    const auto epoch = file.read("epochs/epoch").values<std::uint64_t>();
    const auto column = [&](const std::string& name) {
        const NpyArray array = file.read("epochs/" + name);
        std::vector<double> out = array.values<double>();
        if (out.size() != epoch.size()) {
            throw DataError(array.origin + ": got " + std::to_string(out.size()) + " rows, allowed " +
                            std::to_string(epoch.size()) + " as in epochs/epoch");
        }
        return out;
    };
    const std::vector<double> loss = column("loss");
    const std::vector<double> train_error = column("train_error");
    const std::vector<double> test_error = column("test_error");
    const std::vector<double> speed = column("images_per_second");
    std::vector<EpochRow> out;
    for (std::size_t i = 0; i < epoch.size(); ++i) {
        const bool error_is_fraction = std::isnan(test_error[i]) || (test_error[i] >= 0.0 && test_error[i] <= 1.0);
        if (epoch[i] != i || loss[i] < 0.0 || !(train_error[i] >= 0.0 && train_error[i] <= 1.0) || !error_is_fraction) {
            throw DataError(file.path() + ": got epochs row " + std::to_string(i) + " of epoch " +
                            std::to_string(epoch[i]) +
                            ", allowed epochs in order with losses and errors as they can be");
        }
        out.push_back({epoch[i], loss[i], train_error[i], std::nullopt, speed[i]});
        if (!std::isnan(test_error[i])) out.back().test_error = test_error[i];
    }
    return out;
}

}  // namespace

OtherConfiguration::OtherConfiguration(std::string path, const std::string& got_hash, const std::string& allowed_hash,
                                       std::string config)
    : DataError(path + ": got a checkpoint of another configuration (" + got_hash + "), allowed " + allowed_hash),
      path_(std::move(path)),
      config_(std::move(config))
{
}

StoredWeightRules stored_weight_rules(const std::vector<LayerGeometry>& layers, const Widths& widths, WeightClip clip)
{
    StoredWeightRules out;
    for (const LayerGeometry& layer : layers) out.shapes.push_back(layer.weight_shape());
    out.largest = numerics::stored_weight_limit(widths, clip);
    return out;
}

void save_weights(const std::string& path, const Weights& weights)
{
    NpzWriter file(path);
    add_weights(file, weights);
    file.finish();
}

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint)
{
    NpzWriter file(path, Compression::stored);  // written every minute, kept for one
    add_weights(file, checkpoint.weights);
    file.add_text("config_hash", checkpoint.config_hash);
    file.add_scalar("epoch/loss", checkpoint.epoch_loss);
    file.add_scalar("epoch/correct", checkpoint.epoch_correct);
    file.add_scalar("epoch/samples", checkpoint.epoch_samples);
    add_epochs(file, checkpoint.epochs);
    for (const auto& [name, value] : checkpoint.counters) file.add_scalar(std::string(kCounterPrefix) + name, value);
    for (const auto& [name, values] : checkpoint.state) file.add_vector(std::string(kStatePrefix) + name, values);
    file.finish();
}

Weights load_weights(const std::string& path, const StoredWeightRules& rules)
{
    return read_weights(NpzReader(path), rules);
}

Checkpoint load_checkpoint(const std::string& path, const StoredWeightRules& rules, const std::string& config_hash)
{
    const NpzReader file(path);
    Checkpoint out;
    out.config_hash = file.read("config_hash").text();
    if (out.config_hash != config_hash) {
        throw OtherConfiguration(path, out.config_hash, config_hash, file.read("config").text());
    }
    out.weights = read_weights(file, rules);
    for (const auto& [name, shape] : rules.float_state) {
        if (rules.needs_float_state && !file.contains(name)) {
            throw DataError(std::string(path).append(": entry '").append(name).append("': missing"));
        }
    }
    // A weights file may be without these two; a checkpoint never is.
    out.weights.config = file.read("config").text();
    out.weights.step = file.read("step").scalar<std::uint64_t>();
    out.epoch_loss = file.read("epoch/loss").scalar<double>();
    out.epoch_correct = file.read("epoch/correct").scalar<std::uint64_t>();
    out.epoch_samples = file.read("epoch/samples").scalar<std::uint64_t>();
    if (out.epoch_loss < 0.0) {
        throw DataError(path + ": got a loss of " + std::to_string(out.epoch_loss) + ", allowed 0 or more");
    }
    out.epochs = read_epochs(file);
    for (const std::string& name : file.names()) {
        if (name.compare(0, kCounterPrefix.size(), kCounterPrefix) == 0) {
            out.counters[name.substr(kCounterPrefix.size())] = file.read(name).scalar<std::uint64_t>();
        } else if (name.compare(0, kStatePrefix.size(), kStatePrefix) == 0) {
            out.state[name.substr(kStatePrefix.size())] = file.read(name).values<std::uint32_t>();
        }
    }
    return out;
}

}  // namespace wagesim
