// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The dense layer: three products of whole matrices by oneDNN's sgemm, each cut along an axis of its result, so that
// every sum is made by one thread.
#include <oneapi/dnnl/dnnl.h>

#include <stdexcept>

#include "ref/floating/parts.hpp"
#include "ref/floating/weight_layer.hpp"

namespace wagesim::floating {
namespace {

// Rows or columns of a result that one thread makes: wide enough for the library's tiles.
constexpr std::size_t kOutputsOfAPart = 32;
constexpr std::size_t kInputsOfAPart = 128;

dnnl_dim_t dim(std::size_t n)
{
    return static_cast<dnnl_dim_t>(n);
}

/// c = op(a) op(b), row-major; op is the transposition where asked for. m x n from k products.
void product(bool transpose_a, bool transpose_b, std::size_t m, std::size_t n, std::size_t k, const float* a,
             std::size_t stride_a, const float* b, std::size_t stride_b, float* c, std::size_t stride_c)
{
    const dnnl_status_t status = dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', dim(m), dim(n), dim(k),
                                            1.0F, a, dim(stride_a), b, dim(stride_b), 0.0F, c, dim(stride_c));
    if (status != dnnl_success) throw std::runtime_error("dense layer: oneDNN refused a product");
}

class DenseLayer final : public WeightLayer {
public:
    explicit DenseLayer(const LayerGeometry& geometry)
        : inputs_(static_cast<std::size_t>(geometry.inputs())), outputs_(static_cast<std::size_t>(geometry.out_c))
    {
    }

    void set_weights(const float* weights) override { weights_ = weights; }

    void forward(const float* input, std::size_t samples, float* sums) override
    {
        for_each_part(outputs_, kOutputsOfAPart, [&](std::size_t, std::size_t first, std::size_t count) {
            product(false, true, samples, count, inputs_, input, inputs_, weights_ + first * inputs_, inputs_,
                    sums + first, outputs_);
        });
    }

    void backward(const float* errors, std::size_t samples, float* input_errors) override
    {
        for_each_part(inputs_, kInputsOfAPart, [&](std::size_t, std::size_t first, std::size_t count) {
            product(false, false, samples, count, outputs_, errors, outputs_, weights_ + first, inputs_,
                    input_errors + first, inputs_);
        });
    }

    void weight_gradient(const float* input, const float* errors, std::size_t samples, float* gradient) override
    {
        for_each_part(outputs_, kOutputsOfAPart, [&](std::size_t, std::size_t first, std::size_t count) {
            product(true, false, count, inputs_, samples, errors + first, outputs_, input, inputs_,
                    gradient + first * inputs_, inputs_);
        });
    }

private:
    std::size_t inputs_;
    std::size_t outputs_;
    const float* weights_ = nullptr;
};

}  // namespace

std::unique_ptr<WeightLayer> make_dense_layer(const LayerGeometry& geometry)
{
    return std::make_unique<DenseLayer>(geometry);
}

}  // namespace wagesim::floating
