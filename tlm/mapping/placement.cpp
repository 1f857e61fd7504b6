// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The choice of who stays in the cells and how often (docs/modules/mapping.md).
#include "tlm/mapping/placement.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "tlm/common/clock.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/copies.hpp"
#include "tlm/mapping/matrix_passes.hpp"

namespace wagesim::chip {
namespace {

/// A layer's weights in one layout, before there are groups.
struct Matrix {
    std::uint32_t layer = 0;
    MatrixPlacement place;
};

class Placer {
public:
    Placer(const std::vector<LayerPlan>& layers, const ChipConfig& config, const Widths& widths, std::size_t batch)
        : layers_(layers), config_(config), widths_(widths), batch_(batch)
    {
        for (std::uint32_t layer = 0; layer < layers.size(); ++layer) {
            matrices_.push_back(bare(layer, CellLayout::shared));
            if (layer > 0 && config.backward == BackwardCells::dedicated) {
                matrices_.push_back(bare(layer, CellLayout::transposed));
            }
        }
    }

    Placement place()
    {
        const std::vector<bool> resident = choose_residents();
        if (config_.mapping.replication == Replication::given) {
            for (std::size_t i = 0; i < matrices_.size(); ++i) check_given(matrices_[i], resident[i]);
        }
        if (config_.mapping.replication == Replication::balanced) balance(resident);
        return build(resident);
    }

private:
    Matrix bare(std::uint32_t layer, CellLayout layout) const
    {
        const CellMatrix matrix = cell_matrix(layers_[layer].geometry, layout);
        Matrix out;
        out.layer = layer;
        out.place.layout = layout;
        out.place.row_tiles = ceil_divide(matrix.rows, extent(config_.crossbar.rows));
        out.place.column_tiles = ceil_divide(matrix.columns, extent(config_.crossbar.columns));
        out.place.slices = weight_slices(config_.crossbar, widths_.w);
        if (config_.mapping.replication == Replication::given) {
            out.place.copies = extent(config_.mapping.copies.at(layer));
        }
        return out;
    }

    std::size_t partitions_of(const Matrix& matrix) const
    {
        return ceil_divide(matrix.place.arrays(), extent(config_.partitions.arrays));
    }

    MatrixPlacement in_group(const Matrix& matrix, std::size_t arrays) const
    {
        MatrixPlacement out = matrix.place;
        out.passes = make_passes(layers_[matrix.layer], out, config_.crossbar, arrays);
        return out;
    }
    MatrixPlacement resident_place(const Matrix& matrix) const
    {
        return in_group(matrix, matrix.place.arrays() / matrix.place.copies);
    }

    /// Cycles that a matrix keeps its group in one training step, memory aside.
    std::uint64_t group_cycles(const Matrix& matrix, const MatrixPlacement& place) const
    {
        const LayerPlan& layer = layers_[matrix.layer];
        const bool transposed = place.layout == CellLayout::transposed;
        const bool serves_backward = matrix.layer > 0 && config_.backward == BackwardCells::shared;
        const CellMatrix shape = cell_matrix(layer.geometry, place.layout);
        const std::uint64_t positions = CopyShares(batch_ * shape.height, place.copies).largest() * shape.width;
        std::uint64_t cycles = 0;
        for (const MatrixPass& pass : place.passes) {
            const std::size_t rows = std::min(extent(config_.crossbar.rows), pass.block.rows());
            const std::size_t columns = std::min(extent(config_.crossbar.columns), pass.block.columns());
            cycles += programming_cycles(config_.crossbar, rows) * (serves_backward ? 2 : 1);
            cycles += positions * forward_position_cycles(config_.crossbar, transposed ? layer.operand_bits : widths_.a,
                                                          rows, columns);
            if (!serves_backward) continue;
            cycles += positions * backward_position_cycles(config_.crossbar, layer.operand_bits, columns, rows);
        }
        return cycles;
    }

    /// Small matrices cost the fewest partitions to keep; how many of them pays is decided by the shared ones' time.
    std::vector<bool> choose_residents() const
    {
        std::vector<std::size_t> by_size(matrices_.size());
        std::iota(by_size.begin(), by_size.end(), std::size_t{0});
        std::stable_sort(by_size.begin(), by_size.end(), [&](std::size_t x, std::size_t y) {
            return matrices_[x].place.arrays() < matrices_[y].place.arrays();
        });
        const std::size_t available = extent(config_.partitions.count);
        std::size_t used = 0;
        std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
        std::size_t best = 0;
        for (std::size_t kept = 0; kept <= by_size.size(); ++kept) {
            if (kept > 0) used += partitions_of(matrices_[by_size[kept - 1]]);
            const bool all = kept == by_size.size();
            if (used > available || (used == available && !all)) break;
            std::uint64_t cycles = 0;
            for (std::size_t i = kept; i < by_size.size(); ++i) {
                const Matrix& matrix = matrices_[by_size[i]];
                const std::size_t arrays = (available - used) * extent(config_.partitions.arrays);
                cycles += group_cycles(matrix, in_group(matrix, arrays));
            }
            if (cycles > least) continue;
            least = cycles;
            best = kept;
        }
        std::vector<bool> out(matrices_.size(), false);
        for (std::size_t i = 0; i < best; ++i) out[by_size[i]] = true;
        return out;
    }

    void check_given(const Matrix& matrix, bool resident) const
    {
        if (resident || matrix.place.copies == 1) return;
        throw std::invalid_argument(
            "mapping.copies[" + std::to_string(matrix.layer) + "]: got " + std::to_string(matrix.place.copies) +
            ", allowed 1: the layer's " + std::to_string(matrix.place.arrays()) +
            " arrays do not fit beside the others, and layers that share a group have no copies");
    }

    /// One more copy for the slowest, while there is room: more of the others would cost energy and save no time.
    void balance(const std::vector<bool>& resident)
    {
        if (std::find(resident.begin(), resident.end(), false) != resident.end()) return;
        std::size_t left = extent(config_.partitions.count);
        for (const Matrix& matrix : matrices_) left -= partitions_of(matrix);
        for (;;) {
            const auto slowest =
                std::max_element(matrices_.begin(), matrices_.end(), [&](const Matrix& x, const Matrix& y) {
                    return group_cycles(x, resident_place(x)) < group_cycles(y, resident_place(y));
                });
            if (added_partitions(*slowest) > left || !copies_pay(*slowest)) return;
            left -= added_partitions(*slowest);
            ++slowest->place.copies;
        }
    }

    std::size_t added_partitions(const Matrix& matrix) const
    {
        Matrix more = matrix;
        ++more.place.copies;
        return partitions_of(more) - partitions_of(matrix);
    }

    /// A command has rows of windows for one more copy.
    bool copies_pay(const Matrix& matrix) const
    {
        const std::size_t samples = std::min(batch_, extent(config_.sequencer.chunk_samples));
        return matrix.place.copies < samples * cell_matrix(layers_[matrix.layer].geometry, matrix.place.layout).height;
    }

    Placement build(const std::vector<bool>& resident) const
    {
        Placement out;
        out.layers.resize(layers_.size());
        std::size_t next = 0;
        const auto put = [&](const Matrix& matrix, MatrixPlacement place, std::size_t group, bool stays) {
            place.group = group;
            place.resident = stays;
            GroupPlacement& of = out.groups[group];
            of.copies = place.copies;
            of.tiles = std::max(of.tiles, most_tiles(place));
            LayerPlacement& layer = out.layers[matrix.layer];
            if (matrix.place.layout == CellLayout::shared) {
                layer.shared = std::move(place);
            } else {
                layer.transposed = std::move(place);
            }
        };
        for (std::size_t i = 0; i < matrices_.size(); ++i) {
            if (!resident[i]) continue;
            const std::size_t partitions = partitions_of(matrices_[i]);
            out.groups.push_back({next, partitions, 0, 1});
            put(matrices_[i], resident_place(matrices_[i]), out.groups.size() - 1, true);
            next += partitions;
        }
        if (std::find(resident.begin(), resident.end(), false) == resident.end()) return out;
        const std::size_t partitions = extent(config_.partitions.count) - next;
        out.groups.push_back({next, partitions, 0, 1});
        for (std::size_t i = 0; i < matrices_.size(); ++i) {
            if (resident[i]) continue;
            put(matrices_[i], in_group(matrices_[i], partitions * extent(config_.partitions.arrays)),
                out.groups.size() - 1, false);
        }
        return out;
    }

    std::size_t most_tiles(const MatrixPlacement& place) const
    {
        std::size_t most = 0;
        for (const MatrixPass& pass : place.passes) {
            most = std::max(most, ceil_divide(pass.block.rows(), extent(config_.crossbar.rows)) *
                                      ceil_divide(pass.block.columns(), extent(config_.crossbar.columns)));
        }
        return most;
    }

    const std::vector<LayerPlan>& layers_;
    const ChipConfig& config_;
    Widths widths_;
    std::size_t batch_;
    std::vector<Matrix> matrices_;  ///< by layer
};

void line(std::ostringstream& out, std::size_t layer, const MatrixPlacement& place, const Placement& placement)
{
    const GroupPlacement& group = placement.groups[place.group];
    out << "layer " << layer << (place.layout == CellLayout::transposed ? ", dedicated to backward" : "") << ": "
        << place.row_tiles << "x" << place.column_tiles << " tiles of " << place.slices << " slices, ";
    if (place.copies > 1) out << place.copies << " copies, ";
    out << "partitions " << group.first_partition << ".." << group.first_partition + group.partitions - 1 << ", "
        << (place.resident ? "resident" : "time-multiplexed") << ", " << place.passes.size()
        << (place.passes.size() == 1 ? " pass\n" : " passes\n");
}

}  // namespace

bool MatrixPlacement::several_column_blocks() const noexcept
{
    return !(passes.front().block.first_column == passes.back().block.first_column);
}

bool MatrixPlacement::several_row_passes() const noexcept
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
        line(out, i, placement.layers[i].shared, placement);
        if (placement.layers[i].transposed) line(out, i, *placement.layers[i].transposed, placement);
    }
    return out.str();
}

}  // namespace wagesim::chip
