// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the sequencer asks of a group of MAC partitions. Plain values, SystemC-free. A layer's extents are not in a
// command: the group knows its layers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "tlm/common/address_map.hpp"
#include "tlm/common/traffic.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/mac_partition/cell_layout.hpp"

namespace wagesim::chip {

/// Samples first .. first + count of the batch.
struct SampleRange {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// Cells of a block from the layer's weight codes. Only the magnitude bits of `magnitude_mask` are programmed: a chip
/// with fewer arrays than a weight has slices takes them one after the other.
struct PartitionProgram {
    std::uint32_t layer = 0;
    CellLayout layout = CellLayout::shared;
    CellBlock block;
    std::uint8_t magnitude_mask = 0x7F;
    MemoryRegion codes;  ///< the layer's n_w, O, I, kh, kw
};

/// Windows, products, adder tree; then pooling, where the sums are complete.
struct PartitionForward {
    std::uint32_t layer = 0;
    Phase phase = Phase::forward;  ///< forward or evaluation
    SampleRange samples;
    CellBlock block;                     ///< what the cells hold
    std::uint8_t magnitude_mask = 0x7F;  ///< likewise
    bool adds_partial = false;           ///< earlier rows' sums lie in `partial` and are added
    bool complete = true;                ///< no rows are left: results go to `sums` and `winners`, else to `partial`
    MemoryRegion input;                  ///< codes of the samples
    MemoryRegion partial;                ///< [sample][position][column of the block]
    MemoryRegion sums;                   ///< pooled accumulators of the samples, all columns; the block's are written
    MemoryRegion winners;                ///< likewise; count 0 without pooling
};

/// Error codes to backward operands: masked, at the winners, overlaps added.
struct PartitionUnpool {
    std::uint32_t layer = 0;
    SampleRange samples;
    MemoryRegion codes, flags, winners;  ///< shaped like the layer's output
    MemoryRegion operands;               ///< shaped like its accumulators
};

/// The error of each of the layer's inputs: row sums of every window, overlaps added; or, with cells dedicated to
/// backward, column sums of windows of the operands.
struct PartitionBackward {
    std::uint32_t layer = 0;
    SampleRange samples;
    CellLayout layout = CellLayout::shared;
    CellBlock block;                     ///< what the cells hold
    std::uint8_t magnitude_mask = 0x7F;  ///< likewise
    bool accumulate = false;             ///< added to what earlier passes left in `errors`
    MemoryRegion operands;
    MemoryRegion errors;  ///< shaped like the layer's input
};

using PartitionCommand = std::variant<PartitionProgram, PartitionForward, PartitionUnpool, PartitionBackward>;

}  // namespace wagesim::chip
