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

namespace wagesim::chip {

struct PartitionEvents {
    CrossbarConfig crossbar;
    int weight_bits = 2;
    int write_pulses =
        1;  ///< that a row has time for: as many writes and verifications, whether cells need them or not

    [[nodiscard]] std::vector<EventCount> of(const PartitionProgram& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionForward& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionUnpool& command, const PartitionLayer& layer) const;
    [[nodiscard]] std::vector<EventCount> of(const PartitionBackward& command, const PartitionLayer& layer) const;

    /// Arrays that hold a block: tiles along rows, along columns, and slices.
    struct Arrays {
        std::uint64_t row_tiles = 1, column_tiles = 1, slices = 1;
        std::uint64_t row_groups = 1, column_groups = 1;  ///< groups of lines driven at once, over all tiles
    };
    [[nodiscard]] Arrays arrays(const CellBlock& block, std::uint8_t magnitude_mask) const;
};

}  // namespace wagesim::chip
