// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The step loop: forward through all layers, the loss, and back. See the header.
#include "ref/floating/float_trainer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include "ref/floating/float_array.hpp"
#include "ref/floating/float_layer.hpp"
#include "ref/floating/loss.hpp"
#include "ref/floating/parts.hpp"
#include "ref/floating/quantizers.hpp"
#include "ref/numerics/input_code.hpp"

namespace wagesim::floating {
namespace {

void check(const std::string& name, int value, int low, int high)
{
    if (value == 0 || (value >= low && value <= high)) return;
    throw std::invalid_argument(name + ": got " + std::to_string(value) + ", allowed " + std::to_string(low) + ".." +
                                std::to_string(high) + ", or 0 for float32");
}

void check(const FloatOptions& options)
{
    check("bits.w", options.bits.w, 2, 8);
    check("bits.a", options.bits.a, 2, 8);
    check("bits.e", options.bits.e, 2, 16);
    check("bits.gamma_log2", options.bits.gamma_log2, 0, 8);
    if (options.batch < 1) throw std::invalid_argument("batch: got 0, allowed 1 or more");
    if (!(options.momentum >= 0.0 && options.momentum < 1.0)) {
        throw std::invalid_argument("momentum: got " + std::to_string(options.momentum) + ", allowed 0 up to below 1");
    }
    if (!(options.weight_decay >= 0.0)) {
        throw std::invalid_argument("weight_decay: got " + std::to_string(options.weight_decay) +
                                    ", allowed 0 or more");
    }
}

/// The value that each image byte stands for: on the grid of kA bits (docs/numerics.md section 3), or as it is.
std::array<float, 256> input_values(InputRange range, int bits)
{
    std::array<float, 256> table{};
    for (int byte = 0; byte < 256; ++byte) {
        const double value = range == InputRange::unit ? byte / 255.0 : byte / 127.5 - 1.0;
        table.at(static_cast<std::size_t>(byte)) =
            bits == 0 ? static_cast<float>(value)
                      : static_cast<float>(numerics::input_code(byte, range, bits)) * grid_step(bits);
    }
    return table;
}

}  // namespace

struct FloatTrainer::State {
    FloatOptions options;
    std::vector<LayerGeometry> geometry;
    std::array<float, 256> table;
    std::vector<std::unique_ptr<FloatLayer>> layers;
    FloatArray input;
    std::vector<std::uint16_t> predictions;

    State(const std::vector<LayerGeometry>& layers_of_network, const FloatOptions& given);

    [[nodiscard]] std::size_t image_bytes() const { return static_cast<std::size_t>(geometry.front().inputs()); }
    [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(geometry.back().out_c); }
    [[nodiscard]] const float* input_of(std::size_t layer) const
    {
        return layer == 0 ? input.data() : layers[layer - 1]->output();
    }

    void encode(const std::uint8_t* images, std::size_t samples);
    void forward(const std::uint8_t* images, std::size_t samples, bool training, std::uint16_t* classes_out);
};

FloatTrainer::State::State(const std::vector<LayerGeometry>& layers_of_network, const FloatOptions& given)
    : options((check(given), given)),
      geometry(layers_of_network),
      table(input_values(given.range, given.bits.a)),
      input(given.batch * image_bytes()),
      predictions(given.batch)
{
    for (std::size_t i = 0; i < geometry.size(); ++i) {
        layers.push_back(std::make_unique<FloatLayer>(i, geometry[i], given));
    }
}

/// Bytes c, h, w of each image -> values h, w, c.
void FloatTrainer::State::encode(const std::uint8_t* images, std::size_t samples)
{
    const auto channels = static_cast<std::size_t>(geometry.front().in_c);
    const std::size_t pixels = image_bytes() / channels;
    for_each_part(samples, 1, [&](std::size_t, std::size_t n, std::size_t) {
        const std::uint8_t* image = images + n * image_bytes();
        float* values = input.data() + n * image_bytes();
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t p = 0; p < pixels; ++p) values[p * channels + c] = table[image[c * pixels + p]];
        }
    });
}

void FloatTrainer::State::forward(const std::uint8_t* images, std::size_t samples, bool training,
                                  std::uint16_t* classes_out)
{
    encode(images, samples);
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i]->forward(input_of(i), samples, training);
    predict_classes(layers.back()->scores(), samples, classes(), classes_out);
}

FloatTrainer::FloatTrainer(const std::vector<LayerGeometry>& geometry, const FloatOptions& options)
    : state_(std::make_unique<State>(geometry, options))
{
}

FloatTrainer::~FloatTrainer() = default;

StepResult FloatTrainer::train_step(const BatchView& batch, double learning_rate)
{
    State& s = *state_;
    if (batch.samples < 1 || batch.samples > s.options.batch) {
        throw std::invalid_argument("samples: got " + std::to_string(batch.samples) + ", allowed 1.." +
                                    std::to_string(s.options.batch));
    }
    s.forward(batch.images, batch.samples, true, s.predictions.data());
    FloatLayer& last = *s.layers.back();
    StepResult result;
    result.loss =
        loss_and_errors(s.options.loss, last.scores(), batch.labels, batch.samples, s.classes(), last.errors());
    for (std::size_t n = 0; n < batch.samples; ++n) {
        if (s.predictions[n] == batch.labels[n]) ++result.correct;
    }
    const Sgd sgd{learning_rate, s.options.momentum, s.options.nesterov, s.options.weight_decay};
    for (std::size_t i = s.layers.size(); i-- > 0;) {
        // Its weights change after its own backward pass, and no other layer's pass reads them.
        s.layers[i]->backward(s.input_of(i), batch.samples, i > 0 ? s.layers[i - 1]->errors() : nullptr);
        s.layers[i]->learn(sgd, batch.samples);
    }
    return result;
}

std::vector<std::uint16_t> FloatTrainer::predict(const BatchView& batch)
{
    State& s = *state_;
    std::vector<std::uint16_t> out(batch.samples);
    for (std::size_t first = 0; first < batch.samples; first += s.options.batch) {
        const std::size_t samples = std::min(s.options.batch, batch.samples - first);
        s.forward(batch.images + first * s.image_bytes(), samples, false, out.data() + first);
    }
    return out;
}

FloatTensors FloatTrainer::tensors() const
{
    FloatTensors out;
    for (const auto& layer : state_->layers) layer->give_tensors(out);
    return out;
}

void FloatTrainer::set_tensors(const FloatTensors& tensors)
{
    for (const auto& layer : state_->layers) layer->take_tensors(tensors);
}

}  // namespace wagesim::floating
