// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tile by tile: max(reads, compute) each; a tile's sums leave while the next one is computed
// (docs/modules/gradient_array.md).
#include "tlm/gradient_array/gradient_array.hpp"

#include <algorithm>
#include <utility>

#include "tlm/common/command_extension.hpp"
#include "tlm/common/occupied.hpp"

namespace wagesim::chip {

GradientArray::GradientArray(const sc_core::sc_module_name& name, GradientEngine engine,
                             const GradientArrayConfig& config, std::uint32_t initiator, const Clock& clock,
                             BurstData data)
    : sc_module(name),
      commands("commands"),
      memory("memory", initiator),
      engine_(std::move(engine)),
      tiling_(config),
      clock_(clock),
      data_(data)
{
    commands.register_b_transport(this, &GradientArray::b_transport);
}

std::string GradientArray::fault_of(const GradientCommand& command) const
{
    if (busy_) return "a command while another is served";
    const bool one_tile = tiling_.passes(engine_.layer(command.layer).geometry) == 1;
    // The array holds one tile's sums: a layer of several tiles has to see all samples for each.
    if (!one_tile && !(command.first && command.last)) return "part of the batch for a layer of several tiles";
    return {};
}

void GradientArray::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    auto* const extension = receive_command<GradientCommand>(payload);
    if (extension == nullptr) return;
    extension->error = fault_of(*extension->command);
    if (!extension->error.empty()) {
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return;
    }
    const Occupied occupied(busy_);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    const std::uint64_t begin = clock_.now();
    extension->events = execute(*extension->command);
    ++counters_.commands;
    counters_.add_busy(Phase::gradient, clock_.now() - begin);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

std::vector<EventCount> GradientArray::execute(const GradientCommand& command)
{
    const GradientLayer& layer = engine_.layer(command.layer);
    const BurstPurpose activations{TrafficClass::activations, Phase::gradient, command.layer};
    const BurstPurpose errors{TrafficClass::errors, Phase::gradient, command.layer};
    const BurstPurpose gradients{TrafficClass::gradients, Phase::gradient, command.layer};
    // A tile's operands are a slice of every sample; as many bytes are booked in one burst, so that the slices of all
    // tiles cover the tensor.
    const auto part = [&](const MemoryRegion& tensor, std::uint64_t first, std::uint64_t count) {
        return MemoryRegion{tensor.address + first * bytes_of(tensor.type), tensor.type, count};
    };
    const std::byte* inputs = nullptr;
    const std::byte* operands = nullptr;
    std::byte* sums = nullptr;
    sc_core::sc_time sent_at;
    std::uint64_t sent = 0;
    const auto queued = [&](const sc_core::sc_time& waited) {
        counters_.add_queued(Phase::gradient, clock_.cycles_in(waited));
    };
    std::uint64_t operand_bytes = 0;
    for (const GradientTile& tile : tiling_.tiles(layer.geometry)) {
        const std::uint64_t begin = clock_.now();
        const ReadLease codes = memory.read(
            part(command.inputs, command.samples * tile.inputs_first, command.samples * tile.inputs), activations);
        const ReadLease error = memory.read(
            part(command.operands, command.samples * tile.operands_first, command.samples * tile.operands), errors);
        queued(codes.waited);
        queued(error.waited);
        operand_bytes += codes.region.bytes() + error.region.bytes();
        if (inputs == nullptr) {
            inputs = codes.data;
            operands = error.data;
        }
        const std::uint64_t cycles = gradient_tile_cycles(layer.geometry, command.samples, layer.operand_bits);
        wait_until(std::max({codes.ready_at, error.ready_at, clock_.time_of(begin + cycles)}));
        if (!command.last) continue;
        wait_until(sent_at);  // one tile's sums are on their way out at a time
        const WriteLease results = memory.write(part(command.gradients, sent, tile.weights), gradients);
        queued(results.waited);
        if (sums == nullptr) sums = results.data;
        sent_at = results.ready_at;
        sent += tile.weights;
    }
    if (data_ == BurstData::carried) {
        engine_.accumulate(command, reinterpret_cast<const std::int8_t*>(inputs), operands, sums);
    }
    wait_until(sent_at);
    const std::uint64_t macs = command.samples * static_cast<std::uint64_t>(layer.geometry.macs());
    return {{Event::gradient_mac, macs * ceil_divide(static_cast<std::uint64_t>(layer.operand_bits), 8U)},
            {Event::gradient_operand_byte, operand_bytes}};
}

}  // namespace wagesim::chip
