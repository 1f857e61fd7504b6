// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether the rows that overlapping windows share stay in a group: in line buffers on their way in, in rings of
// accumulators on their way out. What does not fit goes to memory window by window.
#pragma once

#include <cstddef>

#include "ref/network/layer_geometry.hpp"
#include "tlm/mac_partition/cell_layout.hpp"
#include "tlm/mac_partition/mac_partition_config.hpp"

namespace wagesim::chip {

struct WindowStorage {
    MacPartitionConfig config;
    std::size_t partitions = 1;  ///< of the group
    std::size_t copies = 1;      ///< of its cells, each with rows of its own

    /// The kernel's rows of what is driven, elements of `element_bytes` bytes. Windows that do not overlap need none.
    [[nodiscard]] bool line_buffer_holds(const LayerGeometry& layer, CellLayout layout, std::size_t element_bytes) const
    {
        if (windows_are_contiguous(layer)) return true;
        const std::size_t row = layout == CellLayout::shared ? extent(layer.in_w) * extent(layer.in_c)
                                                             : extent(layer.acc_w) * extent(layer.out_c);
        return config.line_buffer && copies * extent(layer.kernel_h) * row * element_bytes <=
                                         partitions * extent(config.line_buffer_kib) * kKib;
    }
    /// The kernel's rows of errors, sums of `sum_bytes` bytes.
    [[nodiscard]] bool ring_holds(const LayerGeometry& layer, std::size_t sum_bytes) const
    {
        if (windows_are_contiguous(layer)) return true;
        const std::size_t row = extent(layer.in_w) * extent(layer.in_c);
        return copies * extent(layer.kernel_h) * row * sum_bytes <= partitions * extent(config.ring_kib) * kKib;
    }

private:
    static constexpr std::size_t kKib = 1024;
};

}  // namespace wagesim::chip
