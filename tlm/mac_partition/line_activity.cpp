// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Samples are added up first: a row's pulses are sums over the positions at which its tap meets the input, and the sum
// over samples of one place of the input is needed once for all taps.
#include "tlm/mac_partition/line_activity.hpp"

#include <algorithm>

#include "tlm/common/vector_clones.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

/// Values below which a team of threads costs more than it saves: counting takes a byte a vector lane.
constexpr std::size_t kSmallestTeam = std::size_t{1} << 21;

/// Pulses of each element of a sample, over all samples.
const std::vector<std::uint32_t>& element_pulses(const PulseCounter& counter, const void* values, ElementType type,
                                                 std::size_t samples, std::size_t elements,
                                                 std::vector<std::uint32_t>& out)
{
    out.assign(elements, 0);
    constexpr std::size_t kRun = 1024;
    const auto runs = static_cast<std::int64_t>((elements + kRun - 1) / kRun);
#pragma omp parallel for schedule(static) if (samples * elements > kSmallestTeam)
    for (std::int64_t i = 0; i < runs; ++i) {
        const std::size_t first = static_cast<std::size_t>(i) * kRun;
        counter.add_columns(static_cast<const std::byte*>(values) + first * bytes_of(type), type, samples,
                            std::min(kRun, elements - first), elements, out.data() + first);
    }
    return out;
}

WAGESIM_VECTOR_CLONES void add(const std::uint32_t* from, std::size_t count, std::uint64_t* to)
{
    for (std::size_t i = 0; i < count; ++i) to[i] += from[i];
}

/// Sum over all positions of what the row of tap (kh, kw), channel c meets.
void add_taps(const LayerGeometry& g, const std::vector<std::uint32_t>& places, std::size_t first, std::size_t end,
              std::uint64_t* rows)
{
    const std::size_t channels = extent(g.in_c);
    for (std::size_t row = first; row < end;) {
        const std::size_t tap = row / channels;
        const std::size_t begin = row % channels;
        const std::size_t stop = std::min(channels, begin + (end - row));
        const int kh = static_cast<int>(tap) / g.kernel_w;
        const int kw = static_cast<int>(tap) % g.kernel_w;
        for (int y = 0; y < g.acc_h; ++y) {
            const int in_y = y * g.stride + kh - g.pad;
            if (in_y < 0 || in_y >= g.in_h) continue;
            for (int x = 0; x < g.acc_w; ++x) {
                const int in_x = x * g.stride + kw - g.pad;
                if (in_x < 0 || in_x >= g.in_w) continue;
                const std::uint32_t* const from =
                    places.data() + (extent(in_y) * extent(g.in_w) + extent(in_x)) * channels;
                add(from + begin, stop - begin, rows + (row - first));
            }
        }
        row += stop - begin;
    }
}

}  // namespace

std::vector<std::uint64_t> row_pulses(const LayerGeometry& layer, const CellBlock& block, const PulseCounter& counter,
                                      const std::int8_t* inputs, std::size_t samples,
                                      std::vector<std::uint32_t>& scratch)
{
    const std::size_t first = block.first_row.value();
    std::vector<std::uint64_t> out(block.rows());
    if (windows_are_contiguous(layer)) {
        const auto window = static_cast<std::size_t>(layer.fan_in());
        counter.add_columns(inputs + first, ElementType::int8, samples * static_cast<std::size_t>(layer.positions()),
                            block.rows(), window, out.data());
        return out;
    }
    const auto elements = static_cast<std::size_t>(layer.inputs());
    add_taps(layer, element_pulses(counter, inputs, ElementType::int8, samples, elements, scratch), first,
             block.end_row.value(), out.data());
    return out;
}

std::vector<std::uint64_t> column_pulses(const LayerGeometry& layer, const CellBlock& block,
                                         const PulseCounter& counter, const void* operands, ElementType type,
                                         std::size_t samples, std::vector<std::uint32_t>& scratch)
{
    const auto channels = static_cast<std::size_t>(layer.out_c);
    const auto elements = static_cast<std::size_t>(layer.accumulators());
    const std::vector<std::uint32_t>& places = element_pulses(counter, operands, type, samples, elements, scratch);
    std::vector<std::uint64_t> out(block.columns());
    const std::size_t first = block.first_column.value();
    for (std::size_t at = 0; at < elements; at += channels) {
        add(places.data() + at + first, block.columns(), out.data());
    }
    return out;
}

}  // namespace wagesim::chip
