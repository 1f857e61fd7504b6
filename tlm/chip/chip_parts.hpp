// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip's modules and how they are bound; what they counted, put together. For chip.cpp only.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "tlm/buffer/buffer.hpp"
#include "tlm/chip/burst_relay.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/protocol_checker.hpp"
#include "tlm/dram/dram.hpp"
#include "tlm/energy/event_recorder.hpp"
#include "tlm/energy/memory_meter.hpp"
#include "tlm/gradient_array/gradient_array.hpp"
#include "tlm/interconnect/router.hpp"
#include "tlm/mac_partition/mac_partition.hpp"
#include "tlm/mapping/mapping.hpp"
#include "tlm/quantize_update/quantize_update.hpp"
#include "tlm/sequencer/sequencer.hpp"

namespace wagesim::chip {

struct Chip::Parts {
    /// The chip's storage for the host and for taps: by addresses of the memory map, untimed.
    class Storage : public StorageAccess {
    public:
        explicit Storage(Parts& parts) : parts_(parts) {}
        [[nodiscard]] std::byte* memory(const MemoryRegion& region) override;
        [[nodiscard]] std::uint32_t read_register(QuantizeUpdateRegister address) override;
        void write_register(QuantizeUpdateRegister address, std::uint32_t value) override;
        void read_cells(const CellPlace& place, std::uint32_t layer, std::int8_t* codes) override;
        void write_cells(const CellPlace& place, std::uint32_t layer, const std::int8_t* codes) override;

    private:
        void debug(tlm::tlm_command command, QuantizeUpdateRegister address, std::uint32_t& value);
        Parts& parts_;
    };

    Parts(Mapping made, std::unique_ptr<QuantizeUpdateUnit> unit);

    const Program& training_program(std::size_t samples);
    const Program& evaluation_program(std::size_t samples);
    /// Tells devices what time it is: what all programs before this one took.
    void begin_program();
    void set_tap(TensorTap* tap);
    void set_listener(RunListener* listener);
    /// Runs a program that is counted, and told to the listener; returns its cycles.
    std::uint64_t run(ProgramKind kind, const Program& program, StepContext context);
    /// Adds what was counted since the last call to `statistics`.
    void collect(ChipStatistics& statistics, std::size_t samples, std::uint64_t cycles);
    void discard_counters();
    [[nodiscard]] std::vector<GroupWear> wear(WearDetail detail) const;
    /// Nothing counted, for this chip's units and layers.
    [[nodiscard]] ChipStatistics empty_statistics() const;

    Mapping mapping;
    std::vector<LayerGeometry> geometry;
    Clock clock;
    Buffer buffer;
    Dram dram;
    Router router;
    std::vector<std::unique_ptr<MacPartition>> partitions;
    GradientArray gradient;
    QuantizeUpdate quantize_update;
    Sequencer sequencer;
    EventRecorder events;                                    ///< of the running program
    std::vector<std::unique_ptr<MemoryMeter>> meters;        ///< one before each memory
    std::vector<std::unique_ptr<ProtocolChecker>> checkers;  ///< options.check_protocol: one on every memory wire
    Storage storage;
    ChipStatistics training, evaluation;

private:
    void bind_memory(MemoryPort& port);
    void bind_target(std::size_t target, const char* name, MemoryTarget& memory, Event read, Event written);

    std::map<std::size_t, Program> training_programs_, evaluation_programs_;  ///< by number of samples
    RunListener* listener_ = nullptr;
    BurstRelay burst_relay_;
};

}  // namespace wagesim::chip
