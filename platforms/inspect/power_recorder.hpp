// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Power over the cycles of one training step, the first that it is told of, and power.json of it (docs/energy.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platforms/inspect/trace_recorder.hpp"

namespace wagesim::inspect {

/// Neighbouring windows added until there are `most` of them or fewer.
[[nodiscard]] Windows coarsened(const chip::PowerProfile& profile, std::size_t most);

class PowerRecorder final : public chip::RunListener {
public:
    static constexpr std::size_t kMostWindows = 512;

    void begin_program(chip::ProgramKind kind, const chip::Program& program, std::uint64_t cycle) override;
    void on_command(const chip::CompletedCommand& /*completed*/) override {}
    void on_burst(const chip::UnitBurst& /*burst*/) override {}
    void end_program(std::uint64_t cycles, const chip::PowerProfile& profile) override;

    [[nodiscard]] bool complete() const noexcept { return cycles_.has_value(); }
    /// {clock_ghz, cycles, window_cycles, leakage_w, dynamic_w: [...]}; the last window ends with the step.
    [[nodiscard]] std::string json(double clock_ghz, chip::Attojoules leakage_a_cycle) const;

private:
    bool listening_ = false;
    std::optional<std::uint64_t> cycles_;
    Windows energy_;
};

}  // namespace wagesim::inspect
