// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A column is runs of codes a fixed stride apart, in both layouts. See the header.
#include "tlm/mac_partition/cell_layout.hpp"

#include <algorithm>

namespace wagesim::chip {
namespace {

/// Rows `rows` x `run`: row r = outer * run + inner is the code at base + outer_at(outer) + inner * inner_stride.
struct ColumnOrder {
    std::size_t base = 0;
    std::size_t run = 1;  ///< rows of one tap
    std::size_t inner_stride = 1;
    std::size_t taps = 1;
    bool rotated = false;  ///< the first rows are of the last tap

    [[nodiscard]] std::size_t tap(std::size_t outer) const noexcept { return rotated ? taps - 1 - outer : outer; }
};

ColumnOrder order_of(const LayerGeometry& layer, CellLayout layout, std::size_t column)
{
    const std::size_t channels = extent(layer.in_c);
    const std::size_t taps = extent(layer.kernel_h) * extent(layer.kernel_w);
    ColumnOrder out;
    if (layout == CellLayout::shared) {
        out = {column * channels * taps, channels, taps, taps, false};
    } else if (windows_are_contiguous(layer)) {
        // One tap and channel of every filter.
        out = {column % channels * taps + column / channels, extent(layer.out_c), channels * taps, 1, false};
    } else {
        out = {column * taps, extent(layer.out_c), channels * taps, taps, true};
    }
    return out;
}

}  // namespace

bool windows_are_contiguous(const LayerGeometry& layer) noexcept
{
    const bool whole_input = layer.kernel_h == layer.in_h && layer.kernel_w == layer.in_w;
    const bool pointwise = layer.kernel_h == 1 && layer.kernel_w == 1 && layer.stride == 1;
    return layer.pad == 0 && (whole_input || pointwise);
}

CellMatrix cell_matrix(const LayerGeometry& layer, CellLayout layout)
{
    const std::size_t fan_in = extent(layer.fan_in());
    const std::size_t outputs = extent(layer.out_c);
    if (layout == CellLayout::shared) return {fan_in, outputs, extent(layer.acc_h), extent(layer.acc_w)};
    if (windows_are_contiguous(layer)) return {outputs, fan_in, extent(layer.acc_h), extent(layer.acc_w)};
    const std::size_t taps = extent(layer.kernel_h) * extent(layer.kernel_w);
    return {outputs * taps, extent(layer.in_c), extent(layer.in_h), extent(layer.in_w)};
}

void gather_column(const LayerGeometry& layer, CellLayout layout, const std::int8_t* codes, std::size_t column,
                   std::size_t first, std::size_t end, std::int8_t* to)
{
    const ColumnOrder order = order_of(layer, layout, column);
    for (std::size_t outer = first / order.run; outer * order.run < end; ++outer) {
        const std::size_t begin = std::max(first, outer * order.run) - outer * order.run;
        const std::size_t stop = std::min(end, (outer + 1) * order.run) - outer * order.run;
        std::int8_t* const rows = to + outer * order.run + begin - first;
        const std::int8_t* const from = codes + order.base + order.tap(outer) + begin * order.inner_stride;
        const std::size_t stride = order.inner_stride;
        for (std::size_t i = 0; i < stop - begin; ++i) rows[i] = from[i * stride];
    }
}

void scatter_column(const LayerGeometry& layer, CellLayout layout, const std::int8_t* cells, std::size_t column,
                    std::int8_t* codes)
{
    const ColumnOrder order = order_of(layer, layout, column);
    for (std::size_t outer = 0; outer < order.taps; ++outer) {
        std::int8_t* const to = codes + order.base + order.tap(outer);
        for (std::size_t i = 0; i < order.run; ++i) to[i * order.inner_stride] = cells[outer * order.run + i];
    }
}

}  // namespace wagesim::chip
