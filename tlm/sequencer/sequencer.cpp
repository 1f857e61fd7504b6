// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Dispatching. A command is complete when its unit has returned and taps have seen its results; only then may others
// start that depend on it.
#include "tlm/sequencer/sequencer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "ref/numerics/random_words.hpp"
#include "tlm/common/sanitizer_stack.hpp"

namespace wagesim::chip {
namespace {

constexpr std::uint64_t kPending = std::numeric_limits<std::uint64_t>::max();

/// Units compute inside the dispatcher's call, on its stack: libraries there expect a thread's, not a coroutine's.
constexpr int kStackBytes = 16 << 20;

std::string port_name(std::size_t group)
{
    return "partition_port" + std::to_string(group);
}

}  // namespace

Sequencer::Sequencer(const sc_core::sc_module_name& name, const SequencerConfig& config, std::size_t groups,
                     std::size_t layers, const Clock& clock)
    : sc_module(name),
      gradient_port("gradient_port"),
      quantize_update_port("quantize_update_port"),
      config_(config),
      clock_(clock),
      dispatchers_(groups + 2)
{
    counters_.units.resize(dispatchers_.size());
    counters_.layer_macs.resize(layers);
    counters_.layer_cycles.resize(layers);
    for (std::size_t group = 0; group < groups; ++group) {
        partitions_.push_back(std::make_unique<CommandPort<PartitionCommand>>(port_name(group).c_str()));
    }
    for (UnitId unit = 0; unit < dispatchers_.size(); ++unit) {
        sc_core::sc_spawn_options options;
        options.set_stack_size(kStackBytes);
        sc_core::sc_spawn([this, unit] { dispatch(unit); }, ("dispatch" + std::to_string(unit)).c_str(), &options);
    }
    sc_core::sc_spawn_options options;
    options.set_stack_size(kStackBytes);
    sc_core::sc_spawn([this] { finish(); }, "finish", &options);
}

Sequencer::~Sequencer() = default;

void Sequencer::reset_counters()
{
    counters_.units.assign(counters_.units.size(), UnitCounters{});
    std::fill(counters_.layer_macs.begin(), counters_.layer_macs.end(), 0);
    std::fill(counters_.layer_cycles.begin(), counters_.layer_cycles.end(), 0);
    counters_.macs_forward = counters_.macs_backward = counters_.macs_gradient = 0;
}

std::uint64_t Sequencer::run(const Program& program, const StepContext& context)
{
    if (dead_) throw InvariantError(name(), "a program after one that did not come to its end");
    dead_ = true;
    program_ = &program;
    context_ = context;
    failure_ = nullptr;
    completed_at_.assign(program.commands.size(), kPending);
    started_at_ = clock_.now();
    for (Dispatcher& dispatcher : dispatchers_) {
        dispatcher.queue.clear();
        dispatcher.next = 0;
        dispatcher.served.clear();
    }
    for (CommandIndex i = 0; i < program.commands.size(); ++i) {
        dispatchers_.at(program.commands[i].unit).queue.push_back(i);
    }
    if (context_.observer != nullptr) {
        for (const Observation& observation : program.before) context_.observer->show(observation);
    }
    ++programs_started_;
    for (const Dispatcher& dispatcher : dispatchers_) dispatcher.started->notify(sc_core::SC_ZERO_TIME);
    sc_core::sc_start();
    restore_stack_bounds();
    if (failure_) std::rethrow_exception(failure_);
    if (std::count(completed_at_.begin(), completed_at_.end(), kPending) > 0) {
        throw InvariantError(name(), "nothing left to do, but these commands wait: " + stuck_commands());
    }
    dead_ = false;
    return clock_.now() - started_at_;
}

std::string Sequencer::stuck_commands() const
{
    std::string out;
    for (UnitId unit = 0; unit < dispatchers_.size(); ++unit) {
        const Dispatcher& dispatcher = dispatchers_[unit];
        if (dispatcher.next == dispatcher.queue.size()) continue;
        const CommandIndex index = dispatcher.queue[dispatcher.next];
        out += (out.empty() ? "" : "; ") + std::to_string(index) + " (unit " + std::to_string(unit) + ") for";
        for (const CommandIndex before : program_->commands[index].after) {
            if (completed_at_[before] == kPending) out += " " + std::to_string(before);
        }
    }
    return out;
}

void Sequencer::dispatch(UnitId unit)
{
    // Counted, because the first program may start before this process has come to its first wait.
    for (std::uint64_t served = 0;; ++served) {
        while (programs_started_ == served) sc_core::wait(*dispatchers_[unit].started);
        try {
            serve(unit);
        } catch (const sc_core::sc_unwind_exception&) {
            throw;  // the kernel ends this process
        } catch (...) {
            // The other dispatchers starve, the simulation ends, and run() throws it on.
            if (!failure_) failure_ = std::current_exception();
        }
    }
}

void Sequencer::serve(UnitId unit)
{
    Dispatcher& dispatcher = dispatchers_[unit];
    for (; dispatcher.next < dispatcher.queue.size(); ++dispatcher.next) {
        const CommandIndex index = dispatcher.queue[dispatcher.next];
        const Command& command = program_->commands[index];
        const std::uint64_t ready = await(command);
        const std::uint64_t begin = clock_.now();
        const auto issue_cycles = static_cast<std::uint64_t>(config_.command_cycles);
        if (issue_cycles > 0) sc_core::wait(clock_.time_of(issue_cycles));
        CommandResponse response = issue(command);
        // Before the unit's next command can touch its registers; results that are still on their way are in memory.
        if (context_.observer != nullptr) {
            for (const Observation& observation : command.observations) context_.observer->show(observation);
        }
        const Service service{ready, begin, clock_.now()};
        release(index, service);
        if (response.complete_at <= sc_core::sc_time_stamp()) {
            complete(index, service, response.events);
            continue;
        }
        const auto later = [](const Finishing& x, const Finishing& y) {
            return x.at != y.at ? x.at < y.at : x.index < y.index;
        };
        Finishing finishing{response.complete_at, index, service, std::move(response.events)};
        finishing_.insert(std::upper_bound(finishing_.begin(), finishing_.end(), finishing, later), finishing);
        finishing_changed_.notify(sc_core::SC_ZERO_TIME);
    }
}

void Sequencer::finish()
{
    for (;;) {
        while (finishing_.empty()) sc_core::wait(finishing_changed_);
        const sc_core::sc_time at = finishing_.front().at;
        if (at > sc_core::sc_time_stamp()) {
            sc_core::wait(at - sc_core::sc_time_stamp(), finishing_changed_);
            continue;
        }
        const Finishing done = std::move(finishing_.front());
        finishing_.erase(finishing_.begin());
        try {
            complete(done.index, done.service, done.events);
        } catch (...) {
            if (!failure_) failure_ = std::current_exception();
        }
    }
}

std::uint64_t Sequencer::await(const Command& command)
{
    std::uint64_t ready = started_at_;
    for (const CommandIndex before : command.after) {
        while (completed_at_[before] == kPending) sc_core::wait(completed_);
        ready = std::max(ready, completed_at_[before]);
    }
    return ready;
}

CommandResponse Sequencer::issue(const Command& command)
{
    if (const auto* partition = std::get_if<PartitionCommand>(&command.work)) {
        return partitions_[command.unit]->issue(*partition);
    }
    if (const auto* gradient = std::get_if<GradientCommand>(&command.work)) return gradient_port.issue(*gradient);
    const auto& work = std::get<QuantizeUpdateWork>(command.work);
    return work.of_step ? issue_of_step(work) : quantize_update_port.issue(work.command);
}

CommandResponse Sequencer::issue_of_step(const QuantizeUpdateWork& work)
{
    using Register = QuantizeUpdateRegister;
    const std::uint64_t key =
        numerics::stream_key(context_.seed, numerics::RandomDomain::rounding, context_.step, work.command.layer);
    step_command_ = work.command;
    const auto write = [&](Register address, std::uint32_t value) {
        step_command_.registers.push_back({static_cast<std::uint32_t>(address), value});
    };
    write(Register::eta, static_cast<std::uint32_t>(context_.eta_exponent));
    write(Register::key_0, static_cast<std::uint32_t>(key));
    write(Register::key_1, static_cast<std::uint32_t>(key >> 32U));
    return quantize_update_port.issue(step_command_);
}

std::uint64_t Sequencer::queued(UnitId unit, Phase phase, std::uint64_t ready)
{
    std::uint64_t cycles = 0;
    std::vector<Served>& served = dispatchers_[unit].served;
    for (auto other = served.rbegin(); other != served.rend() && other->end > ready; ++other) {
        std::uint64_t& since = other->queued_since[index_of(direction_of(phase))];
        // A command that was ready as early was behind everything before this one, too.
        if (since <= ready) break;
        cycles += std::clamp(since, other->begin, other->end) - std::max(other->begin, ready);
        since = ready;
    }
    return cycles;
}

void Sequencer::release(CommandIndex index, const Service& service)
{
    const Command& command = program_->commands[index];
    const std::uint64_t busy = service.end - service.begin;
    UnitCounters& unit = counters_.units[command.unit];
    ++unit.commands;
    unit.add_busy(command.phase, busy);
    // A command without dependencies continues its unit's own work: it cannot have waited for the unit.
    if (!command.after.empty()) unit.add_queued(command.phase, queued(command.unit, command.phase, service.ready));
    dispatchers_[command.unit].served.push_back({service.begin, service.end, {kPending, kPending, kPending}});
    counters_.layer_cycles[command.layer] += busy;
}

void Sequencer::complete(CommandIndex index, const Service& service, const std::vector<EventCount>& events)
{
    const Command& command = program_->commands[index];
    const std::uint64_t now = clock_.now();
    completed_at_[index] = now;
    if (context_.events != nullptr) {
        context_.events->record(events, command.phase, command.layer, service.begin, now);
        context_.events->record({{Event::command, 1}}, command.phase, command.layer, service.begin, service.begin);
    }
    if (context_.commands != nullptr) {
        context_.commands->on_command({index, command, service.ready, service.begin, service.end, now, events});
    }
    counters_.layer_macs[command.layer] += command.macs;
    if (command.phase == Phase::backward) {
        counters_.macs_backward += command.macs;
    } else if (command.phase == Phase::gradient) {
        counters_.macs_gradient += command.macs;
    } else {
        counters_.macs_forward += command.macs;
    }
    completed_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace wagesim::chip
