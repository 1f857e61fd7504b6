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
#include "tlm/common/repeated_bursts.hpp"

namespace wagesim::chip {
namespace {

MemoryRegion part_of(const MemoryRegion& tensor, std::uint64_t first, std::uint64_t count)
{
    return {tensor.address + first * bytes_of(tensor.type), tensor.type, count};
}

struct Purposes {
    explicit Purposes(std::uint32_t layer)
        : activations{TrafficClass::activations, Phase::gradient, layer},
          errors{TrafficClass::errors, Phase::gradient, layer},
          gradients{TrafficClass::gradients, Phase::gradient, layer}
    {
    }
    BurstPurpose activations, errors, gradients;
};

/// 8 x 8 bits each: wider operands take as many as they have bytes.
std::uint64_t multiplications(const GradientCommand& command, const GradientLayer& layer)
{
    return command.samples * static_cast<std::uint64_t>(layer.geometry.macs()) *
           ceil_divide(static_cast<std::uint64_t>(layer.operand_bits), 8U);
}

}  // namespace

GradientArray::GradientArray(const sc_core::sc_module_name& name, GradientEngine engine,
                             const GradientArrayConfig& config, std::uint32_t initiator, const Clock& clock,
                             const UnitMode& mode)
    : sc_module(name),
      commands("commands"),
      memory("memory", initiator),
      engine_(std::move(engine)),
      tiling_(config),
      accumulate_(config.accumulate),
      clock_(clock),
      mode_(mode),
      results_(mode.delivery)
{
    commands.register_b_transport(this, &GradientArray::b_transport);
}

std::string GradientArray::fault_of(const GradientCommand& command) const
{
    if (busy_) return "a command while another is served";
    const bool one_tile = tiling_.passes(engine_.layer(command.layer).geometry) == 1;
    // The array holds one tile's sums: a layer of several tiles has to see all samples for each, or to spill them.
    const bool whole = command.first && command.last;
    if (!one_tile && !whole && accumulate_ != GradientAccumulate::image) {
        return "part of the batch for a layer of several tiles";
    }
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
    const GradientCommand& command = *extension->command;
    extension->events = accumulate_ == GradientAccumulate::image ? execute_by_image(command) : execute(command);
    extension->complete_at = results_.complete_at();
    ++counters_.commands;
    counters_.add_busy(Phase::gradient, clock_.now() - begin);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

ReadLease GradientArray::read(const MemoryRegion& region, const BurstPurpose& purpose)
{
    ReadLease lease = memory.read(region, purpose);
    counters_.add_queued(Phase::gradient, clock_.cycles_in(lease.waited));
    return lease;
}

WriteLease GradientArray::write(const MemoryRegion& region, const BurstPurpose& purpose)
{
    WriteLease lease = memory.write(region, purpose);
    counters_.add_queued(Phase::gradient, clock_.cycles_in(lease.waited));
    return lease;
}

ReadLease GradientArray::read_again(const MemoryRegion& tensor, std::uint64_t count, const BurstPurpose& purpose)
{
    return book_again(tensor, count, [&](const MemoryRegion& region) { return read(region, purpose); });
}

std::vector<EventCount> GradientArray::execute(const GradientCommand& command)
{
    const GradientLayer& layer = engine_.layer(command.layer);
    const Purposes purposes(command.layer);
    // A tile's operands are a slice of every sample; as many bytes are booked in one burst, so that the slices of all
    // tiles cover the tensor.
    const std::byte* inputs = nullptr;
    const std::byte* operands = nullptr;
    GradientEngine::Results results;
    sc_core::sc_time sent_at;
    std::uint64_t sent = 0;
    std::uint64_t operand_bytes = 0;
    for (const GradientTile& tile : tiling_.tiles(layer.geometry)) {
        const std::uint64_t begin = clock_.now();
        const ReadLease codes =
            read(part_of(command.inputs, command.samples * tile.inputs_first, command.samples * tile.inputs),
                 purposes.activations);
        const ReadLease error =
            read(part_of(command.operands, command.samples * tile.operands_first, command.samples * tile.operands),
                 purposes.errors);
        operand_bytes += codes.region.bytes() + error.region.bytes();
        if (inputs == nullptr) {
            inputs = codes.data;
            operands = error.data;
        }
        const std::uint64_t cycles = gradient_tile_cycles(layer.geometry, command.samples, layer.operand_bits);
        wait_until(std::max({codes.ready_at, error.ready_at, clock_.time_of(begin + cycles)}));
        if (!command.last) continue;
        wait_until(sent_at);  // one tile's sums are on their way out at a time
        results_.wait_for_room();
        const WriteLease sums = write(part_of(command.gradients, sent, tile.weights), purposes.gradients);
        if (results.gradients == nullptr) results.gradients = sums.data;
        sent_at = sums.ready_at;
        sent += tile.weights;
    }
    if (command.last) {
        const WriteLease maximum = write(command.maximum, purposes.gradients);
        results.maximum = maximum.data;
        sent_at = std::max(sent_at, maximum.ready_at);
    }
    if (mode_.data == BurstData::carried) {
        engine_.accumulate(command, reinterpret_cast<const std::int8_t*>(inputs), operands, results);
    }
    results_.sent(sent_at);
    return {{Event::gradient_mac, multiplications(command, layer)}, {Event::gradient_operand_byte, operand_bytes}};
}

/// Image after image through all tiles; the sums come back and leave with each. What is added is exact, whatever bits
/// it is spilled at: `spill_bits` says how many bytes move.
std::vector<EventCount> GradientArray::execute_by_image(const GradientCommand& command)
{
    const GradientLayer& layer = engine_.layer(command.layer);
    const Purposes purposes(command.layer);
    const std::vector<GradientTile> tiles = tiling_.tiles(layer.geometry);
    std::uint64_t inputs = 0;
    std::uint64_t operands = 0;
    for (const GradientTile& tile : tiles) {
        inputs += tile.inputs;
        operands += tile.operands;
    }
    const std::uint64_t image_inputs = command.inputs.count / command.samples;
    const std::uint64_t image_operands = command.operands.count / command.samples;
    const std::uint64_t cycles = tiles.size() * gradient_tile_cycles(layer.geometry, 1, layer.operand_bits);
    const std::byte* input_bytes = nullptr;
    const std::byte* operand_bytes = nullptr;
    GradientEngine::Results results;
    sc_core::sc_time sent_at;
    for (std::size_t image = 0; image < command.samples; ++image) {
        const std::uint64_t begin = clock_.now();
        const MemoryRegion codes = part_of(command.inputs, image * image_inputs, image_inputs);
        const MemoryRegion errors = part_of(command.operands, image * image_operands, image_operands);
        const ReadLease image_codes = read_again(codes, inputs, purposes.activations);
        const ReadLease image_errors = read_again(errors, operands, purposes.errors);
        if (image == 0) {
            // Where all images lie, which the bursts of this loop book one after the other.
            input_bytes = image_codes.data;
            operand_bytes = image_errors.data;
        }
        sc_core::sc_time ready_at = std::max(image_codes.ready_at, image_errors.ready_at);
        const bool spilled_before = !(command.first && image == 0);
        if (spilled_before) ready_at = std::max(ready_at, read(command.spilled, purposes.gradients).ready_at);
        wait_until(std::max(ready_at, clock_.time_of(begin + cycles)));
        wait_until(sent_at);  // one image's sums are on their way out at a time
        results_.wait_for_room();
        if (command.last && image + 1 == command.samples) {
            const WriteLease sums = write(command.gradients, purposes.gradients);
            const WriteLease maximum = write(command.maximum, purposes.gradients);
            results = {sums.data, maximum.data};
            sent_at = std::max(sums.ready_at, maximum.ready_at);
        } else {
            sent_at = write(command.spilled, purposes.gradients).ready_at;
        }
    }
    if (mode_.data == BurstData::carried) {
        engine_.accumulate(command, reinterpret_cast<const std::int8_t*>(input_bytes), operand_bytes, results);
    }
    results_.sent(sent_at);
    const std::uint64_t additions = (command.samples - (command.first ? 1 : 0)) * command.gradients.count;
    return {{Event::gradient_mac, multiplications(command, layer)},
            {Event::gradient_operand_byte,
             command.samples * (inputs * bytes_of(command.inputs.type) + operands * bytes_of(command.operands.type))},
            {Event::spill_add, additions}};
}

}  // namespace wagesim::chip
