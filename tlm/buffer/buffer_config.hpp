// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the SRAM buffer (chip file key `buffer`). SystemC-free.
#pragma once

namespace wagesim::chip {

struct BufferConfig {
    int kib = 2048;
    int bytes_per_cycle = 64;
    int latency_cycles = 4;
};

}  // namespace wagesim::chip
