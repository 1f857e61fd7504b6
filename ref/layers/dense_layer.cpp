// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The dense layer: three products of whole matrices, samples x inputs, outputs x inputs, samples x outputs.
#include <optional>
#include <utility>
#include <vector>

#include "ref/kernels/direct_gradient.hpp"
#include "ref/kernels/integer_product.hpp"
#include "ref/layers/weight_layer.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::ref {
namespace {

ConstMatrix transposed(ConstMatrix matrix)
{
    std::swap(matrix.rows, matrix.columns);
    matrix.transposed = !matrix.transposed;
    return matrix;
}

class DenseLayer final : public WeightLayer {
public:
    DenseLayer(const LayerGeometry& geometry, const LayerBounds& bounds, const Widths& widths, bool nonnegative)
        : inputs_(static_cast<std::size_t>(geometry.inputs())),
          outputs_(static_cast<std::size_t>(geometry.out_c)),
          largest_input_(numerics::max_code(widths.a)),
          largest_weight_(numerics::max_code(widths.w)),
          largest_error_(bounds.error_mac),
          largest_gradient_(bounds.gradient),
          nonnegative_(nonnegative),
          weights_(inputs_ * outputs_)
    {
    }

    void set_weights(const std::int8_t* codes) override { weights_.assign(codes, codes + weights_.size()); }

    void forward(const std::int8_t* input, std::size_t samples, Buffer& sums) override
    {
        integer_product(input_matrix(input, samples), transposed(weight_matrix()), result(sums, samples, outputs_));
    }

    void backward(const Buffer& operands, std::size_t samples, Buffer& sums) override
    {
        integer_product(error_matrix(operands, samples), weight_matrix(), result(sums, samples, inputs_));
    }

    void weight_gradient(const std::int8_t* input, const Buffer& operands, std::size_t samples,
                         Buffer& gradient) override
    {
        if (DirectGradient::is_exact(row_of_samples(samples), largest_error_, largest_gradient_)) {
            direct_gradient(samples).run(input, operands.as<std::int8_t>(), 1, gradient.as<std::int32_t>());
            return;
        }
        integer_product(transposed(error_matrix(operands, samples)), input_matrix(input, samples),
                        result(gradient, outputs_, inputs_));
    }

private:
    /// The gradient of a dense layer is that of a 1 x 1 convolution over one image whose pixels are the samples.
    [[nodiscard]] ConvolutionShape row_of_samples(std::size_t samples) const
    {
        ConvolutionShape shape;
        shape.in_w = shape.out_w = samples;
        shape.in_c = inputs_;
        shape.out_c = outputs_;
        return shape;
    }
    [[nodiscard]] DirectGradient& direct_gradient(std::size_t samples)
    {
        if (!direct_ || direct_samples_ != samples) {
            direct_.emplace(row_of_samples(samples), nonnegative_);
            direct_samples_ = samples;
        }
        return *direct_;
    }
    [[nodiscard]] ConstMatrix input_matrix(const std::int8_t* input, std::size_t samples) const
    {
        return {input, ElementType::int8, samples, inputs_, inputs_, false, largest_input_, nonnegative_};
    }
    [[nodiscard]] ConstMatrix weight_matrix() const
    {
        return {weights_.data(), ElementType::int8, outputs_, inputs_, inputs_, false, largest_weight_, false};
    }
    [[nodiscard]] ConstMatrix error_matrix(const Buffer& operands, std::size_t samples) const
    {
        return {operands.data(), operands.type(), samples, outputs_, outputs_, false, largest_error_, false};
    }
    [[nodiscard]] static MutableMatrix result(Buffer& sums, std::size_t rows, std::size_t columns)
    {
        return {sums.data(), sums.type(), rows, columns, columns};
    }

    std::size_t inputs_;
    std::size_t outputs_;
    std::int64_t largest_input_;
    std::int64_t largest_weight_;
    std::int64_t largest_error_;
    std::int64_t largest_gradient_;
    bool nonnegative_;
    std::vector<std::int8_t> weights_;
    std::optional<DirectGradient> direct_;
    std::size_t direct_samples_ = 0;
};

}  // namespace

std::unique_ptr<WeightLayer> make_dense_layer(const LayerGeometry& geometry, const LayerBounds& bounds,
                                              const Widths& widths, bool nonnegative)
{
    return std::make_unique<DenseLayer>(geometry, bounds, widths, nonnegative);
}

}  // namespace wagesim::ref
