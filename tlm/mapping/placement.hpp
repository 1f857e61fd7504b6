// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which partitions a layer's weights occupy, how often, and in how many passes. Matrices that fit stay in their cells
// from step to step; the others share one group of partitions and are programmed anew for each pass. Plain C++.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlm/chip/chip_config.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/mac_partition/cell_layout.hpp"
#include "tlm/mapping/layer_plan.hpp"

namespace wagesim::chip {

/// One filling of a group's cells. A matrix's passes go column block by column block; within one, rows (and, where the
/// group has fewer arrays than a weight has slices, magnitude bits) follow each other, and their sums are added.
struct MatrixPass {
    CellBlock block;
    std::uint8_t magnitude_mask = 0x7F;
    bool first_of_columns = true;  ///< starts the column block's sums
    bool last_of_columns = true;   ///< completes them
    bool first_of_rows = true;     ///< backward on shared cells: no earlier pass has delivered to these rows
    bool counts_macs = true;       ///< of several magnitude passes only one does
};

/// A layer's weights as they stand in cells.
struct MatrixPlacement {
    CellLayout layout = CellLayout::shared;
    std::size_t group = 0;
    bool resident = true;
    std::size_t copies = 1;
    std::size_t row_tiles = 0, column_tiles = 0;
    int slices = 1;
    std::vector<MatrixPass> passes;

    /// Of all copies.
    [[nodiscard]] std::size_t arrays() const noexcept
    {
        return copies * row_tiles * column_tiles * static_cast<std::size_t>(slices);
    }
    /// More than one column block: a sample's sums are complete only after the last.
    [[nodiscard]] bool several_column_blocks() const noexcept;
    /// Sums of rows that have to wait in memory for the next pass.
    [[nodiscard]] bool several_row_passes() const noexcept;
};

struct LayerPlacement {
    MatrixPlacement shared;                     ///< forward, and backward where that has no cells of its own
    std::optional<MatrixPlacement> transposed;  ///< `backward: dedicated`, all layers but the first

    [[nodiscard]] const MatrixPlacement& forward() const noexcept { return shared; }
    [[nodiscard]] const MatrixPlacement& backward() const noexcept { return transposed ? *transposed : shared; }
};

struct GroupPlacement {
    std::size_t first_partition = 0;
    std::size_t partitions = 0;
    std::size_t tiles = 0;   ///< of one copy, the most that stand in it at one time
    std::size_t copies = 1;  ///< of its cells
};

struct Placement {
    std::vector<GroupPlacement> groups;
    std::vector<LayerPlacement> layers;
};

/// Places every layer. The chip has at least one partition with one array. Throws std::invalid_argument where given
/// copies do not fit.
[[nodiscard]] Placement place_layers(const std::vector<LayerPlan>& layers, const ChipConfig& config,
                                     const Widths& widths, std::size_t batch);

[[nodiscard]] std::string to_text(const Placement& placement);

}  // namespace wagesim::chip
