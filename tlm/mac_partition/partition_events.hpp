// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a partition group's commands take, by closed forms (docs/modules/mac_partition.md): every event whose number no
// data decides. No state; no memory traffic, which is counted on its wire.
#pragma once

#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/mac_partition/mac_engine.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mac_partition/window_storage.hpp"

namespace wagesim::chip {

struct PartitionEvents {
    CrossbarConfig crossbar;
    int weight_bits = 2;
    std::size_t copies = 1;  ///< of the cells
    WindowStorage storage;
    int write_pulses = 1;  ///< that a row has time for: as many writes and verifications, needed or not

    [[nodiscard]] std::vector<EventCount> of(const PartitionProgram& command, const PartitionLayer& layer) const;
    /// The same where only so many of the block's rows are programmed.
    [[nodiscard]] std::vector<EventCount> programming(const PartitionProgram& command, std::uint64_t rows) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionForward& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionUnpool& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionBackward& command, const PartitionLayer& layer) const;

    /// Arrays that hold a block: tiles along rows, along columns, and slices.
    struct Arrays {
        std::uint64_t row_tiles = 1, column_tiles = 1, slices = 1;
        std::uint64_t row_groups = 1, column_groups = 1;  ///< groups of lines driven at once, over all tiles
    };
    [[nodiscard]] Arrays arrays(const CellBlock& block, std::uint8_t magnitude_mask) const;

private:
    /// Rows driven with values of `bits` bits, columns read; `earlier_sums`: added once more to earlier ones.
    [[nodiscard]] std::vector<EventCount> rows_driven(const CellBlock& block, std::uint8_t magnitude_mask,
                                                      std::uint64_t positions, int bits,
                                                      std::uint64_t earlier_sums) const;
    [[nodiscard]] std::vector<EventCount> of_transposed(const PartitionBackward& command,
                                                        const PartitionLayer& layer) const;
    /// Rows of a tensor that line buffers take for windows: each once for every copy that needs it.
    [[nodiscard]] std::uint64_t rows_taken(const LayerGeometry& layer, CellLayout layout, std::size_t samples) const;
};

}  // namespace wagesim::chip
