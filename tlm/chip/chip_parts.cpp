// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What each module has to know of the mapping, and the wires between them.
#include "tlm/chip/chip_parts.hpp"

#include <string>
#include <utility>

#include "ref/numerics/integer.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/interconnect/topology.hpp"

namespace wagesim::chip {
namespace {

std::vector<LayerGeometry> geometry_of(const Mapping& mapping)
{
    std::vector<LayerGeometry> out;
    for (const LayerPlan& plan : mapping.layers()) out.push_back(plan.geometry);
    return out;
}

GradientEngine make_gradient_engine(const Mapping& mapping)
{
    std::vector<GradientLayer> layers;
    for (const LayerPlan& plan : mapping.layers()) {
        layers.push_back({plan.geometry, mapping.options().widths.a, plan.input_nonnegative, plan.operand_bits,
                          plan.bounds.error_mac});
    }
    return GradientEngine(std::move(layers));
}

UnitMode mode_of(const ChipConfig& config)
{
    return {config.fidelity == Fidelity::timing ? BurstData::none : BurstData::carried,
            config.schedule == Schedule::pipelined ? ResultDelivery::posted : ResultDelivery::awaited,
            config.granularity};
}

std::unique_ptr<CrossbarReader> make_reader(const ChipConfig& config, int weight_bits)
{
    const bool ideal = first_effect(config.device) == nullptr;
    return config.fidelity == Fidelity::bit_serial && ideal ? make_bit_serial_reader(config.crossbar, weight_bits)
                                                            : make_exact_reader();
}

/// Of one copy of a group's cells: its own, since no two cells are alike.
std::unique_ptr<DeviceArrays> make_devices(const ChipConfig& config, int weight_bits, std::size_t tiles,
                                           std::size_t group, std::size_t copy)
{
    if (first_effect(config.device) == nullptr) return nullptr;
    return std::make_unique<DeviceArrays>(config.crossbar, config.device, weight_bits, tiles,
                                          group + (static_cast<std::uint64_t>(copy) << 32U));
}

std::unique_ptr<MacPartition> make_partition(const Mapping& mapping, std::size_t group, const Clock& clock)
{
    std::vector<PartitionLayer> layers;
    for (const LayerPlan& plan : mapping.layers()) {
        layers.push_back({plan.geometry, mapping.options().widths.a, plan.input_nonnegative, plan.operand_bits,
                          plan.bounds.error_mac});
    }
    const ChipConfig& config = mapping.config();
    const GroupPlacement& place = mapping.placement().groups[group];
    const UnitMode mode = mode_of(config);
    const int weight_bits = mapping.options().widths.w;
    std::vector<CrossbarGrid> copies;
    for (std::size_t i = 0; i < place.copies; ++i) {
        // Without data there are no codes to hold.
        copies.emplace_back(config.crossbar, mode.data == BurstData::carried ? place.tiles : 0, weight_bits,
                            make_reader(config, weight_bits), make_devices(config, weight_bits, place.tiles, group, i));
    }
    const PartitionTiming timing{config.crossbar, config.partitions, place.partitions, place.copies,
                                 config.device.write_pulses};
    const PartitionEvents events{config.crossbar,
                                 weight_bits,
                                 place.copies,
                                 {config.partitions, place.partitions, place.copies},
                                 config.device.write_pulses};
    const auto initiator = static_cast<std::uint32_t>(group);
    return std::make_unique<MacPartition>(mapping.unit_names()[group].c_str(),
                                          MacEngine(std::move(copies), std::move(layers)), timing, events, initiator,
                                          clock, mode, mapping.options().activity);
}

ChipStatistics statistics_for(const Mapping& mapping)
{
    ChipStatistics out;
    for (const std::string& name : mapping.unit_names()) {
        UnitStatistics unit;
        unit.name = name;
        out.units.push_back(unit);
    }
    out.layers.resize(mapping.layers().size());
    out.ledger = Ledger(mapping.layers().size());
    return out;
}

void add(DirectionCycles& to, const DirectionCounts& counts)
{
    to.forward += counts[0];
    to.backward += counts[1];
    to.other += counts[2];
}

void add(StreamTraffic& to, const TrafficCounters& traffic)
{
    to.activations += traffic.bytes(TrafficClass::activations).total();
    to.errors += traffic.bytes(TrafficClass::errors).total();
    to.gradients += traffic.bytes(TrafficClass::gradients).total();
    to.weights += traffic.bytes(TrafficClass::weights).total();
}

}  // namespace

Chip::Parts::Parts(Mapping made, std::unique_ptr<QuantizeUpdateUnit> unit)
    : mapping(std::move(made)),
      geometry(geometry_of(mapping)),
      clock(mapping.config().clock_ghz),
      buffer("buffer", mapping.config().buffer, clock),
      dram("dram", mapping.config().dram, clock),
      router("router", mapping.config().interconnect, {{kBufferBase, buffer.size()}, {kDramBase, dram.size()}}, clock),
      gradient("gradient", make_gradient_engine(mapping), mapping.config().gradient, mapping.gradient_unit(), clock,
               mode_of(mapping.config())),
      quantize_update("quantize_update", std::move(unit), mapping.quantize_update_unit(), clock,
                      mode_of(mapping.config())),
      sequencer("sequencer", mapping.config().sequencer, mapping.placement().groups.size(), mapping.layers().size(),
                clock),
      events(mapping.layers().size(), mapping.options().technology.event_aj),
      storage(*this),
      training(statistics_for(mapping)),
      evaluation(statistics_for(mapping)),
      burst_relay_(clock)
{
    bind_target(0, "buffer_meter", buffer, Event::buffer_bit_read, Event::buffer_bit_written);
    bind_target(1, "dram_meter", dram, Event::dram_bit_read, Event::dram_bit_written);
    for (std::size_t group = 0; group < mapping.placement().groups.size(); ++group) {
        partitions.push_back(make_partition(mapping, group, clock));
        sequencer.partition_port(group).socket.bind(partitions.back()->commands);
        bind_memory(partitions.back()->memory);
    }
    sequencer.gradient_port.socket.bind(gradient.commands);
    sequencer.quantize_update_port.socket.bind(quantize_update.commands);
    bind_memory(gradient.memory);
    bind_memory(quantize_update.memory);
}

void Chip::Parts::bind_target(std::size_t target, const char* name, MemoryTarget& memory, Event read, Event written)
{
    const std::size_t initiators = mapping.quantize_update_unit() + std::size_t{1};
    const Topology topology = make_topology(mapping.config().interconnect.kind, initiators, 2);
    std::vector<Passage> passages;
    for (const std::vector<Route>& routes : topology.routes) {
        passages.push_back({routes[target].links.size(), routes[target].routers});
    }
    meters.push_back(std::make_unique<MemoryMeter>(name, read, written, std::move(passages), events, clock));
    router.to_targets.bind(meters.back()->target);
    meters.back()->initiator.bind(memory.socket);
}

void Chip::Parts::bind_memory(MemoryPort& port)
{
    if (!mapping.options().check_protocol) return port.socket.bind(router.from_initiators);
    const std::string name = "checker" + std::to_string(checkers.size());
    checkers.push_back(std::make_unique<ProtocolChecker>(name.c_str()));
    port.socket.bind(checkers.back()->target);
    checkers.back()->initiator.bind(router.from_initiators);
}

void Chip::Parts::begin_program()
{
    const DeviceClock now{training.cycles + evaluation.cycles, training.programs + evaluation.programs};
    for (const auto& partition : partitions) {
        for (DeviceArrays* const devices : partition->devices()) devices->begin_program(now);
    }
}

const Program& Chip::Parts::training_program(std::size_t samples)
{
    auto& program = training_programs_[samples];
    if (program.commands.empty()) program = mapping.training_program(samples);
    return program;
}

const Program& Chip::Parts::evaluation_program(std::size_t samples)
{
    auto& program = evaluation_programs_[samples];
    if (program.commands.empty()) program = mapping.evaluation_program(samples);
    return program;
}

void Chip::Parts::set_tap(TensorTap* tap)
{
    for (const auto& partition : partitions) partition->set_tap(tap);
}

void Chip::Parts::set_listener(RunListener* listener)
{
    listener_ = listener;
    burst_relay_.set_listener(listener);
    BurstListener* const bursts = listener != nullptr ? &burst_relay_ : nullptr;
    for (const auto& partition : partitions) partition->memory.set_listener(bursts);
    gradient.memory.set_listener(bursts);
    quantize_update.memory.set_listener(bursts);
}

std::uint64_t Chip::Parts::run(ProgramKind kind, const Program& program, StepContext context)
{
    context.events = &events;
    context.commands = listener_;
    if (listener_ != nullptr) listener_->begin_program(kind, program, clock.now());
    const std::uint64_t cycles = sequencer.run(program, context);
    if (listener_ != nullptr) listener_->end_program(cycles, events.profile());
    return cycles;
}

void Chip::Parts::collect(ChipStatistics& statistics, std::size_t samples, std::uint64_t cycles)
{
    const SequencerCounters& counted = sequencer.counters();
    ++statistics.programs;
    statistics.samples += samples;
    statistics.cycles += cycles;
    statistics.macs_forward += counted.macs_forward;
    statistics.macs_backward += counted.macs_backward;
    statistics.macs_gradient += counted.macs_gradient;
    for (const auto& partition : partitions) {
        statistics.cell_writes += partition->cell_writes();
        for (const auto& [layer, turns] : partition->turns()) {
            statistics.layers[layer].rows_due += turns.due;
            statistics.layers[layer].rows_changed += turns.changed;
            statistics.layers[layer].cells_due += turns.cells_due;
        }
    }
    add(statistics.dram, dram.traffic());
    add(statistics.buffer, buffer.traffic());
    statistics.dram_busy += dram.counters().busy_cycles;
    statistics.buffer_busy += buffer.counters().busy_cycles;
    for (UnitId unit = 0; unit < statistics.units.size(); ++unit) {
        UnitStatistics& to = statistics.units[unit];
        to.commands += counted.units[unit].commands;
        add(to.busy, counted.units[unit].busy_cycles);
        add(to.waits, counted.units[unit].queued_cycles);
    }
    for (std::size_t layer = 0; layer < statistics.layers.size(); ++layer) {
        statistics.layers[layer].macs += counted.layer_macs[layer];
        statistics.layers[layer].cycles += counted.layer_cycles[layer];
    }
    statistics.ledger.add(events.ledger());
    // The last window ends with the program.
    const std::uint64_t window = events.profile().window();
    for (std::size_t i = 0; i < events.profile().windows().size(); ++i) {
        const std::uint64_t first = i * window;
        if (first >= cycles) break;
        statistics.peak.consider(std::min(window, cycles - first), events.profile().windows()[i]);
    }
    discard_counters();
}

ChipStatistics Chip::Parts::empty_statistics() const
{
    return statistics_for(mapping);
}

void Chip::Parts::discard_counters()
{
    events.restart(clock.now());
    sequencer.reset_counters();
    buffer.reset_counters();
    dram.reset_counters();
    router.reset_counters();
    for (const auto& partition : partitions) partition->reset_counters();
    gradient.reset_counters();
    quantize_update.reset_counters();
}

std::byte* Chip::Parts::Storage::memory(const MemoryRegion& region)
{
    if (region.address >= kDramBase) return parts_.dram.storage(region.address - kDramBase, region.bytes());
    return parts_.buffer.storage(region.address - kBufferBase, region.bytes());
}

void Chip::Parts::Storage::debug(tlm::tlm_command command, QuantizeUpdateRegister address, std::uint32_t& value)
{
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(static_cast<std::uint32_t>(address));
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(sizeof value);
    payload.set_streaming_width(sizeof value);
    if (parts_.sequencer.quantize_update_port.socket->transport_dbg(payload) != sizeof value) {
        throw InvariantError("chip", "a register that the quantize/update unit does not have");
    }
}

std::uint32_t Chip::Parts::Storage::read_register(QuantizeUpdateRegister address)
{
    std::uint32_t value = 0;
    debug(tlm::TLM_READ_COMMAND, address, value);
    return value;
}

void Chip::Parts::Storage::write_register(QuantizeUpdateRegister address, std::uint32_t value)
{
    debug(tlm::TLM_WRITE_COMMAND, address, value);
}

void Chip::Parts::Storage::read_cells(const CellPlace& place, std::uint32_t layer, std::int8_t* codes)
{
    parts_.partitions.at(place.unit)->read_cells(layer, codes);
}

void Chip::Parts::Storage::write_cells(const CellPlace& place, std::uint32_t layer, const std::int8_t* codes)
{
    PartitionProgram command;
    command.layer = layer;
    command.layout = place.layout;
    command.block = place.block;
    parts_.partitions.at(place.unit)->overwrite_cells(command, codes);
}

}  // namespace wagesim::chip
