// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The dense layer: three products of whole matrices, samples x inputs, outputs x inputs, samples x outputs.
#include <optional>
#include <utility>
#include <vector>

#include "ref/kernels/direct_gradient.hpp"
#include "ref/kernels/integer_product.hpp"
#include "ref/kernels/team_failure.hpp"
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
          sum_type_(accumulator_for(bounds.acc)),
          error_sum_type_(accumulator_for(bounds.error_out)),
          input_rows_(static_cast<std::size_t>(geometry.in_h)),
          nonnegative_(nonnegative),
          weights_(inputs_ * outputs_)
    {
    }

    void set_weights(const std::int8_t* codes) override { weights_.assign(codes, codes + weights_.size()); }

    void forward(const std::int8_t* input, std::size_t samples, const SumTarget& target) override
    {
        Buffer& sums = kept(target, sum_type_, samples * outputs_);
        integer_product(input_matrix(input, samples), transposed(weight_matrix()), result(sums, samples, outputs_));
        show(target, sums, samples, 1, outputs_);
    }

    void backward(const Buffer& operands, std::size_t samples, const SumTarget& target) override
    {
        Buffer& sums = kept(target, error_sum_type_, samples * inputs_);
        integer_product(error_matrix(operands, samples), weight_matrix(), result(sums, samples, inputs_));
        show(target, sums, samples, input_rows_, inputs_);
    }

    void weight_gradient(const std::int8_t* input, const Buffer& operands, std::size_t samples,
                         Buffer& gradient) override
    {
        if (largest_error_ <= INT8_MAX && DirectGradient::is_exact(largest_input_, largest_error_, largest_gradient_)) {
            direct_gradient().run(input, operands.as<std::int8_t>(), samples, gradient.as<std::int32_t>());
            return;
        }
        integer_product(transposed(error_matrix(operands, samples)), input_matrix(input, samples),
                        result(gradient, outputs_, inputs_));
    }

private:
    /// The gradient of a dense layer is that of a convolution over one pixel.
    [[nodiscard]] DirectGradient& direct_gradient()
    {
        if (!direct_) {
            ConvolutionShape pixel;
            pixel.in_c = inputs_;
            pixel.out_c = outputs_;
            direct_.emplace(pixel, nonnegative_);
        }
        return *direct_;
    }
    /// Where the sums lie as a whole: the target's storage, or ours.
    [[nodiscard]] Buffer& kept(const SumTarget& target, ElementType type, std::size_t size)
    {
        if (target.sums != nullptr) return *target.sums;
        if (sums_.type() != type || sums_.size() < size) sums_ = Buffer(type, size);
        return sums_;
    }
    static void show(const SumTarget& target, const Buffer& sums, std::size_t samples, std::size_t rows,
                     std::size_t sums_of_sample)
    {
        if (target.consumer == nullptr) return;
        const auto* all = static_cast<const std::byte*>(sums.data());
        const std::size_t bytes = sums_of_sample * bytes_of(sums.type());
        TeamFailure failure;
#pragma omp parallel for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            failure.guard([&] { target.consumer->take({n, 0, rows, sums.type(), all + n * bytes}); });
        }
        failure.rethrow();
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
    ElementType sum_type_;
    ElementType error_sum_type_;
    std::size_t input_rows_;
    bool nonnegative_;
    std::vector<std::int8_t> weights_;
    std::optional<DirectGradient> direct_;
    Buffer sums_;  ///< of targets that keep none
};

}  // namespace

std::unique_ptr<WeightLayer> make_dense_layer(const LayerGeometry& geometry, const LayerBounds& bounds,
                                              const Widths& widths, bool nonnegative)
{
    return std::make_unique<DenseLayer>(geometry, bounds, widths, nonnegative);
}

}  // namespace wagesim::ref
