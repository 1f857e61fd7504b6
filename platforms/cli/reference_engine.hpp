// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The reference trainer as an Engine.
#pragma once

#include "platforms/cli/engine.hpp"
#include "platforms/cli/session.hpp"
#include "ref/tensor/tensor_view.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::cli {

[[nodiscard]] ref::TrainerOptions trainer_options(const config::RunConfig& config);

/// n_g of every layer as the trainer has them now.
[[nodiscard]] StoredWeights stored_weights_of(const ref::Trainer& trainer);
void load_weights_into(ref::Trainer& trainer, const StoredWeights& weights);

/// What training starts from: --weights, else the seed.
[[nodiscard]] StoredWeights initial_weights(const Session& session);

class ReferenceEngine final : public Engine {
public:
    /// One of the session's ranks: train_step takes this rank's share of a batch, and its outcome is of all of it.
    /// `sink`, if any, is not owned and receives every step's tensors.
    explicit ReferenceEngine(const Session& session, TensorSink* sink = nullptr);

    Outcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent) override;
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& images) override;
    [[nodiscard]] StoredWeights stored_weights() const override;
    void load_weights(const StoredWeights& weights) override;

private:
    Ranks ranks_;
    ref::Trainer trainer_;
    TensorSink* sink_;
};

}  // namespace wagesim::cli
