// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Of a booking only its length is taken, never its place: a formula that is wrong shows in the sum.
#include "platforms/inspect/step_explainer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "tlm/common/clock.hpp"
#include "tlm/gradient_array/gradient_timing.hpp"
#include "tlm/interconnect/topology.hpp"
#include "tlm/mapping/command_kind.hpp"

namespace wagesim::inspect {
namespace {

using Bursts = std::vector<chip::UnitBurst>;

std::uint64_t length_of(const chip::UnitBurst& burst)
{
    return burst.ready - burst.booked;
}

std::uint64_t longest(const Bursts& bursts, bool reads)
{
    std::uint64_t out = 0;
    for (const chip::UnitBurst& burst : bursts) {
        if (burst.is_read == reads) out = std::max(out, length_of(burst));
    }
    return out;
}

/// What reads add to `compute`: vectors go through as their inputs arrive, the first waits for its own, the last comes
/// after all; other commands compute while they read.
std::uint64_t reading_cycles(std::uint64_t reads, const CommandFormulas& formulas)
{
    const std::uint64_t compute = formulas.compute.value();
    if (formulas.vectors == 0) return std::max(reads, compute) - compute;
    const std::uint64_t vectors = formulas.vectors * formulas.vector_cycles;
    return std::max(chip::ceil_divide(reads, formulas.vectors) + vectors, reads + formulas.vector_cycles) - vectors;
}

std::uint64_t memory_cycles(const Bursts& bursts, const CommandFormulas& formulas)
{
    return reading_cycles(longest(bursts, true), formulas) + longest(bursts, false);
}

/// Tiles, or images, one after the other, the sums of one on their way out while the next is computed. `parts` of them.
std::uint64_t gradient_memory_cycles(const Bursts& bursts, std::uint64_t compute, std::uint64_t parts, bool by_image)
{
    std::uint64_t now = 0;
    std::uint64_t sent = 0;
    for (std::size_t i = 0; i < bursts.size();) {
        constexpr std::size_t kReadsOfATile = 2;  // inputs and operands
        const std::size_t first = i;
        std::uint64_t reads = 0;
        while (i < bursts.size() && bursts[i].is_read && (by_image || i - first < kReadsOfATile)) {
            reads = std::max(reads, length_of(bursts[i++]));
        }
        now += std::max(compute / parts, reads);
        std::uint64_t writes = 0;
        for (; i < bursts.size() && !bursts[i].is_read; ++i) writes = std::max(writes, length_of(bursts[i]));
        if (writes == 0) continue;
        now = std::max(now, sent);
        sent = now + writes;
    }
    return std::max(now, sent) - compute;
}

/// Of a unit that posts its results: it is free when the last of them has been booked, which may have had to wait for
/// room.
std::optional<std::uint64_t> last_booked(const Bursts& bursts)
{
    std::optional<std::uint64_t> out;
    for (const chip::UnitBurst& burst : bursts) {
        if (!burst.is_read) out = std::max(out.value_or(0), burst.booked);
    }
    return out;
}

std::string key_of(const ExplainedWork& work)
{
    std::string key = std::to_string(work.unit) + " " + std::to_string(work.layer) + " " + work.kind;
    key += "|" + work.formulas.compute.names() + "|" + work.formulas.compute.numbers();
    key += "|" + work.formulas.registers.numbers();
    for (const auto& [event, formula] : work.formulas.events) key += "|" + formula.names() + "=" + formula.numbers();
    return key;
}

}  // namespace

StepExplainer::StepExplainer(const chip::Mapping& mapping) : mapping_(mapping)
{
    const std::size_t units = mapping.unit_names().size();
    const chip::Topology topology = chip::make_topology(mapping.config().interconnect.kind, units, 2);
    ways_.resize(units);
    pending_.resize(units);
    for (std::size_t unit = 0; unit < units; ++unit) {
        for (std::size_t memory = 0; memory < 2; ++memory) {
            const chip::Route& route = topology.routes[unit][memory];
            ways_[unit][memory] = {route.links.size(), route.routers};
        }
    }
}

void StepExplainer::begin_program(chip::ProgramKind kind, const chip::Program& /*program*/, std::uint64_t /*cycle*/)
{
    explaining_ = kind == chip::ProgramKind::training && !complete_;
}

ExplainedWork& StepExplainer::work_like(const chip::Command& command, CommandFormulas formulas)
{
    ExplainedWork work{command.unit, command.layer, std::string(chip::kind_of(command)), std::move(formulas), 0, 0, 0};
    const auto [place, is_new] = alike_.emplace(key_of(work), work_.size());
    if (is_new) work_.push_back(std::move(work));
    return work_[place->second];
}

std::uint64_t StepExplainer::memory_of(const chip::CompletedCommand& completed, const CommandFormulas& formulas,
                                       const std::vector<chip::UnitBurst>& bursts) const
{
    const chip::ChipConfig& config = mapping_.config();
    const auto booked = last_booked(bursts);
    if (config.schedule == chip::Schedule::pipelined && booked) {
        return *booked - completed.begin - static_cast<std::uint64_t>(config.sequencer.command_cycles) -
               formulas.registers.value() - formulas.compute.value();
    }
    const auto* const gradient = std::get_if<chip::GradientCommand>(&completed.command.work);
    if (gradient == nullptr) return memory_cycles(bursts, formulas);
    const bool by_image = config.gradient.accumulate == chip::GradientAccumulate::image;
    const LayerGeometry& g = mapping_.layers().at(gradient->layer).geometry;
    const std::uint64_t parts = by_image ? gradient->samples : chip::GradientTiling(config.gradient).passes(g);
    return gradient_memory_cycles(bursts, formulas.compute.value(), parts, by_image);
}

void StepExplainer::on_command(const chip::CompletedCommand& completed)
{
    if (!explaining_) return;
    const chip::Command& command = completed.command;
    CommandFormulas formulas = formulas_of(command, mapping_);
    // A unit that posts its results may have begun the next command.
    Bursts& pending = pending_.at(command.unit);
    const auto of_next = std::find_if(pending.begin(), pending.end(),
                                      [&](const chip::UnitBurst& burst) { return burst.booked > completed.end; });
    const Bursts bursts(pending.begin(), of_next);
    pending.erase(pending.begin(), of_next);
    const std::uint64_t memory = memory_of(completed, formulas, bursts);
    ExplainedWork& work = work_like(command, std::move(formulas));
    ++work.commands;
    work.memory_cycles += memory;
    for (const chip::UnitBurst& burst : bursts) {
        const bool operand = burst.is_read && burst.purpose.traffic != chip::TrafficClass::gradients;
        work.operand_bytes += operand ? burst.region.bytes() : 0;
    }
}

void StepExplainer::on_burst(const chip::UnitBurst& burst)
{
    if (!explaining_) return;
    pending_.at(burst.unit).push_back(burst);
    const std::size_t memory = burst.region.address >= chip::kDramBase ? 1 : 0;
    const auto& config = mapping_.config();
    const auto width =
        static_cast<std::uint64_t>(memory == 1 ? config.dram.bytes_per_cycle : config.buffer.bytes_per_cycle);
    const Way& way = ways_[burst.unit][memory];
    const std::uint64_t bytes = burst.region.bytes();
    constexpr std::uint64_t kBitsPerByte = 8;
    ExplainedBursts& to = bursts_[memory][chip::index_of(burst.purpose.traffic)][burst.is_read ? 0 : 1];
    ++to.bursts;
    to.bytes += bytes;
    to.port_cycles += chip::ceil_divide(bytes, width);
    to.link_bits += kBitsPerByte * bytes * way.links;
    to.router_bits += kBitsPerByte * bytes * way.routers;
}

void StepExplainer::end_program(std::uint64_t /*cycles*/, const chip::PowerProfile& /*profile*/)
{
    if (explaining_) complete_ = true;
    explaining_ = false;
}

}  // namespace wagesim::inspect
