// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The step loop: forward through all layers, the loss, and back. See the header.
#include "ref/trainer/trainer.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ref/communicator/share.hpp"
#include "ref/layers/output_error.hpp"
#include "ref/layers/softmax_error.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/quantizers/activation.hpp"
#include "ref/trainer/trainer_layer.hpp"

namespace wagesim::ref {
namespace {

void check(const std::string& name, std::int64_t value, std::int64_t low, std::int64_t high)
{
    if (value >= low && value <= high) return;
    throw std::invalid_argument(name + ": got " + std::to_string(value) + ", allowed " + std::to_string(low) + ".." +
                                std::to_string(high));
}

void check(const TrainerOptions& options)
{
    check("widths.w", options.widths.w, 2, 8);
    check("widths.a", options.widths.a, 2, 8);
    check("widths.g", options.widths.g, options.widths.w, 16);
    check("widths.e", options.widths.e, 2, 16);
    check("gamma_log2", options.gamma_log2, 0, 8);
    if (options.batch < 1) throw std::invalid_argument("batch: got 0, allowed 1 or more");
}

/// What a step's ranks add up besides gradients. The 128 bits of the exact loss go in digits of 32, which leave room
/// for the sums of 2^31 ranks.
struct StepSums {
    static constexpr std::size_t kDigits = 4;

    StepSums(Uint128 loss, std::size_t correct)
    {
        for (std::size_t i = 0; i < kDigits; ++i) values[i] = static_cast<std::uint32_t>(loss >> (32 * i));
        values[kDigits] = static_cast<std::int64_t>(correct);
    }
    [[nodiscard]] Uint128 loss() const
    {
        Uint128 sum = 0;
        for (std::size_t i = 0; i < kDigits; ++i) sum += static_cast<Uint128>(values[i]) << (32 * i);
        return sum;
    }
    [[nodiscard]] std::size_t correct() const { return static_cast<std::size_t>(values[kDigits]); }

    std::array<std::int64_t, kDigits + 1> values{};
};

}  // namespace

struct Trainer::State {
    SingleProcess alone;
    Communicator& communicator;
    TrainerOptions options;
    std::size_t largest_share;  ///< of this rank, in samples
    std::vector<LayerGeometry> geometry;
    std::array<std::int8_t, 256> table;
    std::vector<std::unique_ptr<TrainerLayer>> layers;
    std::vector<std::int8_t> input;
    std::vector<std::uint16_t> predictions;

    State(const Network& network, const TrainerOptions& given, Communicator* ranks);

    [[nodiscard]] std::size_t image_bytes() const { return static_cast<std::size_t>(geometry.front().inputs()); }
    [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(geometry.back().out_c); }
    [[nodiscard]] const std::int8_t* input_of(std::size_t layer) const
    {
        return layer == 0 ? input.data() : layers[layer - 1]->output();
    }

    void encode(const std::uint8_t* images, std::size_t samples);
    void forward(const StepReport& report, const std::uint8_t* images, std::size_t samples, std::uint16_t* classes_out);
    /// Errors of the last layer from its sums; returns the exact loss of this rank's samples, for loss_of().
    Uint128 output_errors(const BatchView& batch);
    [[nodiscard]] double loss_of(Uint128 exact) const;
    [[nodiscard]] int output_scale() const
    {
        return (options.widths.a - 1) + (options.widths.w - 1) + geometry.back().attenuation;
    }
};

Trainer::State::State(const Network& network, const TrainerOptions& given, Communicator* ranks)
    : communicator(ranks == nullptr ? alone : *ranks),
      options(given),
      largest_share(std::max<std::size_t>(1, share_of(given.batch, communicator).count)),
      geometry((check(given), make_geometry(network, given.widths))),
      table(numerics::input_table(given.range, given.widths.a)),
      input(largest_share * image_bytes()),
      predictions(largest_share)
{
    auto bounds = make_bounds(geometry, given.widths, static_cast<std::int64_t>(given.batch));
    if (given.loss == Loss::softmax) bounds.back().error_in = std::int64_t{1} << kSoftmaxErrorBits;
    const LayerContext context{given.widths,  given.weight_clip, given.gamma_log2, given.seed,
                               largest_share, network.init,      &communicator};
    for (std::size_t i = 0; i < geometry.size(); ++i) {
        const bool nonnegative = i > 0 || given.range == InputRange::unit;
        layers.push_back(std::make_unique<TrainerLayer>(i, geometry[i], bounds[i], context, nonnegative));
    }
}

void Trainer::State::encode(const std::uint8_t* images, std::size_t samples)
{
    const auto channels = static_cast<std::size_t>(geometry.front().in_c);
#pragma omp parallel for schedule(static)
    for (std::size_t n = 0; n < samples; ++n) {
        const std::size_t at = n * image_bytes();
        input_codes(table, images + at, channels, image_bytes() / channels, input.data() + at);
    }
}

void Trainer::State::forward(const StepReport& report, const std::uint8_t* images, std::size_t samples,
                             std::uint16_t* classes_out)
{
    encode(images, samples);
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i]->forward(report, input_of(i), samples);
    predict_classes(layers.back()->sums(), samples, classes(), classes_out);
}

Uint128 Trainer::State::output_errors(const BatchView& batch)
{
    TrainerLayer& last = *layers.back();
    const auto error = options.loss == Loss::softmax ? softmax_error : output_error;
    return error(last.sums(), batch.labels, batch.samples, classes(), output_scale(), last.errors());
}

double Trainer::State::loss_of(Uint128 exact) const
{
    return options.loss == Loss::softmax ? softmax_loss(exact) : ref::loss_of(exact, output_scale());
}

Trainer::Trainer(const Network& network, const TrainerOptions& options)
    : state_(std::make_unique<State>(network, options, nullptr))
{
}

Trainer::Trainer(const Network& network, const TrainerOptions& options, Communicator& communicator)
    : state_(std::make_unique<State>(network, options, &communicator))
{
}

Trainer::~Trainer() = default;

const std::vector<LayerGeometry>& Trainer::geometry() const noexcept
{
    return state_->geometry;
}

StepResult Trainer::train_step(const BatchView& batch, std::uint64_t step, int eta_exponent, TensorSink* sink)
{
    State& s = *state_;
    check("eta", eta_exponent, -16, 8);
    check("samples", static_cast<std::int64_t>(batch.samples), s.communicator.size() > 1 ? 0 : 1,
          static_cast<std::int64_t>(s.largest_share));
    const StepReport report(sink, step);
    s.forward(report, batch.images, batch.samples, s.predictions.data());
    for (std::size_t i = 0; sink != nullptr && i < s.layers.size(); ++i) {
        s.layers[i]->report_forward(report, s.input_of(i), batch.samples);
    }

    std::size_t correct = 0;
    for (std::size_t n = 0; n < batch.samples; ++n) {
        if (s.predictions[n] == batch.labels[n]) ++correct;
    }
    StepSums sums(s.output_errors(batch), correct);
    s.communicator.finish_sum(s.communicator.start_sum(ElementType::int64, sums.values.data(), sums.values.size()));
    const StepResult result{s.loss_of(sums.loss()), sums.correct()};
    report.scalar(0, TensorName::loss, result.loss);
    report.give(0, TensorName::prediction, {ElementType::uint16, Shape{batch.samples}, s.predictions.data()});

    // A layer's weights change after its own backward pass, and no other layer's pass reads them. Its gradient is
    // summed over the ranks while the layer below works, and the update waits for the sum.
    for (std::size_t i = s.layers.size(); i-- > 0;) {
        s.layers[i]->backward(report, batch.samples, i > 0 ? s.layers[i - 1].get() : nullptr);
        s.layers[i]->accumulate(s.input_of(i), batch.samples);
        if (i + 1 < s.layers.size()) s.layers[i + 1]->update(report, step, eta_exponent);
    }
    s.layers.front()->update(report, step, eta_exponent);
    return result;
}

std::vector<std::uint16_t> Trainer::predict(const BatchView& batch)
{
    State& s = *state_;
    const StepReport nobody(nullptr, 0);
    std::vector<std::uint16_t> out(batch.samples);
    for (std::size_t first = 0; first < batch.samples; first += s.largest_share) {
        const std::size_t samples = std::min(s.largest_share, batch.samples - first);
        s.forward(nobody, batch.images + first * s.image_bytes(), samples, out.data() + first);
    }
    return out;
}

const Tensor<std::int16_t>& Trainer::stored_weights(std::size_t layer) const
{
    return state_->layers.at(layer)->stored_weights();
}

void Trainer::set_stored_weights(std::size_t layer, const Tensor<std::int16_t>& weights)
{
    state_->layers.at(layer)->set_stored_weights(weights);
}

}  // namespace wagesim::ref
