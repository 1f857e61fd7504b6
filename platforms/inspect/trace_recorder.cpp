// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/inspect/trace_recorder.hpp"

#include "platforms/inspect/power_recorder.hpp"
#include "tlm/mapping/command_kind.hpp"

namespace wagesim::inspect {
void TraceRecorder::begin_program(chip::ProgramKind kind, const chip::Program& /*program*/, std::uint64_t cycle)
{
    training_ = kind == chip::ProgramKind::training;
    tracing_ = training_ && next_step_ >= range_.first && next_step_ < range_.end;
    if (!tracing_) return;
    begun_ = cycle;
    for (auto& memory : traffic_) {
        for (chip::PowerProfile& direction : memory) direction.begin(cycle);
    }
}

void TraceRecorder::on_command(const chip::CompletedCommand& completed)
{
    if (!tracing_) return;
    const chip::Command& command = completed.command;
    TracedCommand traced;
    traced.step = next_step_;
    traced.index = completed.index;
    traced.unit = command.unit;
    traced.layer = command.layer;
    traced.phase = command.phase;
    traced.kind = chip::kind_of(command);
    traced.samples = chip::samples_of(command);
    traced.elements = chip::elements_of(command);
    traced.macs = command.macs;
    traced.after = command.after;
    traced.ready = relative(completed.ready);
    traced.begin = relative(completed.begin);
    traced.end = relative(completed.end);
    traced.complete = relative(completed.complete);
    for (const chip::EventCount& each : completed.events) {
        traced.energy += chip::Attojoules{technology_.event_aj[chip::index_of(each.event)]} *
                         static_cast<chip::Attojoules>(each.count);
    }
    commands_.push_back(std::move(traced));
}

void TraceRecorder::on_burst(const chip::UnitBurst& burst)
{
    if (!tracing_) return;
    const std::size_t memory = burst.region.address >= chip::kDramBase ? 1 : 0;
    traffic_[memory][burst.is_read ? 0 : 1].add(static_cast<chip::Attojoules>(burst.region.bytes()), burst.start,
                                                burst.ready);
}

void TraceRecorder::end_program(std::uint64_t cycles, const chip::PowerProfile& profile)
{
    if (tracing_) {
        TracedStep step{next_step_, end_, cycles, coarsened(profile, kMostWindows), {}};
        for (std::size_t memory = 0; memory < traffic_.size(); ++memory) {
            for (std::size_t direction = 0; direction < traffic_[memory].size(); ++direction) {
                step.traffic[memory][direction] = coarsened(traffic_[memory][direction], kMostWindows);
            }
        }
        steps_.push_back(std::move(step));
        end_ += cycles;
    }
    if (training_) ++next_step_;
    const bool last = tracing_ && next_step_ == range_.end;
    tracing_ = training_ = false;
    if (last) complete_();
}

}  // namespace wagesim::inspect
