// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip file as a value: every module's parameters, each owned by its module. SystemC-free.
#pragma once

#include <string>
#include <vector>

#include "tlm/buffer/buffer_config.hpp"
#include "tlm/common/unit_mode.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/device_config.hpp"
#include "tlm/dram/dram_config.hpp"
#include "tlm/gradient_array/gradient_array_config.hpp"
#include "tlm/interconnect/interconnect_config.hpp"
#include "tlm/mac_partition/mac_partition_config.hpp"
#include "tlm/mapping/mapping_config.hpp"
#include "tlm/quantize_update/quantize_update_config.hpp"
#include "tlm/sequencer/sequencer_config.hpp"

namespace wagesim::chip {

enum class Fidelity { functional, bit_serial, timing };

struct ChipConfig {
    std::string name;
    double clock_ghz = 1.0;
    std::string technology;  ///< path of the technology file, absolute after loading
    std::string activity;    ///< path of a file of recorded activity, likewise; used by fidelity `timing`
    Fidelity fidelity = Fidelity::functional;
    Granularity granularity = Granularity::burst;
    QuantizeUpdateConfig quantize_update;
    CrossbarConfig crossbar;
    MacPartitionConfig partitions;
    MappingConfig mapping;
    BackwardCells backward = BackwardCells::shared;
    ErrorMax error_max = ErrorMax::spill;
    GradientArrayConfig gradient;
    Schedule schedule = Schedule::layer;
    BufferConfig buffer;
    DramConfig dram;
    InterconnectConfig interconnect;
    SequencerConfig sequencer;
    DeviceConfig device;
};

}  // namespace wagesim::chip
