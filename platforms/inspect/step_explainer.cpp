// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Of a booking only its length is taken, never its place: a formula that is wrong shows in the sum.
#include "platforms/inspect/step_explainer.hpp"

#include <algorithm>
#include <utility>

#include "tlm/common/clock.hpp"
#include "tlm/interconnect/topology.hpp"
#include "tlm/mapping/command_kind.hpp"

namespace wagesim::inspect {
namespace {

using Bursts = std::vector<chip::UnitBurst>;

std::uint64_t length_of(const chip::UnitBurst& burst)
{
    return burst.ready - burst.booked;
}

/// max(reads, compute) + writes, beyond compute.
std::uint64_t memory_cycles(const Bursts& bursts, std::uint64_t compute)
{
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    for (const chip::UnitBurst& burst : bursts) {
        std::uint64_t& longest = burst.is_read ? reads : writes;
        longest = std::max(longest, length_of(burst));
    }
    return std::max(reads, compute) - compute + writes;
}

/// Tiles one after the other, the sums of one on their way out while the next is computed.
std::uint64_t gradient_memory_cycles(const Bursts& bursts, std::uint64_t compute)
{
    std::uint64_t tiles = 0;
    for (const chip::UnitBurst& burst : bursts) tiles += burst.is_read ? 1 : 0;
    tiles /= 2;  // inputs and operands
    if (tiles == 0) return 0;
    std::uint64_t now = 0;
    std::uint64_t sent = 0;
    for (std::size_t i = 0; i + 1 < bursts.size(); i += 2) {
        now += std::max({compute / tiles, length_of(bursts[i]), length_of(bursts[i + 1])});
        if (i + 2 == bursts.size() || bursts[i + 2].is_read) continue;
        now = std::max(now, sent);
        sent = now + length_of(bursts[i + 2]);
        ++i;
    }
    return std::max(now, sent) - compute;
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

void StepExplainer::on_command(const chip::CompletedCommand& completed)
{
    if (!explaining_) return;
    const chip::Command& command = completed.command;
    CommandFormulas formulas = formulas_of(command, mapping_);
    Bursts& bursts = pending_.at(command.unit);
    const std::uint64_t compute = formulas.compute.value();
    const bool gradient = std::holds_alternative<chip::GradientCommand>(command.work);
    ExplainedWork& work = work_like(command, std::move(formulas));
    ++work.commands;
    work.memory_cycles += gradient ? gradient_memory_cycles(bursts, compute) : memory_cycles(bursts, compute);
    for (const chip::UnitBurst& burst : bursts) work.bytes_read += burst.is_read ? burst.region.bytes() : 0;
    bursts.clear();
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
