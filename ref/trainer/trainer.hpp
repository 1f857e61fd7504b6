// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The reference trainer: one step of WAGE in exact integers (docs/numerics.md sections 3 to 7). It is the standard that
// the chip model is held against; it knows no files, no YAML and no chip.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ref/communicator/communicator.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/network/loss.hpp"
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
    std::size_t batch = 128;  ///< largest batch that train_step will be given, by all ranks together
    Loss loss = Loss::sse;
};

struct StepResult {
    double loss = 0.0;        ///< sum over the batch of all ranks, section 6
    std::size_t correct = 0;  ///< predictions of all ranks that equal their label
};

class Trainer {
public:
    /// Initial weights from the seed (section 4). Throws std::invalid_argument, std::overflow_error (see make_bounds).
    Trainer(const Network& network, const TrainerOptions& options);
    /// One of the communicator's ranks, which train one network on the shares of a batch (share.hpp). Every rank's
    /// weights are those that a single process would have. Keeps a reference.
    Trainer(const Network& network, const TrainerOptions& options, Communicator& communicator);
    ~Trainer();
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    [[nodiscard]] const std::vector<LayerGeometry>& geometry() const noexcept;

    /// Forward, backward, update. Labels are below the last layer's units (the caller checked). `sink`, if any,
    /// receives the tensors it wants, in the layout of section 2. Of several ranks, each is given its own share of the
    /// batch, which may be empty; tensors that have samples are of these, all others of the whole batch.
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
