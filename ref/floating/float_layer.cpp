// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/float_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "ref/floating/parts.hpp"
#include "ref/floating/quantizers.hpp"
#include "ref/floating/tensor_extents.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/tensor/transpose.hpp"

namespace wagesim::floating {
namespace {

constexpr std::size_t kRun = 16384;

float weight_limit(const FloatOptions& options)
{
    if (options.bits.w == 0) return std::numeric_limits<float>::infinity();
    return options.weight_clip == WeightClip::kg ? 1.0F : grid_limit(options.bits.w);
}

FloatTensor vector_of(const FloatArray& values)
{
    return {Shape{values.size()}, std::vector<float>(values.data(), values.data() + values.size())};
}

void check_size(const std::string& name, std::size_t got, std::size_t allowed)
{
    if (got == allowed) return;
    throw std::invalid_argument(name + ": got " + std::to_string(got) + " elements, allowed " +
                                std::to_string(allowed));
}

void take_vector(const std::string& name, const FloatTensors& tensors, FloatArray& values)
{
    const FloatTensor& tensor = tensors.at(name);
    check_size(name, tensor.values.size(), values.size());
    std::copy(tensor.values.begin(), tensor.values.end(), values.data());
}

}  // namespace

FloatLayer::FloatLayer(std::size_t index, const LayerGeometry& geometry, const FloatOptions& options)
    : index_(index),
      geometry_(geometry),
      options_(options),
      limit_(weight_limit(options)),
      quantized_(options.bits.w == 0 ? 0 : extent(geometry.weights())),
      products_(geometry.kind == Layer::Kind::conv ? make_convolution_layer(geometry, options.batch)
                                                   : make_dense_layer(geometry)),
      sums_(options.batch * extent(geometry.accumulators())),
      errors_(options.batch * extent(geometry.outputs())),
      gradient_(extent(geometry.weights()))
{
    weights_.values = FloatArray(extent(geometry.weights()));
    const bool momentum = options.momentum > 0.0;
    if (momentum) weights_.velocities = FloatArray(extent(geometry.weights()));
    if (geometry.hidden) hidden_.emplace(geometry, options.bits, options.batch_norm, options.batch);
    if (geometry.hidden && options.batch_norm && momentum) {
        scale_velocities_ = FloatArray(extent(geometry.out_c));
        shift_velocities_ = FloatArray(extent(geometry.out_c));
    }
    initialise();
}

/// Eq. 5 in binary64, then float32: weights that are not quantized have no Lmin.
void FloatLayer::initialise()
{
    const int bits = options_.bits.w;
    const numerics::WeightLimits limits = numerics::weight_limits(options_.init, geometry_.fan_in(), bits);
    const double limit = bits == 0 ? limits.l : limits.limit();
    const numerics::Speck32 cipher(
        numerics::stream_key(options_.seed, numerics::RandomDomain::initialisation, 0, index_));
    FloatTensor tensor{geometry_.weight_shape(), std::vector<float>(extent(geometry_.weights()))};
    std::vector<float>& values = tensor.values;
    for_each_part(values.size(), kRun, [&](std::size_t, std::size_t first, std::size_t count) {
        for (std::size_t i = first; i < first + count; ++i) {
            const double word = cipher.word32(static_cast<std::uint32_t>(i));
            const double weight = (2.0 * word + 1.0 - 4294967296.0) / 4294967296.0 * limit;
            values[i] = static_cast<float>(weight);
        }
        if (bits != 0 && options_.init.grid == numerics::WeightGrid::kw) {
            quantize(bits, values.data() + first, count, values.data() + first);
        }
        for (std::size_t i = first; i < first + count; ++i) values[i] = std::clamp(values[i], -limit_, limit_);
    });
    from_contract_order(tensor, weights_.values);
    use_weights();
}

void FloatLayer::use_weights()
{
    if (quantized_.empty()) {
        products_->set_weights(weights_.values.data());
        return;
    }
    for_each_part(quantized_.size(), kRun, [&](std::size_t, std::size_t first, std::size_t count) {
        quantize(options_.bits.w, weights_.values.data() + first, count, quantized_.data() + first);
    });
    products_->set_weights(quantized_.data());
}

void FloatLayer::forward(const float* input, std::size_t samples, bool training)
{
    products_->forward(input, samples, sums_.data());
    if (hidden_) {
        hidden_->forward(sums_.data(), samples, training);
        return;
    }
    const float scale = std::ldexp(1.0F, -geometry_.attenuation);
    for (std::size_t i = 0; i < samples * extent(geometry_.accumulators()); ++i) sums_[i] *= scale;
}

void FloatLayer::backward(const float* input, std::size_t samples, float* previous_errors)
{
    const float* errors = errors_.data();
    if (hidden_) {
        errors = hidden_->backward(sums_.data(), samples, errors_.data());
    } else {
        const std::size_t outputs = samples * extent(geometry_.outputs());
        const float scale = std::ldexp(1.0F, -geometry_.attenuation);
        if (options_.bits.e != 0) {
            const float largest = largest_magnitude(errors_.data(), nullptr, 0, outputs);
            const ErrorRule rule = error_rule(largest, options_.bits.gamma_log2, options_.bits.e, scale);
            quantize_errors(rule, nullptr, 0, outputs, errors_.data());
        } else {
            for (std::size_t i = 0; i < outputs; ++i) errors_[i] *= scale;
        }
    }
    if (previous_errors != nullptr) products_->backward(errors, samples, previous_errors);
    products_->weight_gradient(input, errors, samples, gradient_.data());
}

void FloatLayer::learn(const Sgd& sgd, std::size_t samples)
{
    const double mean = 1.0 / static_cast<double>(samples);
    descend(sgd, gradient_, mean, weights_.values, weights_.velocities, limit_);
    use_weights();
    if (!hidden_ || hidden_->batch_norm() == nullptr) return;
    BatchNorm& norm = *hidden_->batch_norm();
    Sgd without_decay = sgd;
    without_decay.weight_decay = 0.0;
    descend(without_decay, norm.scale_gradient(), mean, norm.scale(), scale_velocities_);
    descend(without_decay, norm.shift_gradient(), mean, norm.shift(), shift_velocities_);
}

FloatTensor FloatLayer::in_contract_order(const FloatArray& kernel_order) const
{
    FloatTensor out{geometry_.weight_shape(), std::vector<float>(kernel_order.size())};
    ref::transpose(kernel_order.data(), extent(geometry_.out_c),
                   extent(geometry_.kernel_h) * extent(geometry_.kernel_w), extent(geometry_.in_c), out.values.data());
    return out;
}

void FloatLayer::from_contract_order(const FloatTensor& tensor, FloatArray& kernel_order) const
{
    ref::transpose(tensor.values.data(), extent(geometry_.out_c), extent(geometry_.in_c),
                   extent(geometry_.kernel_h) * extent(geometry_.kernel_w), kernel_order.data());
}

void FloatLayer::give_tensors(FloatTensors& tensors) const
{
    tensors[tensor_name(index_, "weight_stored")] = in_contract_order(weights_.values);
    if (!weights_.velocities.empty()) {
        tensors[tensor_name(index_, "weight_velocity")] = in_contract_order(weights_.velocities);
    }
    if (!hidden_ || hidden_->batch_norm() == nullptr) return;
    const BatchNorm& norm = *hidden_->batch_norm();
    tensors[tensor_name(index_, "batch_norm_scale")] = vector_of(norm.scale());
    tensors[tensor_name(index_, "batch_norm_shift")] = vector_of(norm.shift());
    tensors[tensor_name(index_, "batch_norm_mean")] = vector_of(norm.running_mean());
    tensors[tensor_name(index_, "batch_norm_variance")] = vector_of(norm.running_variance());
    if (scale_velocities_.empty()) return;
    tensors[tensor_name(index_, "batch_norm_scale_velocity")] = vector_of(scale_velocities_);
    tensors[tensor_name(index_, "batch_norm_shift_velocity")] = vector_of(shift_velocities_);
}

void FloatLayer::take_tensors(const FloatTensors& tensors)
{
    const std::string weight = tensor_name(index_, "weight_stored");
    check_size(weight, tensors.at(weight).values.size(), weights_.values.size());
    from_contract_order(tensors.at(weight), weights_.values);
    use_weights();
    const std::string velocity = tensor_name(index_, "weight_velocity");
    const bool moving = tensors.count(velocity) != 0;
    if (moving && !weights_.velocities.empty()) {
        check_size(velocity, tensors.at(velocity).values.size(), weights_.velocities.size());
        from_contract_order(tensors.at(velocity), weights_.velocities);
    } else {
        std::fill_n(weights_.velocities.data(), weights_.velocities.size(), 0.0F);
    }
    if (!hidden_ || hidden_->batch_norm() == nullptr) return;
    BatchNorm& norm = *hidden_->batch_norm();
    take_vector(tensor_name(index_, "batch_norm_scale"), tensors, norm.scale());
    take_vector(tensor_name(index_, "batch_norm_shift"), tensors, norm.shift());
    take_vector(tensor_name(index_, "batch_norm_mean"), tensors, norm.running_mean());
    take_vector(tensor_name(index_, "batch_norm_variance"), tensors, norm.running_variance());
    if (scale_velocities_.empty()) return;
    if (moving) {
        take_vector(tensor_name(index_, "batch_norm_scale_velocity"), tensors, scale_velocities_);
        take_vector(tensor_name(index_, "batch_norm_shift_velocity"), tensors, shift_velocities_);
    } else {
        std::fill_n(scale_velocities_.data(), scale_velocities_.size(), 0.0F);
        std::fill_n(shift_velocities_.data(), shift_velocities_.size(), 0.0F);
    }
}

}  // namespace wagesim::floating
