// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The trainer of the float companions (28ff, 28f8, vanilla): one step of stochastic gradient descent in float32. It is
// what the paper compares its integers with, and no part of the contract. Its results are the same bits for any number
// of threads, and on machines for which oneDNN chooses the same instruction set. Knows no files, no YAML and no chip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ref/floating/float_options.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/batch_view.hpp"
#include "ref/tensor/float_tensors.hpp"

namespace wagesim::floating {

struct StepResult {
    double loss = 0.0;        ///< sum over the batch, without weight decay
    std::size_t correct = 0;  ///< predictions that equal their label
};

class FloatTrainer {
public:
    /// Initial weights from the seed. Throws std::invalid_argument for options out of range.
    FloatTrainer(const std::vector<LayerGeometry>& geometry, const FloatOptions& options);
    ~FloatTrainer();
    FloatTrainer(const FloatTrainer&) = delete;
    FloatTrainer& operator=(const FloatTrainer&) = delete;

    /// Forward, backward, update by the mean of the samples' gradients. Labels are below the last layer's units (the
    /// caller checked).
    StepResult train_step(const BatchView& batch, double learning_rate);

    /// Predicted class of each image, any number of them.
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& batch);

    /// Everything that weight_extents names, and velocity_extents where there is momentum.
    [[nodiscard]] FloatTensors tensors() const;
    /// Goes on from there; velocities that are missing become 0. Throws std::invalid_argument or std::out_of_range for
    /// what is not this network's.
    void set_tensors(const FloatTensors& tensors);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace wagesim::floating
