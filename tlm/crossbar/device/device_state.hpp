// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the cells of a group of arrays are like at one moment, as plain values for a checkpoint. What follows from the
// seed (stuck cells, exponents, converters) is not in it.
#pragma once

#include <cstdint>
#include <vector>

namespace wagesim::chip {

struct DeviceState {
    /// Of each cell, array after array: slice, polarity, column, row. Empty: ideal devices.
    std::vector<std::uint32_t> cells;    ///< 65536 x level asked for + conductance as programmed
    std::vector<std::uint32_t> written;  ///< index into `times` of the cell's last programming
    std::vector<std::uint64_t> times;    ///< device clock, cycles; ascending, the first is 0
    std::uint64_t programmings = 0;      ///< blocks programmed so far
};

/// When a program of the sequencer begins. The clock of devices stands still within a program.
struct DeviceClock {
    std::uint64_t cycles = 0;    ///< of all programs before it
    std::uint64_t programs = 0;  ///< before it
};

}  // namespace wagesim::chip
