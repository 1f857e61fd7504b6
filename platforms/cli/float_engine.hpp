// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The trainer of float companions as an Engine.
#pragma once

#include "platforms/cli/engine.hpp"
#include "platforms/cli/session.hpp"
#include "ref/floating/float_trainer.hpp"

namespace wagesim::cli {

[[nodiscard]] floating::FloatOptions float_options(const config::RunConfig& config);

class FloatEngine final : public Engine {
public:
    /// Keeps a reference to the session's configuration, whose widths are not all integers.
    explicit FloatEngine(const Session& session);

    /// The learning rate is that of the step's epoch; `eta_exponent` is not asked.
    Outcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent) override;
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& images) override;
    /// None: everything is in float_tensors().
    [[nodiscard]] StoredWeights stored_weights() const override { return {}; }
    void load_weights(const StoredWeights& weights) override;
    [[nodiscard]] FloatTensors float_tensors() const override;
    void load_float_tensors(const FloatTensors& tensors) override;

private:
    const config::TrainingConfig& training_;
    std::uint64_t steps_per_epoch_;
    floating::FloatTrainer trainer_;
};

}  // namespace wagesim::cli
