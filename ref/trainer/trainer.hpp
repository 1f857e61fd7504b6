// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The reference trainer: one step of WAGE in exact integers (docs/numerics.md sections 3 to 7). It is the standard that
// the chip model is held against; it knows no files, no YAML and no chip.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/network/network.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/tensor/batch_view.hpp"
#include "ref/tensor/tensor.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim::ref {

struct TrainerOptions {
    Widths widths;
    WeightClip weight_clip = WeightClip::kg;
    int gamma_log2 = 0;  ///< 0..8
    std::uint64_t seed = 1;
    InputRange range = InputRange::unit;
    std::size_t batch = 128;  ///< largest batch that train_step will be given
};

struct StepResult {
    double loss = 0.0;        ///< sum over the batch, section 6
    std::size_t correct = 0;  ///< predictions that equal their label
};

class Trainer {
public:
    /// Initial weights from the seed (section 4). Throws std::invalid_argument, std::overflow_error (see make_bounds).
    Trainer(const Network& network, const TrainerOptions& options);
    ~Trainer();
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    [[nodiscard]] const std::vector<LayerGeometry>& geometry() const noexcept;

    /// Forward, backward, update. Labels are below the last layer's units (the caller checked). `sink`, if any,
    /// receives the tensors it wants, in the layout of section 2.
    StepResult train_step(const BatchView& batch, std::uint64_t step, int eta_exponent, TensorSink* sink = nullptr);

    /// Predicted class of each image, any number of them.
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& batch);

    /// n_g of a layer, in its weight_shape().
    [[nodiscard]] const Tensor<std::int16_t>& stored_weights(std::size_t layer) const;
    /// Replaces n_g. Throws std::invalid_argument for another size or values outside +-Nw.
    void set_stored_weights(std::size_t layer, const Tensor<std::int16_t>& weights);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace wagesim::ref
