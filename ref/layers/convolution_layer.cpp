// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The convolution layer: geometry and bounds handed to the kernels.
#include "ref/kernels/convolution.hpp"
#include "ref/layers/weight_layer.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::ref {
namespace {

ConvolutionShape shape_of(const LayerGeometry& g)
{
    ConvolutionShape s;
    s.in_h = static_cast<std::size_t>(g.in_h);
    s.in_w = static_cast<std::size_t>(g.in_w);
    s.in_c = static_cast<std::size_t>(g.in_c);
    s.out_h = static_cast<std::size_t>(g.acc_h);
    s.out_w = static_cast<std::size_t>(g.acc_w);
    s.out_c = static_cast<std::size_t>(g.out_c);
    s.kernel_h = static_cast<std::size_t>(g.kernel_h);
    s.kernel_w = static_cast<std::size_t>(g.kernel_w);
    s.stride = static_cast<std::size_t>(g.stride);
    s.pad = static_cast<std::size_t>(g.pad);
    return s;
}

ConvolutionBounds bounds_of(const LayerBounds& bounds, const Widths& widths, bool nonnegative)
{
    ConvolutionBounds out;
    out.input = numerics::max_code(widths.a);
    out.input_nonnegative = nonnegative;
    out.weight = numerics::max_code(widths.w);
    out.error = bounds.error_mac;
    out.sum = bounds.acc;
    out.error_sum = bounds.error_out;
    out.gradient = bounds.gradient;
    return out;
}

class ConvolutionLayer final : public WeightLayer {
public:
    ConvolutionLayer(const LayerGeometry& geometry, const LayerBounds& bounds, const Widths& widths, bool nonnegative)
        : convolution_(shape_of(geometry), bounds_of(bounds, widths, nonnegative))
    {
    }

    void set_weights(const std::int8_t* codes) override { convolution_.set_weights(codes); }

    void forward(const std::int8_t* input, std::size_t samples, const SumTarget& target) override
    {
        convolution_.forward(input, samples, target);
    }

    void backward(const Buffer& operands, std::size_t samples, const SumTarget& target) override
    {
        convolution_.backward(operands, samples, target);
    }

    void weight_gradient(const std::int8_t* input, const Buffer& operands, std::size_t samples,
                         Buffer& gradient) override
    {
        convolution_.weight_gradient(input, operands, samples, gradient);
    }

private:
    Convolution convolution_;
};

}  // namespace

std::unique_ptr<WeightLayer> make_convolution_layer(const LayerGeometry& geometry, const LayerBounds& bounds,
                                                    const Widths& widths, bool nonnegative)
{
    return std::make_unique<ConvolutionLayer>(geometry, bounds, widths, nonnegative);
}

}  // namespace wagesim::ref
