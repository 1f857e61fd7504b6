// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reference and chip side by side as an Engine. What is compared is decided in platforms/verify.
#pragma once

#include <optional>

#include "platforms/cli/chip_engine.hpp"
#include "platforms/cli/engine.hpp"
#include "platforms/verify/verified_run.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::cli {

class VerifyEngine final : public Engine {
public:
    /// `sink`, if any, is not owned and receives the chip's tensors. Throws UsageError, ConfigError.
    explicit VerifyEngine(const Session& session, TensorSink* sink = nullptr);

    /// The outcome is the reference's. Throws VerificationFailed.
    Outcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent) override;
    void end_training() override;
    [[nodiscard]] bool stopped() const override;
    /// The reference's; the chip's are compared with them.
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& images) override;
    [[nodiscard]] StoredWeights stored_weights() const override;
    void load_weights(const StoredWeights& weights) override;
    [[nodiscard]] Counters counters() const override;
    void restore_counters(const Counters& counters) override;
    [[nodiscard]] StateArrays state() const override { return chip_state(*built_.chip); }
    void restore_state(const StateArrays& state) override { restore_chip_state(*built_.chip, state); }

    /// Training steps, final weights and evaluations together.
    [[nodiscard]] verify::ComparisonResult result() const;
    [[nodiscard]] const chip::Chip& chip() const noexcept { return *built_.chip; }
    /// What --wave records with; null without.
    [[nodiscard]] verify::WaveRecorder* waves() const noexcept { return built_.extras.waves.get(); }

private:
    template <class Work>
    auto guarded(Work&& work);

    verify::ContractTensors contract_;
    BuiltChip built_;
    ref::Trainer reference_;
    verify::VerifiedRunOptions options_;
    std::optional<verify::VerifiedRun> run_;
    verify::ComparisonResult beside_;  ///< predictions of evaluations, and what earlier sessions of the run compared
    std::uint64_t last_step_ = 0;
};

}  // namespace wagesim::cli
