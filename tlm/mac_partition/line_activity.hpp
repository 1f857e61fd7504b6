// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How often each line of a block is driven by some samples, from the tensors as they lie in memory: no window is made
// for it. Feeds energy, never a result or a cycle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/element_type.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/crossbar/pulse_counter.hpp"

namespace wagesim::chip {

/// What some positions take of a block's lines and cells.
struct LineActivity {
    std::uint64_t pulses = 0;      ///< on all lines: a line that crosses several arrays counts once
    std::uint64_t cell_reads = 0;  ///< cells above level 0 on a line, for each pulse on it
};

/// Pulses on each of the block's rows (`scratch` is the caller's, so that nothing is allocated for long), when the
/// windows of `samples` samples of input codes go forward.
[[nodiscard]] std::vector<std::uint64_t> row_pulses(const LayerGeometry& layer, const CellBlock& block,
                                                    const PulseCounter& counter, const std::int8_t* inputs,
                                                    std::size_t samples, std::vector<std::uint32_t>& scratch);

/// Pulses on each of the block's rows, when windows of the operands of `samples` samples drive cells dedicated to
/// backward.
[[nodiscard]] std::vector<std::uint64_t> transposed_row_pulses(const LayerGeometry& layer, const CellBlock& block,
                                                               const PulseCounter& counter, const void* operands,
                                                               ElementType type, std::size_t samples,
                                                               std::vector<std::uint32_t>& scratch);

/// Pulses on each of the block's columns, when the operands of `samples` samples go backward.
[[nodiscard]] std::vector<std::uint64_t> column_pulses(const LayerGeometry& layer, const CellBlock& block,
                                                       const PulseCounter& counter, const void* operands,
                                                       ElementType type, std::size_t samples,
                                                       std::vector<std::uint32_t>& scratch);

}  // namespace wagesim::chip
