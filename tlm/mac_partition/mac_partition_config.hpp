// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the MAC partitions (chip file key `partitions`). SystemC-free.
#pragma once

namespace wagesim::chip {

enum class BackwardCells { shared, dedicated };
enum class ErrorMax { spill, recompute };

struct MacPartitionConfig {
    int count = 64;             ///< partitions on the chip
    int arrays = 16;            ///< crossbars in each
    int accumulator_bits = 48;  ///< width of the adder tree's output; a larger proven bound is refused
    int pooling_lanes = 64;     ///< accumulators that pooling, masking and unpooling take a cycle, a partition
    int adder_cycles = 1;       ///< of one level of the adder tree over row tiles
    bool line_buffer = true;    ///< false: every window reads its inputs anew
    int line_buffer_kib = 16;   ///< rows of input codes that feed windows, a partition
    int ring_kib = 64;          ///< rows of errors that windows add to, a partition
};

}  // namespace wagesim::chip
