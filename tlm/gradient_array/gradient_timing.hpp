// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tiles and cycles of the gradient array by closed forms (docs/modules/gradient_array.md). No state, no data.
#pragma once

#include <cstdint>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "tlm/gradient_array/gradient_array_config.hpp"

namespace wagesim::chip {

/// A tile of the gradient matrix (fan-in rows x output columns) that stands in the array at one time, with what it
/// reads of one sample: elements of the two operands, and where they start.
struct GradientTile {
    std::uint64_t inputs_first = 0, inputs = 0;      ///< of the sample's input codes
    std::uint64_t operands_first = 0, operands = 0;  ///< of the sample's errors
    std::uint64_t weights = 0;                       ///< gradients that the tile holds
};

class GradientTiling {
public:
    /// The array is rows x columns MACs: columns is the largest power of two up to sqrt(macs_per_cycle).
    explicit GradientTiling(const GradientArrayConfig& config) noexcept;

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::uint64_t columns() const noexcept { return columns_; }
    /// Tiles of a layer, hence how often its operands are streamed.
    [[nodiscard]] std::uint64_t passes(const LayerGeometry& layer) const noexcept;
    [[nodiscard]] std::vector<GradientTile> tiles(const LayerGeometry& layer) const;

private:
    std::uint64_t rows_, columns_;
};

/// Cycles of one tile: a position a cycle, and ceil(operand_bits / 8) cycles for operands wider than 8 bits.
[[nodiscard]] std::uint64_t gradient_tile_cycles(const LayerGeometry& layer, std::uint64_t samples,
                                                 int operand_bits) noexcept;

}  // namespace wagesim::chip
