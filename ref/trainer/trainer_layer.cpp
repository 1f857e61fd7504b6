// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One layer's part of a step. See the header.
#include "ref/trainer/trainer_layer.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "ref/layers/output_error.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::ref {
namespace {

/// Exponents of a maximum of 0 are reported as -1.
std::int64_t exponent_or_none(std::int64_t largest)
{
    return largest == 0 ? -1 : numerics::exponent(static_cast<std::uint64_t>(largest));
}

std::unique_ptr<WeightLayer> make_products(const LayerGeometry& geometry, const LayerBounds& bounds,
                                           const Widths& widths, bool nonnegative)
{
    return geometry.kind == Layer::Kind::conv ? make_convolution_layer(geometry, bounds, widths, nonnegative)
                                              : make_dense_layer(geometry, bounds, widths, nonnegative);
}

}  // namespace

TrainerLayer::TrainerLayer(std::size_t index, const LayerGeometry& geometry, const LayerBounds& bounds,
                           const LayerContext& context, bool nonnegative)
    : index_(index),
      geometry_(geometry),
      bounds_(bounds),
      context_(context),
      weights_(geometry, context.widths, context.weight_clip, context.init, context.seed, index),
      products_(make_products(geometry, bounds, context.widths, nonnegative)),
      sums_(accumulator_for(bounds.acc), 0),
      errors_(accumulator_for(bounds.error_in), context.samples * extent(geometry.outputs())),
      operands_(signed_type_for(bounds.error_mac), context.samples * extent(geometry.accumulators())),
      gradient_(accumulator_for(bounds.gradient), weights_.size())
{
    if (geometry.hidden) {
        hidden_.emplace(geometry, bounds, context.widths, context.samples);
        error_maximum_.emplace(hidden_->flags().data(), extent(geometry.outputs()),
                               extent(geometry.out_w * geometry.out_c));
    }
    products_->set_weights(weights_.codes());
}

void TrainerLayer::set_stored_weights(const Tensor<std::int16_t>& weights)
{
    weights_.set_stored(weights);
    products_->set_weights(weights_.codes());
}

bool TrainerLayer::keeps_sums(const StepReport& report) const
{
    return !hidden_ || report.wants(index_, TensorName::acc) || report.wants(index_, TensorName::pooled);
}

void TrainerLayer::forward(const StepReport& report, const std::int8_t* input, std::size_t samples)
{
    SumTarget target;
    if (hidden_) target.consumer = &*hidden_;
    if (keeps_sums(report)) {
        const std::size_t needed = samples * extent(geometry_.accumulators());
        if (sums_.size() < needed) sums_ = Buffer(accumulator_for(bounds_.acc), needed);
        target.sums = &sums_;
    }
    if (samples > 0) products_->forward(input, samples, target);
}

SumTarget TrainerLayer::expect_errors()
{
    error_maximum_->restart();
    return {&errors_, &*error_maximum_};
}

std::int64_t TrainerLayer::largest_error(std::size_t samples) const
{
    return hidden_ ? error_maximum_->value() : largest_of(errors_, samples * extent(geometry_.outputs()));
}

template <class T>
void TrainerLayer::report_weight_tensor(const StepReport& report, TensorName name, const T* kernel_order) const
{
    if (!report.wants(index_, name)) return;
    Tensor<T> out(geometry_.weight_shape());
    weights_.to_contract(kernel_order, out.data());
    report.give(index_, name, out.view());
}

void TrainerLayer::report_weights(const StepReport& report) const
{
    if (report.wants(index_, TensorName::weight_stored)) {
        report.give(index_, TensorName::weight_stored, weights_.stored().view());
    }
    report_weight_tensor(report, TensorName::weight_q, weights_.codes());
    report.scalar(index_, TensorName::attenuation, std::int64_t{geometry_.attenuation});
}

void TrainerLayer::report_masks(const StepReport& report, std::size_t samples) const
{
    const Shape shape = geometry_.output_shape(samples);
    const auto give = [&](TensorName name, std::uint8_t bit) {
        if (!report.wants(index_, name)) return;
        std::vector<std::uint8_t> mask(shape.size());
        for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = (hidden_->flags()[i] & bit) != 0 ? 1 : 0;
        report.channel_last(index_, name, shape, extent(geometry_.out_c), mask.data());
    };
    give(TensorName::mask_active, kActive);
    give(TensorName::mask_unclipped, kUnclipped);
}

void TrainerLayer::report_forward(const StepReport& report, const std::int8_t* input, std::size_t samples)
{
    const std::size_t channels = extent(geometry_.out_c);
    const Shape output = geometry_.output_shape(samples);
    report_weights(report);
    report.channel_last(index_, TensorName::input, geometry_.input_shape(samples), extent(geometry_.in_c), input);
    report.channel_last(index_, TensorName::acc, geometry_.acc_shape(samples), channels, sums_);
    if (!hidden_) return;
    if (geometry_.pool && report.wants(index_, TensorName::pooled)) {
        Buffer pooled(sums_.type(), output.size());
        hidden_->pool(sums_, samples, pooled);
        report.channel_last(index_, TensorName::pooled, output, channels, pooled);
    }
    if (geometry_.pool) report.channel_last(index_, TensorName::pool_winner, output, channels, hidden_->winners());
    report.channel_last(index_, TensorName::output, output, channels, hidden_->codes());
    report_masks(report, samples);
}

void TrainerLayer::report_errors(const StepReport& report, const ErrorRule& rule, std::size_t samples) const
{
    const std::size_t channels = extent(geometry_.out_c);
    const Shape output = geometry_.output_shape(samples);
    report.channel_last(index_, TensorName::error_in, output, channels, errors_);
    report.scalar(index_, TensorName::max_error, rule.largest);
    report.scalar(index_, TensorName::exponent_e, exponent_or_none(rule.largest));
    if (report.wants(index_, TensorName::error_q)) {
        if (hidden_) {
            Buffer codes(signed_type_for(rule.limit), output.size());
            hidden_->quantize(rule, errors_, samples, codes);
            report.channel_last(index_, TensorName::error_q, output, channels, codes);
        } else {
            report.channel_last(index_, TensorName::error_q, output, channels, operands_);
        }
    }
    report.channel_last(index_, TensorName::error_mac, geometry_.acc_shape(samples), channels, operands_);
}

void TrainerLayer::backward(const StepReport& report, std::size_t samples, TrainerLayer* previous)
{
    const std::int64_t largest = context_.communicator->largest(largest_error(samples));
    const ErrorRule rule = error_rule(largest, bounds_.error_in, context_.gamma_log2, context_.widths.e);
    if (hidden_) {
        hidden_->backward(rule, errors_, samples, operands_);
    } else {
        quantize_output_error(rule, errors_, samples * extent(geometry_.outputs()), operands_);
    }
    report_errors(report, rule, samples);
    if (previous == nullptr) return;
    const SumTarget target = previous->expect_errors();
    if (samples > 0) products_->backward(operands_, samples, target);
    report.channel_last(index_, TensorName::error_out, geometry_.input_shape(samples), extent(geometry_.in_c),
                        previous->errors());
}

void TrainerLayer::report_update(const StepReport& report, std::int64_t largest, const std::int16_t* steps) const
{
    visit_accumulator(gradient_.type(), [&](auto zero) {
        report_weight_tensor(report, TensorName::gradient, gradient_.as<decltype(zero)>());
    });
    report.scalar(index_, TensorName::max_gradient, largest);
    report.scalar(index_, TensorName::exponent_g, exponent_or_none(largest));
    report_weight_tensor(report, TensorName::delta, steps);
    if (report.wants(index_, TensorName::weight_stored_next)) {
        report.give(index_, TensorName::weight_stored_next, weights_.stored().view());
    }
}

void TrainerLayer::accumulate(const std::int8_t* input, std::size_t samples)
{
    if (samples > 0) {
        products_->weight_gradient(input, operands_, samples, gradient_);
    } else {
        std::memset(gradient_.data(), 0, gradient_.size() * bytes_of(gradient_.type()));
    }
    gradient_sum_ = context_.communicator->start_sum(gradient_.type(), gradient_.data(), gradient_.size());
}

void TrainerLayer::update(const StepReport& report, std::uint64_t step, int eta_exponent)
{
    context_.communicator->finish_sum(gradient_sum_);
    const std::int64_t largest = largest_of(gradient_, gradient_.size());
    const numerics::Speck32 cipher(numerics::stream_key(context_.seed, numerics::RandomDomain::rounding, step, index_));
    std::vector<std::int16_t> steps(report.wants(index_, TensorName::delta) ? weights_.size() : 0);
    weights_.update(gradient_, largest, eta_exponent, cipher, steps.empty() ? nullptr : steps.data());
    products_->set_weights(weights_.codes());
    report_update(report, largest, steps.data());
}

}  // namespace wagesim::ref
