// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Notes what a chip does in some of its training steps: every command, and power and traffic in windows of cycles. How
// a file is made of it is trace_json.hpp's business.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlm/chip/run_listener.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::inspect {

/// Training steps `first` to before `end`.
struct StepRange {
    std::uint64_t first = 0;
    std::uint64_t end = 1;
};

/// Cycles of a trace count from the beginning of its first step; steps follow each other without gaps.
struct TracedCommand {
    std::uint64_t step = 0;
    chip::CommandIndex index = 0;
    chip::UnitId unit = 0;
    std::uint32_t layer = 0;
    chip::Phase phase = chip::Phase::forward;
    std::string_view kind;
    std::optional<chip::SampleRange> samples;
    std::uint64_t elements = 0;
    std::uint64_t macs = 0;
    std::vector<chip::CommandIndex> after;
    std::uint64_t ready = 0, begin = 0, end = 0;
    std::uint64_t complete = 0;   ///< results in memory
    chip::Attojoules energy = 0;  ///< of the unit's events, not of memory
};

/// Amounts in windows of equal length; the last one ends with the step.
struct Windows {
    std::uint64_t cycles = 0;
    std::vector<chip::Attojoules> amounts;
};

struct TracedStep {
    std::uint64_t step = 0;
    std::uint64_t begin = 0;
    std::uint64_t cycles = 0;
    Windows energy;  ///< dynamic, attojoules
    /// Bytes; [memory: 0 buffer, 1 DRAM][0 read, 1 written].
    std::array<std::array<Windows, 2>, 2> traffic;
};

class TraceRecorder final : public chip::RunListener {
public:
    /// Windows that a step has at most.
    static constexpr std::size_t kMostWindows = 2048;

    /// `complete` is called once, when the last step of the range has ended.
    TraceRecorder(StepRange range, const chip::Technology& technology, std::function<void()> complete)
        : range_(range), technology_(technology), complete_(std::move(complete))
    {
    }

    void begin_program(chip::ProgramKind kind, const chip::Program& program, std::uint64_t cycle) override;
    void on_command(const chip::CompletedCommand& completed) override;
    void on_burst(const chip::UnitBurst& burst) override;
    void end_program(std::uint64_t cycles, const chip::PowerProfile& profile) override;

    [[nodiscard]] const std::vector<TracedCommand>& commands() const noexcept { return commands_; }
    [[nodiscard]] const std::vector<TracedStep>& steps() const noexcept { return steps_; }

private:
    [[nodiscard]] std::uint64_t relative(std::uint64_t cycle) const { return cycle - begun_ + end_; }

    StepRange range_;
    chip::Technology technology_;
    std::function<void()> complete_;
    std::uint64_t next_step_ = 0;  ///< training steps that have begun
    bool tracing_ = false;         ///< the program that runs is traced
    bool training_ = false;
    std::uint64_t begun_ = 0;  ///< cycle of the simulation
    std::uint64_t end_ = 0;    ///< of the steps traced so far
    /// Spreads bytes as power is spread.
    std::array<std::array<chip::PowerProfile, 2>, 2> traffic_;
    std::vector<TracedCommand> commands_;
    std::vector<TracedStep> steps_;
};

}  // namespace wagesim::inspect
