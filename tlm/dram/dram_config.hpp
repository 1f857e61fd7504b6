// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the DRAM (chip file key `dram`). SystemC-free.
#pragma once

namespace wagesim::chip {

struct DramConfig {
    int gib = 4;
    int bytes_per_cycle = 32;
    int latency_cycles = 100;
};

}  // namespace wagesim::chip
