// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A command takes max(reads, latency + compute), then its writes (docs/modules/mac_partition.md).
#include "tlm/mac_partition/mac_partition.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include "tlm/common/command_extension.hpp"
#include "tlm/common/occupied.hpp"
#include "tlm/common/repeated_bursts.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

Phase phase_of(const PartitionProgram&)
{
    return Phase::programming;
}
Phase phase_of(const PartitionForward& command)
{
    return command.phase;
}
Phase phase_of(const PartitionUnpool&)
{
    return Phase::backward;
}
Phase phase_of(const PartitionBackward&)
{
    return Phase::backward;
}

std::size_t size(int extent)
{
    return static_cast<std::size_t>(extent);
}

/// Where a block's rows of the matrix lie in the layer's input: all of it through the line buffer, or, where windows do
/// not overlap, only these.
RowAccess input_access(const LayerGeometry& layer, const CellBlock& block, std::size_t samples)
{
    const auto inputs = static_cast<std::size_t>(layer.inputs());
    if (!windows_are_contiguous(layer)) return {samples, inputs, 0, inputs};
    const auto window = static_cast<std::size_t>(layer.fan_in());
    return {samples * static_cast<std::size_t>(layer.positions()), window, block.first_row.value(), block.rows()};
}

/// The block's columns of a tensor of `channels` channels.
RowAccess column_access(std::size_t channels, const CellBlock& block, std::size_t positions)
{
    return {positions, channels, block.first_column.value(), block.columns()};
}

/// Where the filters' codes lie that a block is made of. Codes lie channel by channel, rows are ordered tap by tap:
/// with several taps, some rows of a filter are scattered all over it.
RowAccess code_access(const LayerGeometry& layer, const PartitionProgram& command)
{
    const std::size_t filter = extent(layer.fan_in());
    const std::size_t taps = size(layer.kernel_h) * size(layer.kernel_w);
    const CellBlock& block = command.block;
    if (command.layout == CellLayout::shared) {
        const RowAccess whole{block.columns(), filter, 0, filter};
        return taps == 1 ? RowAccess{block.columns(), filter, block.first_row.value(), block.rows()} : whole;
    }
    // Some input channels of every filter; all of them where a block's columns are not channels alone.
    if (windows_are_contiguous(layer)) {
        return taps == 1 ? RowAccess{block.rows(), filter, block.first_column.value(), block.columns()}
                         : RowAccess{block.rows(), filter, 0, filter};
    }
    return {size(layer.out_c), filter, block.first_column.value() * taps, block.columns() * taps};
}

/// The first filter of code_access.
std::size_t first_filter(const LayerGeometry& layer, const PartitionProgram& command)
{
    if (command.layout == CellLayout::shared) return command.block.first_column.value();
    return windows_are_contiguous(layer) ? command.block.first_row.value() : 0;
}

/// Where the operands lie that a backward command drives.
RowAccess operand_access(const LayerGeometry& layer, const PartitionBackward& command)
{
    const CellBlock& block = command.block;
    const std::size_t positions = command.samples.count * static_cast<std::size_t>(layer.positions());
    const std::size_t channels = size(layer.out_c);
    if (command.layout == CellLayout::shared) return column_access(channels, block, positions);
    // Through the line buffer, all of them; or, where windows do not overlap, the block's rows.
    if (!windows_are_contiguous(layer)) return {positions, channels, 0, channels};
    return {positions, channels, block.first_row.value(), block.rows()};
}

std::uint64_t rounded_part(std::uint64_t amount, double fraction)
{
    return static_cast<std::uint64_t>(std::llround(fraction * static_cast<double>(amount)));
}

/// Where a backward command's results belong.
RowAccess error_access(const LayerGeometry& layer, const PartitionBackward& command)
{
    if (command.layout == CellLayout::shared) return input_access(layer, command.block, command.samples.count);
    const CellMatrix matrix = cell_matrix(layer, CellLayout::transposed);
    return column_access(matrix.columns, command.block, command.samples.count * matrix.positions());
}

}  // namespace

MacPartition::MacPartition(const sc_core::sc_module_name& name, MacEngine engine, const PartitionTiming& timing,
                           const PartitionEvents& events, std::uint32_t initiator, const Clock& clock,
                           const UnitMode& mode, Activity activity)
    : sc_module(name),
      commands("commands"),
      memory("memory", initiator),
      engine_(std::move(engine)),
      timing_(timing),
      events_(events),
      mode_(mode),
      results_(mode.delivery),
      activity_(std::move(activity)),
      clock_(clock)
{
    commands.register_b_transport(this, &MacPartition::b_transport);
}

void MacPartition::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    auto* const extension = receive_command<PartitionCommand>(payload);
    if (extension == nullptr) return;
    if (busy_) {
        extension->error = "a command while another is served";
        payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
        return;
    }
    const Occupied occupied(busy_);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    const std::uint64_t begin = clock_.now();
    std::visit(
        [&](const auto& command) {
            extension->events = execute(command);
            extension->complete_at = results_.complete_at();
            ++counters_.commands;
            counters_.add_busy(phase_of(command), clock_.now() - begin);
        },
        *extension->command);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void MacPartition::reset_counters()
{
    counters_ = {};
    cell_writes_ = 0;
    turns_.clear();
}

RowLease<const std::byte> MacPartition::read(const MemoryRegion& tensor, const RowAccess& access,
                                             const BurstPurpose& purpose)
{
    auto lease = book_rows<const std::byte>(tensor, access,
                                            [&](const MemoryRegion& region) { return memory.read(region, purpose); });
    counters_.add_queued(purpose.phase, clock_.cycles_in(lease.waited));
    return lease;
}

RowLease<std::byte> MacPartition::write(const MemoryRegion& tensor, const RowAccess& access,
                                        const BurstPurpose& purpose)
{
    auto lease =
        book_rows<std::byte>(tensor, access, [&](const MemoryRegion& region) { return memory.write(region, purpose); });
    counters_.add_queued(purpose.phase, clock_.cycles_in(lease.waited));
    return lease;
}

RowLease<const std::byte> MacPartition::read(const MemoryRegion& tensor, const BurstPurpose& purpose)
{
    return tensor.count == 0 ? RowLease<const std::byte>{} : read(tensor, {1, tensor.count, 0, tensor.count}, purpose);
}

RowLease<std::byte> MacPartition::write(const MemoryRegion& tensor, const BurstPurpose& purpose)
{
    return tensor.count == 0 ? RowLease<std::byte>{} : write(tensor, {1, tensor.count, 0, tensor.count}, purpose);
}

RowLease<const std::byte> MacPartition::read_windows(const MemoryRegion& tensor, const RowAccess& access,
                                                     std::uint64_t anew, const BurstPurpose& purpose)
{
    if (anew == 0) return read(tensor, access, purpose);
    const ReadLease lease =
        book_again(tensor, anew, [&](const MemoryRegion& region) { return memory.read(region, purpose); });
    counters_.add_queued(purpose.phase, clock_.cycles_in(lease.waited));
    return {lease.data, lease.ready_at, lease.waited};
}

RowLease<std::byte> MacPartition::write_again(const MemoryRegion& tensor, std::uint64_t count,
                                              const BurstPurpose& purpose)
{
    const WriteLease lease =
        book_again(tensor, count, [&](const MemoryRegion& region) { return memory.write(region, purpose); });
    counters_.add_queued(purpose.phase, clock_.cycles_in(lease.waited));
    return {lease.data, lease.ready_at, lease.waited};
}

void MacPartition::compute(const VectorSteps& steps, std::uint64_t begin, const sc_core::sc_time& ready_at) const
{
    const std::uint64_t ready = std::max(begin, clock_.cycles_in(ready_at));
    const std::uint64_t reads = ready - begin;
    if (mode_.granularity == Granularity::burst) return wait_until(clock_.time_of(begin + steps.total(reads)));
    for (std::uint64_t vector = 0; vector < steps.count; ++vector) {
        wait_until(clock_.time_of(begin + steps.arrival(vector, reads)));
        wait_until(after(steps.cycles));
    }
    wait_until(after(steps.latency));
}

LayerActivity MacPartition::activity_of(std::uint32_t layer) const
{
    return layer < activity_.size() ? activity_[layer] : LayerActivity{};
}

template <class Command>
std::vector<EventCount> MacPartition::with_estimates(std::vector<EventCount> events, const Command& command) const
{
    for (const EventCount& each : estimated_events(events, phase_of(command), activity_of(command.layer))) {
        events.push_back(each);
    }
    return events;
}

template <class Command>
std::vector<EventCount> MacPartition::estimated(const Command& command) const
{
    return with_estimates(events_.of(command, engine_.layer(command.layer)), command);
}

std::vector<EventCount> MacPartition::execute(const PartitionProgram& command)
{
    const LayerGeometry& layer = engine_.layer(command.layer).geometry;
    const BurstPurpose weights{TrafficClass::weights, Phase::programming, command.layer};
    const std::uint64_t begin = clock_.now();
    const std::size_t skipped = first_filter(layer, command) * static_cast<std::size_t>(layer.fan_in());
    MemoryRegion filters = command.codes;
    filters.address += skipped;
    const auto codes = read(filters, code_access(layer, command), weights);
    const bool skips = timing_.crossbar.skip_unchanged_rows;
    // Which rows change shows when all codes have come; otherwise they are programmed as they come.
    const auto programmed = [&](std::uint64_t cycles) {
        if (!skips) return wait_until(std::max(codes.ready_at, clock_.time_of(begin + cycles)));
        wait_until(codes.ready_at);
        wait_until(after(cycles));
    };
    const std::vector<EventCount> all_rows = events_.of(command, engine_.layer(command.layer));
    ProgrammingTurns& turns = turns_[command.layer];
    const std::uint64_t due = std::min<std::uint64_t>(extent(timing_.crossbar.rows), command.block.rows());
    turns.due += due;
    for (const EventCount& each : all_rows) turns.cells_due += each.event == Event::cell_verify ? each.count : 0;
    if (mode_.data == BurstData::none) {
        const double fraction = skips ? activity_of(command.layer).rows : 1.0;
        turns.changed += rounded_part(due, fraction);
        programmed(rounded_part(timing_.cycles(command), fraction));
        std::vector<EventCount> events = with_estimates(all_rows, command);
        for (EventCount& each : events) {
            if (each.event == Event::row_write || each.event == Event::cell_verify) {
                each.count = rounded_part(each.count, fraction);
            }
        }
        return events;
    }
    programmed(skips ? 0 : timing_.cycles(command));
    const std::byte* const layer_codes = codes.data - skipped;
    const CellChanges changes = engine_.program(command, reinterpret_cast<const std::int8_t*>(layer_codes));
    if (skips) wait_until(after(timing_.programming(changes.turns)));
    turns.changed += changes.turns;
    cell_writes_ += changes.codes;
    std::vector<EventCount> events = skips ? events_.programming(command, changes.rows) : all_rows;
    events.push_back({Event::cell_set, changes.set});
    events.push_back({Event::cell_reset, changes.reset});
    return events;
}

std::vector<EventCount> MacPartition::execute(const PartitionForward& command)
{
    const PartitionLayer& layer = engine_.layer(command.layer);
    const BurstPurpose activations{TrafficClass::activations, command.phase, command.layer};
    const std::uint64_t begin = clock_.now();
    const bool buffered =
        events_.storage.line_buffer_holds(layer.geometry, CellLayout::shared, bytes_of(ElementType::int8));
    const std::uint64_t anew = command.samples.count * extent(layer.geometry.positions()) * command.block.rows();
    const auto input = read_windows(command.input, input_access(layer.geometry, command.block, command.samples.count),
                                    buffered ? 0 : anew, activations);
    const auto earlier = command.adds_partial ? read(command.partial, activations) : RowLease<const std::byte>{};
    compute(timing_.steps(command, layer), begin, std::max(input.ready_at, earlier.ready_at));
    results_.wait_for_room();

    RowLease<std::byte> partial, sums, winners;
    if (command.complete) {
        const std::size_t positions = command.samples.count * size(layer.geometry.out_h) * size(layer.geometry.out_w);
        const RowAccess columns = column_access(size(layer.geometry.out_c), command.block, positions);
        sums = write(command.sums, columns, activations);
        if (command.winners.count > 0) winners = write(command.winners, columns, activations);
    } else {
        partial = write(command.partial, activations);
    }
    if (mode_.data == BurstData::none) {
        results_.sent(std::max({partial.ready_at, sums.ready_at, winners.ready_at}));
        return estimated(command);
    }
    const auto* const codes = reinterpret_cast<const std::int8_t*>(input.data);
    engine_.forward(command, {codes, earlier.data, partial.data, sums.data, winners.data}, tap_);
    std::vector<EventCount> events = events_.of(command, layer);
    const LineActivity activity = engine_.activity(command, codes);
    const PartitionEvents::Arrays arrays = events_.arrays(command.block, command.magnitude_mask);
    events.push_back({Event::driver_pulse, activity.pulses * arrays.column_tiles * arrays.slices});
    events.push_back({Event::cell_read, activity.cell_reads});
    results_.sent(std::max({partial.ready_at, sums.ready_at, winners.ready_at}));
    return events;
}

std::vector<EventCount> MacPartition::execute(const PartitionUnpool& command)
{
    const PartitionLayer& layer = engine_.layer(command.layer);
    const BurstPurpose activations{TrafficClass::activations, Phase::backward, command.layer};
    const BurstPurpose errors{TrafficClass::errors, Phase::backward, command.layer};
    const sc_core::sc_time computed = after(timing_.cycles(command, layer));
    const auto codes = read(command.codes, errors);
    const auto flags = read(command.flags, activations);
    const auto winners = read(command.winners, activations);
    wait_until(std::max({codes.ready_at, flags.ready_at, winners.ready_at, computed}));
    results_.wait_for_room();
    const auto operands = write(command.operands, errors);
    if (mode_.data == BurstData::carried) {
        engine_.unpool(command, codes.data, flags.data, winners.data, operands.data);
    }
    results_.sent(operands.ready_at);
    return events_.of(command, layer);
}

std::vector<EventCount> MacPartition::execute(const PartitionBackward& command)
{
    const PartitionLayer& layer = engine_.layer(command.layer);
    const BurstPurpose errors{TrafficClass::errors, Phase::backward, command.layer};
    const std::uint64_t begin = clock_.now();
    const RowAccess results = error_access(layer.geometry, command);
    const std::uint64_t windows =
        command.samples.count * cell_matrix(layer.geometry, command.layout).positions() * command.block.rows();
    const bool transposed = command.layout == CellLayout::transposed;
    const bool buffered = !transposed || events_.storage.line_buffer_holds(layer.geometry, command.layout,
                                                                           bytes_of(command.operands.type));
    const bool ring = transposed || events_.storage.ring_holds(layer.geometry, bytes_of(command.errors.type));
    const auto operands =
        read_windows(command.operands, operand_access(layer.geometry, command), buffered ? 0 : windows, errors);
    // Without a ring every window's sums are added to what is in memory.
    const auto earlier = !ring                ? read_windows(command.errors, results, windows, errors)
                         : command.accumulate ? read(command.errors, results, errors)
                                              : RowLease<const std::byte>{};
    compute(timing_.steps(command, layer), begin, std::max(operands.ready_at, earlier.ready_at));
    results_.wait_for_room();
    const auto sums = ring ? write(command.errors, results, errors) : write_again(command.errors, windows, errors);
    if (mode_.data == BurstData::none) {
        results_.sent(sums.ready_at);
        return estimated(command);
    }
    engine_.backward(command, operands.data, sums.data);
    std::vector<EventCount> events = events_.of(command, layer);
    const LineActivity activity = engine_.activity(command, operands.data);
    const PartitionEvents::Arrays arrays = events_.arrays(command.block, command.magnitude_mask);
    if (command.layout == CellLayout::transposed) {
        events.push_back({Event::driver_pulse, activity.pulses * arrays.column_tiles * arrays.slices});
    } else {
        // Positive and negative cells lie on lines of their own, each driven, one after the other or at once.
        events.push_back({Event::driver_pulse, 2 * activity.pulses * arrays.row_tiles * arrays.slices});
    }
    events.push_back({Event::cell_read, activity.cell_reads});
    results_.sent(sums.ready_at);
    return events;
}

}  // namespace wagesim::chip
