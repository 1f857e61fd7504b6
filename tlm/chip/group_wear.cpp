// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/chip/group_wear.hpp"

#include <algorithm>

#include "tlm/chip/chip_parts.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"

namespace wagesim::chip {
namespace {

/// A layer that stays has a map of its own matrix; where layers take turns, it is of all that the arrays hold.
WearMap map_of(const MacPartition& partition, bool resident)
{
    const std::vector<CrossbarGrid>& copies = partition.copies();
    const std::uint64_t alike = copies.size() / partition.worn_copies();
    const CrossbarGrid& first = copies.front();
    WearMap map;
    map.rows = resident ? first.block().rows() : first.arranged_rows();
    map.columns = resident ? first.block().columns() : first.arranged_columns();
    map.bin_rows = std::min(map.rows, WearMap::kMostBins);
    map.bin_columns = std::min(map.columns, WearMap::kMostBins);
    const std::size_t bins = map.bin_rows * map.bin_columns;
    map.most.assign(bins, 0);
    map.total.assign(bins, 0);
    map.cells.assign(bins, 0);
    for (std::size_t copy = 0; copy < partition.worn_copies(); ++copy) {
        for (std::size_t row = 0; row < map.rows; ++row) {
            for (std::size_t column = 0; column < map.columns; ++column) {
                const std::size_t bin =
                    row * map.bin_rows / map.rows * map.bin_columns + column * map.bin_columns / map.columns;
                copies[copy].for_each_cell(row, column, [&](std::uint64_t pulses) {
                    map.most[bin] = std::max(map.most[bin], pulses);
                    map.total[bin] += alike * pulses;
                    map.cells[bin] += alike;
                });
            }
        }
    }
    return map;
}

}  // namespace

std::vector<GroupWear> Chip::Parts::wear(WearDetail detail) const
{
    std::vector<GroupWear> out(partitions.size());
    const CrossbarConfig& crossbar = mapping.config().crossbar;
    const auto cells_a_weight = 2 * static_cast<std::uint64_t>(weight_slices(crossbar, mapping.options().widths.w));
    const auto served = [&](std::size_t layer, const MatrixPlacement& place) {
        GroupWear& to = out[place.group];
        if (to.layers.empty() || to.layers.back() != layer) to.layers.push_back(layer);
        to.resident = place.resident;
        to.transposed = place.resident && place.layout == CellLayout::transposed;
        const GroupPlacement& group = mapping.placement().groups[place.group];
        const std::size_t weights = place.resident ? static_cast<std::size_t>(geometry[layer].weights())
                                                   : group.tiles * static_cast<std::size_t>(crossbar.rows) *
                                                         static_cast<std::size_t>(crossbar.columns);
        to.cells = group.copies * weights * cells_a_weight;
    };
    for (std::size_t layer = 0; layer < mapping.placement().layers.size(); ++layer) {
        const LayerPlacement& place = mapping.placement().layers[layer];
        served(layer, place.shared);
        if (place.transposed) served(layer, *place.transposed);
    }
    for (std::size_t group = 0; group < partitions.size(); ++group) {
        const MacPartition& partition = *partitions[group];
        const std::uint64_t alike = partition.copies().size() / partition.worn_copies();
        GroupWear& to = out[group];
        to.unit = mapping.unit_names()[group];
        to.counted = mapping.config().fidelity != Fidelity::timing;
        for (std::size_t i = 0; i < partition.worn_copies(); ++i) {
            const CellWear& wear = partition.copies()[i].wear();
            to.total += alike * wear.total();
            to.most = std::max(to.most, wear.most());
        }
        if (detail == WearDetail::maps && to.counted) to.map = map_of(partition, to.resident);
    }
    return out;
}

}  // namespace wagesim::chip
