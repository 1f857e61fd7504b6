// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One weight layer of a float companion with everything that it keeps: weights and velocities, products, output passes,
// and the tensors of the batch in work. The order of layers is the trainer's.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "ref/floating/float_array.hpp"
#include "ref/floating/float_options.hpp"
#include "ref/floating/hidden_output.hpp"
#include "ref/floating/sgd.hpp"
#include "ref/floating/weight_layer.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/float_tensors.hpp"

namespace wagesim::floating {

class FloatLayer {
public:
    /// Initial weights of layer `index` from the seed (Eq. 5).
    FloatLayer(std::size_t index, const LayerGeometry& geometry, const FloatOptions& options);

    /// Of a hidden layer to output(), of the last one to scores().
    void forward(const float* input, std::size_t samples, bool training);
    [[nodiscard]] const float* output() const { return hidden_->outputs(); }
    /// The last layer's outputs, multiplied by 1 / alpha.
    [[nodiscard]] const float* scores() const { return sums_.data(); }
    /// Errors of the outputs: the next layer's backward writes them, or the loss.
    [[nodiscard]] float* errors() { return errors_.data(); }

    /// From errors() to the layer before, where `previous_errors` is not null, and the gradient.
    void backward(const float* input, std::size_t samples, float* previous_errors);
    /// The step that the last backward's gradient asks for.
    void learn(const Sgd& sgd, std::size_t samples);

    /// Adds this layer's entries of weight_extents, and of velocity_extents where there is momentum.
    void give_tensors(FloatTensors& tensors) const;
    /// Takes them; velocities that are missing become 0. Throws std::invalid_argument for another size.
    void take_tensors(const FloatTensors& tensors);

private:
    struct Parameter {
        FloatArray values;
        FloatArray velocities;  ///< empty without momentum
    };

    void initialise();
    void use_weights();
    [[nodiscard]] FloatTensor in_contract_order(const FloatArray& kernel_order) const;
    void from_contract_order(const FloatTensor& tensor, FloatArray& kernel_order) const;

    std::size_t index_;
    LayerGeometry geometry_;
    FloatOptions options_;
    float limit_;           ///< of stored weights
    Parameter weights_;     ///< o, kh, kw, i
    FloatArray quantized_;  ///< empty where weights are used as they are
    std::unique_ptr<WeightLayer> products_;
    std::optional<HiddenOutput> hidden_;
    FloatArray scale_velocities_, shift_velocities_;  ///< of batch normalization
    FloatArray sums_, errors_, gradient_;
};

}  // namespace wagesim::floating
