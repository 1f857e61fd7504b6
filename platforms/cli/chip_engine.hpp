// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The simulated chip alone as an Engine. It holds nothing against the reference: that is verify_engine.hpp.
#pragma once

#include <optional>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/engine.hpp"
#include "platforms/cli/session.hpp"
#include "platforms/verify/chip_dump.hpp"
#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/fault_injector.hpp"
#include "platforms/verify/tap_list.hpp"

namespace wagesim::cli {

class ChipEngine final : public Engine {
public:
    /// `sink`, if any, is not owned and receives every step's tensors. Throws UsageError, ConfigError.
    explicit ChipEngine(const Session& session, TensorSink* sink = nullptr);

    /// Throws VerificationFailed where the units of a lockstep disagree or the chip refuses the fault of --inject.
    Outcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent) override;
    /// Throws VerificationFailed where the fault was never reached.
    void end_training() override;
    [[nodiscard]] std::vector<std::uint16_t> predict(const BatchView& images) override;
    [[nodiscard]] StoredWeights stored_weights() const override;
    void load_weights(const StoredWeights& weights) override;
    [[nodiscard]] Counters counters() const override;
    void restore_counters(const Counters& counters) override;
    [[nodiscard]] StateArrays state() const override { return chip_state(*built_.chip); }
    void restore_state(const StateArrays& state) override { restore_chip_state(*built_.chip, state); }

    [[nodiscard]] const chip::Chip& chip() const noexcept { return *built_.chip; }
    /// What --wave records with; null without.
    [[nodiscard]] verify::WaveRecorder* waves() const noexcept { return built_.extras.waves.get(); }
    [[nodiscard]] chip::Chip& chip() noexcept { return *built_.chip; }

private:
    template <class Work>
    auto guarded(Work&& work);

    verify::ContractTensors contract_;
    BuiltChip built_;
    verify::TapList observers_;
    std::optional<verify::ChipDump> dump_;
    std::optional<verify::Fault> fault_;
    std::optional<verify::FaultInjector> injector_;
};

/// The fault of --inject; nothing without it. Throws UsageError for one that the run never reaches.
[[nodiscard]] std::optional<verify::Fault> requested_fault(const Session& session,
                                                           const verify::ContractTensors& contract);

[[nodiscard]] verify::ContractTensors contract_tensors(const Session& session);
/// n_g of every layer as the chip's memory holds them.
[[nodiscard]] StoredWeights stored_weights_of(const chip::Chip& chip);

}  // namespace wagesim::cli
