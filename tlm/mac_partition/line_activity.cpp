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
    constexpr std::size_t kRun = 4096;
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

/// Places that a tap meets along one axis: first, first + step, ..., before end.
struct Places {
    std::size_t first, end, step;
};

/// Inputs that positions meet by a tap.
Places inputs_met(int tap, int pad, int stride, int positions, int inputs)
{
    const int from = tap - pad;
    const int skipped = from >= 0 ? 0 : (-from + stride - 1) / stride;
    const int last = from + (positions - 1) * stride;
    return {extent(std::max(0, from + skipped * stride)), extent(std::max(0, std::min(inputs, last + 1))),
            extent(stride)};
}

/// Positions that meet an input by a tap.
Places positions_meeting(int tap, int pad, int stride, int positions, int inputs)
{
    const int first = std::max(0, (pad - tap + stride - 1) / stride);
    const int last = pad - tap + inputs - 1;
    return {extent(first), last < 0 ? 0 : extent(std::min(positions, last / stride + 1)), 1};
}

/// The places of a sample as lines of channels, and which of them each tap meets.
struct TapRows {
    std::size_t kernel_w, channels, line_places;
    std::vector<Places> ys, xs;  ///< by kernel row and column
};

TapRows rows_of_inputs(const LayerGeometry& g)
{
    TapRows out{extent(g.kernel_w), extent(g.in_c), extent(g.in_w), {}, {}};
    for (int kh = 0; kh < g.kernel_h; ++kh) out.ys.push_back(inputs_met(kh, g.pad, g.stride, g.acc_h, g.in_h));
    for (int kw = 0; kw < g.kernel_w; ++kw) out.xs.push_back(inputs_met(kw, g.pad, g.stride, g.acc_w, g.in_w));
    return out;
}

/// Taps are rotated.
TapRows rows_of_operands(const LayerGeometry& g)
{
    TapRows out{extent(g.kernel_w), extent(g.out_c), extent(g.acc_w), {}, {}};
    for (int kh = g.kernel_h; kh-- > 0;) out.ys.push_back(positions_meeting(kh, g.pad, g.stride, g.acc_h, g.in_h));
    for (int kw = g.kernel_w; kw-- > 0;) out.xs.push_back(positions_meeting(kw, g.pad, g.stride, g.acc_w, g.in_w));
    return out;
}

/// Sums of what each row from `first` to `end` meets: over y for each kernel row, then over x.
void add_taps(const TapRows& of, const std::vector<std::uint32_t>& places, std::size_t first, std::size_t end,
              std::uint64_t* rows)
{
    const std::size_t channels = of.channels;
    const std::size_t line = of.line_places * channels;
    std::vector<std::uint64_t> of_line(line);
    for (std::size_t kh = first / (of.kernel_w * channels); kh * of.kernel_w * channels < end; ++kh) {
        std::fill(of_line.begin(), of_line.end(), 0);
        const Places& ys = of.ys[kh];
        for (std::size_t y = ys.first; y < ys.end; y += ys.step) add(places.data() + y * line, line, of_line.data());
        for (std::size_t kw = 0; kw < of.kernel_w; ++kw) {
            const std::size_t tap = (kh * of.kernel_w + kw) * channels;
            const std::size_t begin = std::max(first, tap);
            const std::size_t stop = std::min(end, tap + channels);
            const Places& xs = of.xs[kw];
            for (std::size_t x = xs.first; x < xs.end; x += xs.step) {
                const std::uint64_t* const from = of_line.data() + x * channels;
                for (std::size_t row = begin; row < stop; ++row) rows[row - first] += from[row - tap];
            }
        }
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
    add_taps(rows_of_inputs(layer), element_pulses(counter, inputs, ElementType::int8, samples, elements, scratch),
             first, block.end_row.value(), out.data());
    return out;
}

std::vector<std::uint64_t> transposed_row_pulses(const LayerGeometry& layer, const CellBlock& block,
                                                 const PulseCounter& counter, const void* operands, ElementType type,
                                                 std::size_t samples, std::vector<std::uint32_t>& scratch)
{
    const std::size_t first = block.first_row.value();
    std::vector<std::uint64_t> out(block.rows());
    if (windows_are_contiguous(layer)) {
        counter.add_columns(static_cast<const std::byte*>(operands) + first * bytes_of(type), type,
                            samples * extent(layer.positions()), block.rows(), extent(layer.out_c), out.data());
        return out;
    }
    add_taps(rows_of_operands(layer),
             element_pulses(counter, operands, type, samples, extent(layer.accumulators()), scratch), first,
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
