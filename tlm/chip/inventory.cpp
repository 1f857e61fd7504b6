// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts by closed forms over the chip file (docs/energy.md).
#include "tlm/chip/inventory.hpp"

#include <algorithm>

#include "ref/network/layer_geometry.hpp"
#include "tlm/common/clock.hpp"

namespace wagesim::chip {
Inventory inventory_of(const ChipConfig& config)
{
    const CrossbarConfig& crossbar = config.crossbar;
    const std::uint64_t partitions = extent(config.partitions.count);
    const std::uint64_t arrays = partitions * extent(config.partitions.arrays);
    // One bank of converters an array, for the columns or the rows.
    const std::uint64_t adcs =
        arrays * ceil_divide(extent(std::max(crossbar.rows, crossbar.columns)), extent(crossbar.lines_per_adc));
    // Rows on one side, and on the other the positive and the negative line of each column.
    const std::uint64_t drivers = extent(crossbar.rows) + 2 * extent(crossbar.columns);
    constexpr std::uint64_t kKib = 1024;

    Inventory out{};
    const auto set = [&](Part part, std::uint64_t count) { out[index_of(part)] = count; };
    set(Part::cell_pair, arrays * extent(crossbar.rows) * extent(crossbar.columns));
    set(Part::array, arrays);
    set(Part::line_driver, arrays * drivers);
    set(Part::adc, adcs);
    set(Part::shift_adder, adcs);
    set(Part::adder, adcs);
    set(Part::line_buffer_byte, partitions * extent(config.partitions.line_buffer_kib) * kKib);
    set(Part::ring_byte, partitions * extent(config.partitions.ring_kib) * kKib);
    set(Part::pooling_lane, partitions * extent(config.partitions.pooling_lanes));
    set(Part::partition, partitions);
    set(Part::gradient_mac, extent(config.gradient.macs_per_cycle));
    // Two tiles' sums: one is computed while the other leaves.
    set(Part::gradient_sum_bit, 2 * extent(config.gradient.macs_per_cycle) * extent(config.gradient.accumulator_bits));
    set(Part::quantize_lane, extent(config.quantize_update.lanes));
    set(Part::quantize_unit, 1);
    set(Part::buffer_kib, extent(config.buffer.kib));
    // Partitions, gradient array, quantize/update unit, buffer, DRAM.
    set(Part::router_port, partitions + 4);
    set(Part::sequencer, 1);
    set(Part::dram_port, 1);
    return out;
}

}  // namespace wagesim::chip
