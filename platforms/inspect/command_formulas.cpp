// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/modules/gradient_array.md and quantize_update.md; partitions have a file of their own.
#include "platforms/inspect/command_formulas.hpp"

#include <cstdint>

#include "ref/quantize_update/registers.hpp"

namespace wagesim::inspect {
namespace {

using chip::Event;

/// The array is as square as a power of two allows.
struct ArrayExtents {
    std::uint64_t rows = 0, columns = 1;
};

ArrayExtents array_extents(const chip::GradientArrayConfig& config)
{
    const auto macs = static_cast<std::uint64_t>(config.macs_per_cycle);
    ArrayExtents out;
    while (4 * out.columns * out.columns <= macs) out.columns *= 2;
    out.rows = macs / out.columns;
    return out;
}

Formula extent_of(const char* name, std::int64_t value)
{
    return {name, static_cast<std::uint64_t>(value)};
}

Formula run_cycles(const chip::QuantizeUpdateBurst& burst, int lanes)
{
    const Formula count("elements", burst.count);
    const Formula lane_count = extent_of("lanes", lanes);
    const Formula beats = ceil_quotient(count, lane_count);
    switch (burst.mode) {
        case QuantizeUpdateMode::input: return beats + Formula(2);
        case QuantizeUpdateMode::activation:
        case QuantizeUpdateMode::error:
        case QuantizeUpdateMode::requantize: return beats + Formula(4);
        case QuantizeUpdateMode::abs_max:
        case QuantizeUpdateMode::gradient_abs_max:
            return beats + Formula(2) + ceil_quotient(ceil_log2(lane_count), Formula(2));
        case QuantizeUpdateMode::update: return beats + Formula(13);
        case QuantizeUpdateMode::output_error: return count + Formula(6);
    }
    return Formula(0);
}

Event event_of(QuantizeUpdateMode mode)
{
    switch (mode) {
        case QuantizeUpdateMode::abs_max:
        case QuantizeUpdateMode::gradient_abs_max: return Event::maximum;
        case QuantizeUpdateMode::output_error: return Event::output_error;
        case QuantizeUpdateMode::update: return Event::update;
        default: return Event::quantize;
    }
}

}  // namespace

CommandFormulas gradient_formulas(const chip::GradientCommand& command, const chip::Mapping& mapping)
{
    const chip::LayerPlan& plan = mapping.layers().at(command.layer);
    const LayerGeometry& g = plan.geometry;
    const ArrayExtents array = array_extents(mapping.config().gradient);
    const Formula positions = Formula("samples", command.samples) * extent_of("places", g.positions());
    const Formula bytes = ceil_quotient(extent_of("operand_bits", plan.operand_bits), Formula(8));
    const Formula tiles = ceil_quotient(extent_of("fan_in", g.fan_in()), Formula("array_rows", array.rows)) *
                          ceil_quotient(extent_of("outputs", g.out_c), Formula("array_columns", array.columns));
    const Formula macs = Formula("samples", command.samples) * extent_of("macs", g.macs());
    CommandFormulas out{tiles * positions * bytes, Formula(0), {{Event::gradient_mac, macs * bytes}}};
    if (mapping.config().gradient.accumulate == chip::GradientAccumulate::image) {
        const Formula found = Formula("samples", command.samples) - Formula("first", command.first ? 1 : 0);
        out.events.emplace_back(Event::spill_add, found * extent_of("weights", g.weights()));
    }
    return out;
}

CommandFormulas quantize_formulas(const chip::QuantizeUpdateWork& work, const chip::Mapping& mapping)
{
    using Register = QuantizeUpdateRegister;
    const auto& burst = work.command.burst;
    std::uint64_t writes = work.command.registers.size() + (burst ? 1 : 0);
    std::uint64_t exponents = 0;
    std::uint64_t keys = 0;
    for (const chip::RegisterWrite& write : work.command.registers) {
        if (write.address == static_cast<std::uint32_t>(Register::key_1)) ++keys;
        if (write.address == static_cast<std::uint32_t>(Register::control) && (write.value & 2U) != 0) ++exponents;
    }
    if (work.of_step) {  // ETA, KEY_0, KEY_1
        writes += 3;
        ++keys;
    }
    const Formula written("writes", writes);
    CommandFormulas out{Formula(0), written, {{Event::register_write, written}}};
    if (exponents > 0) out.registers = out.registers + Formula("exponents", exponents);
    if (keys > 0) out.registers = out.registers + Formula("keys", keys) * Formula("round_keys", 22);
    if (burst && burst->count > 0) out.compute = run_cycles(*burst, mapping.config().quantize_update.lanes);
    if (burst) out.events.emplace_back(event_of(burst->mode), Formula("elements", burst->count));
    return out;
}

CommandFormulas formulas_of(const chip::Command& command, const chip::Mapping& mapping)
{
    if (const auto* const partition = std::get_if<chip::PartitionCommand>(&command.work)) {
        return partition_formulas(*partition, command.unit, command.layer, mapping);
    }
    if (const auto* const gradient = std::get_if<chip::GradientCommand>(&command.work)) {
        return gradient_formulas(*gradient, mapping);
    }
    return quantize_formulas(std::get<chip::QuantizeUpdateWork>(command.work), mapping);
}

}  // namespace wagesim::inspect
