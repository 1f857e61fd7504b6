// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Evaluates the formulas of every command of one training step, the first that it is told of, and takes from the
// bursts' bookings what no formula says: how long memory made a command wait. What is printed of it is
// explanation_text.hpp's.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platforms/inspect/command_formulas.hpp"
#include "tlm/chip/run_listener.hpp"

namespace wagesim::inspect {

/// Commands of one unit and layer that are alike.
struct ExplainedWork {
    chip::UnitId unit = 0;
    std::uint32_t layer = 0;
    std::string kind;
    CommandFormulas formulas;  ///< of each
    std::uint64_t commands = 0;
    std::uint64_t memory_cycles = 0;  ///< of all: reads longer than compute, and writes
    std::uint64_t operand_bytes = 0;  ///< of all
};

/// Bursts of one stream and direction to one memory.
struct ExplainedBursts {
    std::uint64_t bursts = 0, bytes = 0;
    std::uint64_t port_cycles = 0;  ///< sum of ceil(bytes / bytes_per_cycle)
    std::uint64_t link_bits = 0, router_bits = 0;
};

class StepExplainer final : public chip::RunListener {
public:
    /// Keeps a reference.
    explicit StepExplainer(const chip::Mapping& mapping);

    void begin_program(chip::ProgramKind kind, const chip::Program& program, std::uint64_t cycle) override;
    void on_command(const chip::CompletedCommand& completed) override;
    void on_burst(const chip::UnitBurst& burst) override;
    void end_program(std::uint64_t cycles, const chip::PowerProfile& profile) override;

    [[nodiscard]] bool complete() const noexcept { return complete_; }
    /// In the order in which the first command of each was complete.
    [[nodiscard]] const std::vector<ExplainedWork>& work() const noexcept { return work_; }
    /// [memory: 0 buffer, 1 DRAM][stream][0 read, 1 written].
    using MemoryWork = std::array<std::array<ExplainedBursts, 2>, chip::kTrafficClassNames.size()>;
    [[nodiscard]] const std::array<MemoryWork, 2>& bursts() const noexcept { return bursts_; }

private:
    /// Links and routers between a unit and a memory.
    struct Way {
        std::uint64_t links = 0, routers = 0;
    };

    ExplainedWork& work_like(const chip::Command& command, CommandFormulas formulas);
    /// What a command's bursts, in the order of booking, add to its own cycles.
    [[nodiscard]] std::uint64_t memory_of(const chip::CompletedCommand& completed, const CommandFormulas& formulas,
                                          const std::vector<chip::UnitBurst>& bursts) const;

    const chip::Mapping& mapping_;
    std::vector<std::array<Way, 2>> ways_;  ///< by unit
    bool explaining_ = false;
    bool complete_ = false;
    std::vector<std::vector<chip::UnitBurst>> pending_;  ///< by unit: of the command that it serves
    std::vector<ExplainedWork> work_;
    std::map<std::string, std::size_t> alike_;
    std::array<MemoryWork, 2> bursts_{};
};

}  // namespace wagesim::inspect
