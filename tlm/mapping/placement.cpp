// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The choice of who stays in the cells, and the cutting into passes (docs/modules/mapping.md).
#include "tlm/mapping/placement.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <sstream>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

/// Magnitude bits of slices first .. first + count - 1.
std::uint8_t slice_mask(const CrossbarConfig& config, std::size_t first, std::size_t count)
{
    unsigned mask = 0;
    for (unsigned bit = 0; bit < 7; ++bit) {
        const std::size_t slice = bit / static_cast<unsigned>(config.cell_bits);
        if (slice >= first && slice < first + count) mask |= 1U << bit;
    }
    return static_cast<std::uint8_t>(mask);
}

/// Passes of one layer in a group of `arrays` arrays.
std::vector<LayerPass> make_passes(const LayerPlan& layer, const LayerPlacement& place, const CrossbarConfig& config,
                                   std::size_t arrays)
{
    const std::size_t rows = extent(layer.geometry.fan_in());
    const std::size_t columns = extent(layer.geometry.out_c);
    const auto slices = static_cast<std::size_t>(place.slices);
    const std::size_t tiles = std::max<std::size_t>(1, arrays / slices);
    const std::size_t slices_at_once = std::min(slices, arrays);
    const bool whole_columns = tiles >= place.row_tiles;
    const std::size_t row_step = (whole_columns ? place.row_tiles : tiles) * extent(config.rows);
    const std::size_t column_step =
        (whole_columns ? std::min(place.column_tiles, tiles / place.row_tiles) : 1) * extent(config.columns);
    const bool disjoint_rows = windows_are_contiguous(layer.geometry);
    std::vector<LayerPass> out;
    for (std::size_t column = 0; column < columns; column += column_step) {
        const std::size_t first_pass = out.size();
        for (std::size_t row = 0; row < rows; row += row_step) {
            for (std::size_t slice = 0; slice < slices; slice += slices_at_once) {
                LayerPass pass;
                pass.block = {RowIndex(row), RowIndex(std::min(rows, row + row_step)), ColumnIndex(column),
                              ColumnIndex(std::min(columns, column + column_step))};
                if (slices_at_once < slices) pass.magnitude_mask = slice_mask(config, slice, slices_at_once);
                pass.first_of_columns = out.size() == first_pass;
                pass.last_of_columns = false;
                pass.first_of_rows = disjoint_rows ? column == 0 && slice == 0 : out.empty();
                pass.counts_macs = slice == 0;
                out.push_back(pass);
            }
        }
        out.back().last_of_columns = true;
    }
    return out;
}

/// Cycles that a layer keeps its group in one training step, memory aside.
std::uint64_t group_cycles(const LayerPlan& layer, const LayerPlacement& place, const ChipConfig& config,
                           const Widths& widths, std::size_t batch, bool first_layer)
{
    const std::uint64_t positions = batch * static_cast<std::uint64_t>(layer.geometry.positions());
    std::uint64_t cycles = 0;
    for (const LayerPass& pass : place.passes) {
        const std::size_t rows = std::min(extent(config.crossbar.rows), pass.block.rows());
        const std::size_t columns = std::min(extent(config.crossbar.columns), pass.block.columns());
        cycles += programming_cycles(config.crossbar, rows) * (first_layer ? 1 : 2);
        cycles += positions * forward_position_cycles(config.crossbar, widths.a, rows, columns);
        if (first_layer) continue;
        cycles += positions * backward_position_cycles(config.crossbar, layer.operand_bits, columns, rows);
    }
    return cycles;
}

class Placer {
public:
    Placer(const std::vector<LayerPlan>& layers, const ChipConfig& config, const Widths& widths, std::size_t batch)
        : layers_(layers), config_(config), widths_(widths), batch_(batch)
    {
        for (const LayerPlan& layer : layers) {
            LayerPlacement place;
            place.row_tiles = ceil_divide(extent(layer.geometry.fan_in()), extent(config.crossbar.rows));
            place.column_tiles = ceil_divide(extent(layer.geometry.out_c), extent(config.crossbar.columns));
            place.slices = weight_slices(config.crossbar, widths.w);
            bare_.push_back(place);
        }
    }

    Placement place() const
    {
        // Small layers cost the fewest partitions to keep; how many of them pays is decided by the shared ones' time.
        std::vector<std::uint32_t> by_size(layers_.size());
        std::iota(by_size.begin(), by_size.end(), 0U);
        std::stable_sort(by_size.begin(), by_size.end(),
                         [&](std::uint32_t x, std::uint32_t y) { return bare_[x].arrays() < bare_[y].arrays(); });
        const std::size_t available = extent(config_.partitions.count);
        std::size_t used = 0;
        std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
        std::vector<std::uint32_t> best;
        for (std::size_t kept = 0; kept <= layers_.size(); ++kept) {
            if (kept > 0) used += partitions_of(by_size[kept - 1]);
            const bool all = kept == layers_.size();
            if (used > available || (used == available && !all)) break;
            const std::uint64_t cycles = all ? 0 : shared_cycles(by_size, kept, available - used);
            if (cycles <= least) {
                least = cycles;
                best.assign(by_size.begin(), by_size.begin() + static_cast<std::ptrdiff_t>(kept));
            }
        }
        return build(best);
    }

private:
    std::size_t partitions_of(std::uint32_t layer) const
    {
        return ceil_divide(bare_[layer].arrays(), extent(config_.partitions.arrays));
    }

    LayerPlacement in_group(std::uint32_t layer, std::size_t partitions) const
    {
        LayerPlacement out = bare_[layer];
        out.passes = make_passes(layers_[layer], out, config_.crossbar, partitions * extent(config_.partitions.arrays));
        return out;
    }

    std::uint64_t shared_cycles(const std::vector<std::uint32_t>& by_size, std::size_t kept,
                                std::size_t partitions) const
    {
        std::uint64_t cycles = 0;
        for (std::size_t i = kept; i < by_size.size(); ++i) {
            const std::uint32_t layer = by_size[i];
            cycles += group_cycles(layers_[layer], in_group(layer, partitions), config_, widths_, batch_, layer == 0);
        }
        return cycles;
    }

    Placement build(std::vector<std::uint32_t> resident) const
    {
        std::sort(resident.begin(), resident.end());
        Placement out;
        out.layers = bare_;
        std::size_t next = 0;
        for (const std::uint32_t layer : resident) {
            const std::size_t partitions = partitions_of(layer);
            out.layers[layer] = in_group(layer, partitions);
            out.layers[layer].group = out.groups.size();
            out.groups.push_back({next, partitions, 0, {layer}});
            next += partitions;
        }
        if (resident.size() < layers_.size()) {
            GroupPlacement shared{next, extent(config_.partitions.count) - next, 0, {}};
            for (std::uint32_t layer = 0; layer < layers_.size(); ++layer) {
                if (std::binary_search(resident.begin(), resident.end(), layer)) continue;
                out.layers[layer] = in_group(layer, shared.partitions);
                out.layers[layer].group = out.groups.size();
                out.layers[layer].resident = false;
                shared.layers.push_back(layer);
            }
            out.groups.push_back(shared);
        }
        for (GroupPlacement& group : out.groups) group.tiles = most_tiles(group, out.layers);
        return out;
    }

    std::size_t most_tiles(const GroupPlacement& group, const std::vector<LayerPlacement>& layers) const
    {
        std::size_t most = 0;
        for (const std::uint32_t layer : group.layers) {
            for (const LayerPass& pass : layers[layer].passes) {
                most = std::max(most, ceil_divide(pass.block.rows(), extent(config_.crossbar.rows)) *
                                          ceil_divide(pass.block.columns(), extent(config_.crossbar.columns)));
            }
        }
        return most;
    }

    const std::vector<LayerPlan>& layers_;
    const ChipConfig& config_;
    Widths widths_;
    std::size_t batch_;
    std::vector<LayerPlacement> bare_;  ///< tiles and slices, before there are groups
};

}  // namespace

bool LayerPlacement::several_column_blocks() const noexcept
{
    return !(passes.front().block.first_column == passes.back().block.first_column);
}

bool LayerPlacement::several_row_passes() const noexcept
{
    return !passes.front().last_of_columns;
}

Placement place_layers(const std::vector<LayerPlan>& layers, const ChipConfig& config, const Widths& widths,
                       std::size_t batch)
{
    return Placer(layers, config, widths, batch).place();
}

std::string to_text(const Placement& placement)
{
    std::ostringstream out;
    for (std::size_t i = 0; i < placement.layers.size(); ++i) {
        const LayerPlacement& layer = placement.layers[i];
        const GroupPlacement& group = placement.groups[layer.group];
        out << "layer " << i << ": " << layer.row_tiles << "x" << layer.column_tiles << " tiles of " << layer.slices
            << " slices, partitions " << group.first_partition << ".." << group.first_partition + group.partitions - 1
            << ", " << (layer.resident ? "resident" : "time-multiplexed") << ", " << layer.passes.size()
            << (layer.passes.size() == 1 ? " pass\n" : " passes\n");
    }
    return out.str();
}

}  // namespace wagesim::chip
