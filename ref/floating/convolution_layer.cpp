// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The convolution layer: oneDNN's float32 primitives, each for one part of a batch and one thread.
#include <algorithm>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>
#include <vector>

#include "ref/floating/onednn_part.hpp"
#include "ref/floating/parts.hpp"
#include "ref/floating/sum_of_parts.hpp"
#include "ref/floating/weight_layer.hpp"

namespace wagesim::floating {
namespace {

using Format = dnnl::memory::format_tag;
using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;

constexpr auto kFloat = dnnl::memory::data_type::f32;
constexpr auto kDirect = dnnl::algorithm::convolution_direct;
// Gradients of all parts of a batch are held at once; a layer with many weights gets fewer parts.
constexpr std::size_t kMostGradientBytes = std::size_t{256} << 20U;

/// Weights in the order that a primitive wants.
struct OrderedWeights {
    dnnl::memory memory;
    dnnl::reorder reorder;
    bool current = false;
};

class ConvolutionLayer final : public WeightLayer {
public:
    ConvolutionLayer(const LayerGeometry& geometry, std::size_t batch)
        : geometry_(geometry),
          part_(samples_of_a_part(batch)),
          gradient_part_(samples_of_a_gradient(batch)),
          plain_weights_(Desc(weight_dims(), kFloat, Format::ohwi), engine_, nullptr),
          plain_gradient_(Desc(weight_dims(), kFloat, Format::ohwi), engine_, nullptr)
    {
        // The orders of weights are those that full parts want; shorter ones get the same.
        {
            const SingleThreaded one;
            forward_weights_.memory = {forward_primitive(part_, any_weights()).weights_desc(), engine_};
            backward_weights_.memory = {backward_primitive(part_, any_weights()).weights_desc(), engine_};
            gradient_order_ = gradient_primitive(gradient_part_, any_weights()).diff_weights_desc();
        }
        forward_weights_.reorder = {plain_weights_, forward_weights_.memory};
        backward_weights_.reorder = {plain_weights_, backward_weights_.memory};
        gradient_sum_ = dnnl::memory(gradient_order_, engine_);
        reorder_gradient_ = dnnl::reorder(gradient_sum_, plain_gradient_);
    }

    void set_weights(const float* weights) override
    {
        plain_weights_.set_data_handle(writable(weights));
        forward_weights_.current = backward_weights_.current = false;
    }

    void forward(const float* input, std::size_t samples, float* sums) override
    {
        refresh(forward_weights_);
        prepare(samples, part_, forward_parts_, [&](std::size_t count) {
            const auto primitive = forward_primitive(count, forward_weights_.memory.get_desc());
            return OnednnPart(engine_, dnnl::convolution_forward(primitive), primitive.scratchpad_desc(),
                              {{DNNL_ARG_SRC, {primitive.src_desc(), engine_, nullptr}},
                               {DNNL_ARG_WEIGHTS, forward_weights_.memory},
                               {DNNL_ARG_DST, {primitive.dst_desc(), engine_, nullptr}}});
        });
        for_each_part(samples, part_, [&](std::size_t index, std::size_t first, std::size_t count) {
            forward_parts_.at({index, count})
                .run({{DNNL_ARG_SRC, input + first * inputs()}, {DNNL_ARG_DST, sums + first * outputs()}});
        });
    }

    void backward(const float* errors, std::size_t samples, float* input_errors) override
    {
        refresh(backward_weights_);
        prepare(samples, part_, backward_parts_, [&](std::size_t count) {
            const auto primitive = backward_primitive(count, backward_weights_.memory.get_desc());
            return OnednnPart(engine_, dnnl::convolution_backward_data(primitive), primitive.scratchpad_desc(),
                              {{DNNL_ARG_DIFF_DST, {primitive.diff_dst_desc(), engine_, nullptr}},
                               {DNNL_ARG_WEIGHTS, backward_weights_.memory},
                               {DNNL_ARG_DIFF_SRC, {primitive.diff_src_desc(), engine_, nullptr}}});
        });
        for_each_part(samples, part_, [&](std::size_t index, std::size_t first, std::size_t count) {
            backward_parts_.at({index, count})
                .run({{DNNL_ARG_DIFF_DST, errors + first * outputs()},
                      {DNNL_ARG_DIFF_SRC, input_errors + first * inputs()}});
        });
    }

    void weight_gradient(const float* input, const float* errors, std::size_t samples, float* gradient) override
    {
        prepare(samples, gradient_part_, gradient_parts_, [&](std::size_t count) {
            const auto primitive = gradient_primitive(count, gradient_order_);
            return OnednnPart(engine_, dnnl::convolution_backward_weights(primitive), primitive.scratchpad_desc(),
                              {{DNNL_ARG_SRC, {primitive.src_desc(), engine_, nullptr}},
                               {DNNL_ARG_DIFF_DST, {primitive.diff_dst_desc(), engine_, nullptr}},
                               {DNNL_ARG_DIFF_WEIGHTS, {primitive.diff_weights_desc(), engine_, nullptr}}});
        });
        const std::size_t parts = number_of_parts(samples, gradient_part_);
        const std::size_t size = gradient_order_.get_size() / sizeof(float);
        while (gradients_.size() < parts) gradients_.emplace_back(size);
        for_each_part(samples, gradient_part_, [&](std::size_t index, std::size_t first, std::size_t count) {
            gradient_parts_.at({index, count})
                .run({{DNNL_ARG_SRC, input + first * inputs()},
                      {DNNL_ARG_DIFF_DST, errors + first * outputs()},
                      {DNNL_ARG_DIFF_WEIGHTS, gradients_[index].data()}});
        });
        sum_of_parts(gradients_, parts, static_cast<float*>(gradient_sum_.get_data_handle()));
        plain_gradient_.set_data_handle(gradient);
        reorder_gradient_.execute(stream_, gradient_sum_, plain_gradient_);
        stream_.wait();
    }

private:
    /// By the part's place in the batch, since parts run side by side, and its number of samples.
    using PreparedParts = std::map<std::pair<std::size_t, std::size_t>, OnednnPart>;

    [[nodiscard]] std::size_t inputs() const { return static_cast<std::size_t>(geometry_.inputs()); }
    [[nodiscard]] std::size_t outputs() const { return static_cast<std::size_t>(geometry_.accumulators()); }
    [[nodiscard]] std::size_t samples_of_a_gradient(std::size_t batch) const
    {
        const std::size_t bytes = static_cast<std::size_t>(geometry_.weights()) * sizeof(float);
        const std::size_t parts = std::clamp<std::size_t>(kMostGradientBytes / bytes, 1, kMostParts);
        return number_of_parts(batch, parts);
    }

    [[nodiscard]] Dims weight_dims() const
    {
        return {geometry_.out_c, geometry_.in_c, geometry_.kernel_h, geometry_.kernel_w};
    }
    [[nodiscard]] Desc any_weights() const { return {weight_dims(), kFloat, Format::any}; }
    [[nodiscard]] Desc input(std::size_t samples) const
    {
        return {{static_cast<dnnl::memory::dim>(samples), geometry_.in_c, geometry_.in_h, geometry_.in_w},
                kFloat,
                Format::nhwc};
    }
    [[nodiscard]] Desc sums(std::size_t samples) const
    {
        return {{static_cast<dnnl::memory::dim>(samples), geometry_.out_c, geometry_.acc_h, geometry_.acc_w},
                kFloat,
                Format::nhwc};
    }
    [[nodiscard]] Dims strides() const { return {geometry_.stride, geometry_.stride}; }
    [[nodiscard]] Dims padding() const { return {geometry_.pad, geometry_.pad}; }

    [[nodiscard]] dnnl::convolution_forward::primitive_desc forward_primitive(std::size_t samples,
                                                                              const Desc& weights) const
    {
        return {{dnnl::prop_kind::forward_training, kDirect, input(samples), weights, sums(samples), strides(),
                 padding(), padding()},
                with_scratchpad(),
                engine_};
    }
    [[nodiscard]] dnnl::convolution_backward_data::primitive_desc backward_primitive(std::size_t samples,
                                                                                     const Desc& weights) const
    {
        return {{kDirect, input(samples), weights, sums(samples), strides(), padding(), padding()},
                with_scratchpad(),
                engine_,
                forward_primitive(samples, any_weights())};
    }
    [[nodiscard]] dnnl::convolution_backward_weights::primitive_desc gradient_primitive(std::size_t samples,
                                                                                        const Desc& weights) const
    {
        return {{kDirect, input(samples), weights, sums(samples), strides(), padding(), padding()},
                with_scratchpad(),
                engine_,
                forward_primitive(samples, any_weights())};
    }

    void refresh(OrderedWeights& weights)
    {
        if (weights.current) return;
        weights.reorder.execute(stream_, plain_weights_, weights.memory);
        stream_.wait();
        weights.current = true;
    }

    /// Makes what is missing for batches of `samples`; nothing in any later step.
    template <class Make>
    void prepare(std::size_t samples, std::size_t part, PreparedParts& parts, Make&& make) const
    {
        const SingleThreaded one;
        for (std::size_t index = 0; index < number_of_parts(samples, part); ++index) {
            const std::size_t count = std::min(part, samples - index * part);
            if (parts.count({index, count}) == 0) parts.emplace(std::make_pair(index, count), make(count));
        }
    }

    LayerGeometry geometry_;
    std::size_t part_;
    std::size_t gradient_part_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    dnnl::memory plain_weights_;
    dnnl::memory plain_gradient_;
    OrderedWeights forward_weights_;
    OrderedWeights backward_weights_;
    Desc gradient_order_;
    dnnl::memory gradient_sum_;
    dnnl::reorder reorder_gradient_;
    std::vector<FloatArray> gradients_;
    PreparedParts forward_parts_;
    PreparedParts backward_parts_;
    PreparedParts gradient_parts_;
};

}  // namespace

std::unique_ptr<WeightLayer> make_convolution_layer(const LayerGeometry& geometry, std::size_t batch)
{
    return std::make_unique<ConvolutionLayer>(geometry, batch);
}

}  // namespace wagesim::floating
