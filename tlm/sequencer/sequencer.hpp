// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs programs: one dispatching process for each unit issues that unit's commands in program order, each when the
// commands that it depends on are complete, and shows taps what is complete. Makes no program and computes nothing.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/command_extension.hpp"
#include "tlm/common/statistics.hpp"
#include "tlm/energy/event_recorder.hpp"
#include "tlm/mapping/program.hpp"
#include "tlm/sequencer/command_listener.hpp"
#include "tlm/sequencer/observer.hpp"
#include "tlm/sequencer/sequencer_config.hpp"

namespace wagesim::chip {

/// What differs from step to step.
struct StepContext {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;
    int eta_exponent = 0;
    Observer* observer = nullptr;         ///< nullptr: nobody looks
    EventRecorder* events = nullptr;      ///< nullptr: nobody counts
    CommandListener* commands = nullptr;  ///< nullptr: nobody is told
};

/// What a program's commands did, added up over programs until it is reset.
struct SequencerCounters {
    std::vector<UnitCounters> units;  ///< commands and busy cycles; queued: cycles with a ready command, unit busy
    std::vector<std::uint64_t> layer_macs, layer_cycles;
    std::uint64_t macs_forward = 0, macs_backward = 0, macs_gradient = 0;
};

class Sequencer : public sc_core::sc_module {
public:
    /// `groups` partition groups, then the gradient array, then quantize/update; `layers` for the counters.
    Sequencer(const sc_core::sc_module_name& name, const SequencerConfig& config, std::size_t groups,
              std::size_t layers, const Clock& clock);
    ~Sequencer() override;

    /// For binding, by the Chip.
    [[nodiscard]] CommandPort<PartitionCommand>& partition_port(std::size_t group) { return *partitions_.at(group); }
    CommandPort<GradientCommand> gradient_port;
    CommandPort<QuantizeUpdateCommand> quantize_update_port;

    /// Runs the program to its end, from outside the simulation; returns its cycles. Throws InvariantError naming the
    /// commands that nothing can start any more, and whatever a unit threw. After an exception commands are stuck half
    /// served, so that every further call throws.
    std::uint64_t run(const Program& program, const StepContext& context);

    [[nodiscard]] const SequencerCounters& counters() const noexcept { return counters_; }
    void reset_counters();

private:
    struct Served {
        std::uint64_t begin, end;
        /// By direction: since when one of the commands behind this one was ready; kPending: none was.
        std::array<std::uint64_t, kDirectionNames.size()> queued_since;
    };
    struct Dispatcher {
        /// One each, so that units start in their own order and not in that in which they ended the program before: who
        /// is served first among those that ask at the same time follows from it.
        std::unique_ptr<sc_core::sc_event> started = std::make_unique<sc_core::sc_event>();
        std::vector<CommandIndex> queue;  ///< of the running program
        std::size_t next = 0;
        std::vector<Served> served;  ///< in cycles
    };

    /// When a command could have been served, and when its unit was busy with it; cycles.
    struct Service {
        std::uint64_t ready = 0, begin = 0, end = 0;
    };
    /// A command whose results are still on their way.
    struct Finishing {
        sc_core::sc_time at;
        CommandIndex index = 0;
        Service service;
        std::vector<EventCount> events;
    };

    void dispatch(UnitId unit);
    void serve(UnitId unit);
    /// Completes commands whose units have gone on before their results were in memory.
    void finish();
    /// Waits for what a command depends on; returns when that was there, in cycles.
    std::uint64_t await(const Command& command);
    [[nodiscard]] CommandResponse issue(const Command& command);
    [[nodiscard]] CommandResponse issue_of_step(const QuantizeUpdateWork& work);
    /// The unit is free again: what it was busy with is counted.
    void release(CommandIndex index, const Service& service);
    /// The results are there: taps see them, and others may start that depend on them.
    void complete(CommandIndex index, const Service& service, const std::vector<EventCount>& events);
    /// Cycles from `ready` on in which the unit served others, less those that the phase's direction has counted.
    std::uint64_t queued(UnitId unit, Phase phase, std::uint64_t ready);
    [[nodiscard]] std::string stuck_commands() const;

    SequencerConfig config_;
    Clock clock_;
    std::vector<std::unique_ptr<CommandPort<PartitionCommand>>> partitions_;
    std::vector<Dispatcher> dispatchers_;
    sc_core::sc_event completed_;
    std::vector<Finishing> finishing_;  ///< in the order in which they will be complete
    sc_core::sc_event finishing_changed_;

    std::uint64_t programs_started_ = 0;
    const Program* program_ = nullptr;
    StepContext context_;
    std::vector<std::uint64_t> completed_at_;  ///< cycle, or kPending
    std::uint64_t started_at_ = 0;
    std::exception_ptr failure_;
    bool dead_ = false;  ///< a program runs, or an exception ended one
    SequencerCounters counters_;
    QuantizeUpdateCommand step_command_;  ///< the command being issued with its step's registers
};

}  // namespace wagesim::chip
