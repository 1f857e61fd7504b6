// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Forward, unpool and backward of a command's samples. See the header.
#include "tlm/mac_partition/mac_engine.hpp"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ref/numerics/integer.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/mac_partition/pooling_unit.hpp"
#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

template <class T>
T* grown(std::vector<T>& scratch, std::size_t count)
{
    if (scratch.size() < count) scratch.resize(count);
    return scratch.data();
}

/// Elements below which a team of threads costs more than it saves.
constexpr std::size_t kSmallestShared = std::size_t{1} << 16;

/// A block's packing costs about as much as its own cells, so few and larger blocks where there are many cells.
std::size_t block_bytes(const CellBlock& block)
{
    return std::max(kBlockBytes, 2 * block.cells());
}

/// Matrix rows first .. end of one filter: from (channel, tap) to (tap, channel) order.
void gather_filter(const std::int8_t* filter, std::size_t channels, std::size_t taps, std::size_t first,
                   std::size_t end, std::int8_t* to)
{
    for (std::size_t tap = first / channels; tap * channels < end; ++tap) {
        const std::size_t begin = std::max(first, tap * channels) - tap * channels;
        const std::size_t stop = std::min(end, (tap + 1) * channels) - tap * channels;
        std::int8_t* const row = to + tap * channels + begin - first;
        const std::int8_t* const from = filter + begin * taps + tap;
        for (std::size_t i = 0; i < stop - begin; ++i) row[i] = from[i * taps];
    }
}

void keep_magnitude_bits(std::uint8_t mask, std::size_t count, std::int8_t* codes)
{
    for (std::size_t i = 0; i < count; ++i) {
        const int size = (codes[i] < 0 ? -codes[i] : codes[i]) & mask;
        codes[i] = static_cast<std::int8_t>(codes[i] < 0 ? -size : size);
    }
}

LineActivity activity_of(const std::vector<std::uint64_t>& pulses, const std::vector<std::uint32_t>& cells)
{
    LineActivity out;
    for (std::size_t line = 0; line < pulses.size(); ++line) {
        out.pulses += pulses[line];
        out.cell_reads += pulses[line] * cells[line];
    }
    return out;
}

template <class Sum>
void add_rows(const Sum* from, std::size_t rows, std::size_t columns, Sum* to, std::size_t stride)
{
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t c = 0; c < columns; ++c) to[row * stride + c] += from[row * columns + c];
    }
}

}  // namespace

struct MacEngine::ForwardJob {
    ForwardJob(const PartitionForward& of, const PartitionLayer& with, const ForwardPlaces& lying)
        : command(of),
          layer(with),
          places(lying),
          windows(with.geometry, of.block.first_row, of.block.end_row),
          type(of.complete ? of.sums.type : of.partial.type),
          acc_h(static_cast<std::size_t>(with.geometry.acc_h)),
          acc_w(static_cast<std::size_t>(with.geometry.acc_w)),
          channels(static_cast<std::size_t>(with.geometry.out_c)),
          sample_inputs(static_cast<std::size_t>(with.geometry.inputs()))
    {
    }
    const PartitionForward& command;
    const PartitionLayer& layer;
    ForwardPlaces places;
    WindowUnit windows;
    ElementType type;
    std::size_t acc_h, acc_w, channels, sample_inputs;
    [[nodiscard]] std::size_t rows() const { return command.samples.count * acc_h; }
    [[nodiscard]] std::size_t columns() const { return command.block.columns(); }
    /// Bytes of the accumulators of `rows` rows, packed.
    [[nodiscard]] std::size_t packed_bytes(std::size_t rows) const { return rows * acc_w * columns() * bytes_of(type); }
    /// Where the accumulators of a row go without pooling.
    [[nodiscard]] std::byte* result_row(std::size_t row) const
    {
        return places.sums + (row * acc_w * channels + command.block.first_column.value()) * bytes_of(type);
    }
};

struct MacEngine::BackwardJob {
    const PartitionBackward& command;
    const PartitionLayer& layer;
    WindowUnit windows;
    const std::byte* operands;
    std::byte* errors;

    [[nodiscard]] std::size_t acc_h() const { return static_cast<std::size_t>(layer.geometry.acc_h); }
    [[nodiscard]] std::size_t acc_w() const { return static_cast<std::size_t>(layer.geometry.acc_w); }
    [[nodiscard]] ReadPlace place(std::size_t first_row) const
    {
        return {command.layer, (command.samples.first * acc_h() + first_row) * acc_w()};
    }
    /// Operands of positions first_row * acc_w .. end_row * acc_w, the block's columns.
    [[nodiscard]] ConstMatrix matrix(std::size_t first_row, std::size_t end_row) const
    {
        const auto channels = static_cast<std::size_t>(layer.geometry.out_c);
        const ElementType type = command.operands.type;
        ConstMatrix out;
        out.data = operands + (first_row * acc_w() * channels + command.block.first_column.value()) * bytes_of(type);
        out.type = type;
        out.rows = (end_row - first_row) * acc_w();
        out.columns = command.block.columns();
        out.stride = channels;
        out.bound = layer.operand_bound;
        return out;
    }
};

MacEngine::MacEngine(CrossbarGrid grid, std::vector<PartitionLayer> layers)
    : grid_(std::move(grid)), layers_(std::move(layers))
{
}

MacEngine::Scratch& MacEngine::scratch_of_thread()
{
    return scratch_[static_cast<std::size_t>(omp_get_thread_num())];
}

void MacEngine::check_block(const CellBlock& block) const
{
    if (!(block == grid_.block())) throw InvariantError("partition", "a command for cells that hold another block");
}

CellChanges MacEngine::program(const PartitionProgram& command, const std::int8_t* codes)
{
    const LayerGeometry& g = layer(command.layer).geometry;
    const auto channels = static_cast<std::size_t>(g.in_c);
    const auto taps = static_cast<std::size_t>(g.kernel_h) * static_cast<std::size_t>(g.kernel_w);
    const std::size_t first = command.block.first_row.value();
    const std::size_t end = command.block.end_row.value();
    programmed_layer_ = command.layer;
    return grid_.program(command.block, [&](ColumnIndex column, std::int8_t* to) {
        gather_filter(codes + column.value() * channels * taps, channels, taps, first, end, to);
        if (command.magnitude_mask != 0x7F) keep_magnitude_bits(command.magnitude_mask, end - first, to);
    });
}

void MacEngine::read_codes(std::uint32_t index, std::int8_t* codes) const
{
    const LayerGeometry& g = layer(index).geometry;
    const auto channels = static_cast<std::size_t>(g.in_c);
    const auto taps = static_cast<std::size_t>(g.kernel_h) * static_cast<std::size_t>(g.kernel_w);
    if (index != programmed_layer_ || grid_.block().cells() != static_cast<std::size_t>(g.weights())) {
        throw InvariantError("partition", "reading back a layer that the cells do not hold");
    }
    for (std::size_t o = 0; o < grid_.block().columns(); ++o) {
        const std::int8_t* const from = grid_.column(ColumnIndex(o));
        std::int8_t* const filter = codes + o * channels * taps;
        for (std::size_t tap = 0; tap < taps; ++tap) {
            for (std::size_t i = 0; i < channels; ++i) filter[i * taps + tap] = from[tap * channels + i];
        }
    }
}

void MacEngine::multiply(const ForwardJob& job, std::size_t first_row, std::size_t end_row, void* sums,
                         std::size_t stride)
{
    const std::size_t positions = (end_row - first_row) * job.acc_w;
    const auto window = static_cast<std::size_t>(job.layer.geometry.fan_in());
    ConstMatrix inputs;
    inputs.type = ElementType::int8;
    inputs.rows = positions;
    inputs.columns = job.windows.rows();
    inputs.bound = numerics::max_code(job.layer.input_bits);
    inputs.nonnegative = job.layer.input_nonnegative;
    if (windows_are_contiguous(job.layer.geometry)) {
        inputs.data = job.places.input + first_row * job.acc_w * window + job.command.block.first_row.value();
        inputs.stride = window;
    } else {
        Scratch& scratch = scratch_of_thread();
        std::int8_t* const windows = grown(scratch.windows, positions * job.windows.rows() + WindowUnit::kSlack);
        std::int8_t* to = windows;
        for_each_sample(first_row, end_row, job.acc_h, [&](std::size_t sample, std::size_t y, std::size_t end) {
            std::int8_t* const padded = grown(scratch.padded, job.windows.padded_elements(end - y));
            job.windows.gather(job.places.input + sample * job.sample_inputs, y, end, to, padded);
            to += (end - y) * job.acc_w * job.windows.rows();
        });
        inputs.data = windows;
        inputs.stride = job.windows.rows();
    }
    const ReadPlace place{job.command.layer, (job.command.samples.first * job.acc_h + first_row) * job.acc_w};
    if (!job.command.complete) {
        grid_.forward(
            inputs, job.layer.input_bits,
            {job.places.partial + job.packed_bytes(first_row), job.type, positions, job.columns(), job.columns()},
            job.command.adds_partial, place);
        return;
    }
    grid_.forward(inputs, job.layer.input_bits, {sums, job.type, positions, job.columns(), stride}, false, place);
    if (!job.command.adds_partial) return;
    const std::byte* const partial = job.places.earlier + job.packed_bytes(first_row);
    if (job.type == ElementType::int32) {
        add_rows(reinterpret_cast<const std::int32_t*>(partial), positions, job.columns(),
                 static_cast<std::int32_t*>(sums), stride);
    } else {
        add_rows(reinterpret_cast<const std::int64_t*>(partial), positions, job.columns(),
                 static_cast<std::int64_t*>(sums), stride);
    }
}

void MacEngine::complete(const ForwardJob& job, std::size_t first_row, std::size_t end_row, const std::byte* sums) const
{
    const LayerGeometry& g = job.layer.geometry;
    const std::size_t width = bytes_of(job.type);
    if (!g.pool) {
        for (std::size_t row = 0; row < (end_row - first_row) * job.acc_w; ++row) {
            std::memcpy(job.result_row(first_row) + row * job.channels * width, sums + row * job.columns() * width,
                        job.columns() * width);
        }
        return;
    }
    const auto size = static_cast<std::size_t>(g.pool->size);
    const auto stride = static_cast<std::size_t>(g.pool->stride);
    const auto out_h = static_cast<std::size_t>(g.out_h);
    const auto out_w = static_cast<std::size_t>(g.out_w);
    const std::byte* from = sums;
    for_each_sample(first_row, end_row, job.acc_h, [&](std::size_t sample, std::size_t y, std::size_t end) {
        const std::size_t first = y / stride;
        const std::size_t stop = end < size ? 0 : std::min(out_h, (end - size) / stride + 1);
        if (first < stop) {
            const std::size_t at =
                (sample * out_h + first) * out_w * job.channels + job.command.block.first_column.value();
            const ElementType winner = job.command.winners.type;
            pool_rows(g, stop - first, job.columns(), {from, job.type, job.columns()},
                      {job.places.sums + at * width, job.type, job.channels},
                      {job.places.winners + at * bytes_of(winner), winner, job.channels});
        }
        from += job.packed_bytes(end - y);
    });
}

void MacEngine::show(const ForwardJob& job, std::byte* sums, TensorTap& tap) const
{
    TensorRegion region;
    region.layer = job.command.layer;
    region.name = TensorName::acc;
    region.type = job.type;
    region.data = sums;
    region.first_sample = job.command.samples.first;
    region.samples = job.command.samples.count;
    region.channels = job.columns();
    region.height = job.acc_h;
    region.width = job.acc_w;
    region.first_channel = job.command.block.first_column.value();
    region.tensor_channels = job.channels;
    tap.on_region(region);
}

/// With `accumulators` the sums of all rows are left there, packed, and not completed.
void MacEngine::forward_blocks(const ForwardJob& job, std::byte* accumulators)
{
    const LayerGeometry& g = job.layer.geometry;
    // A pass that is not complete leaves its sums in `partial`; else, without pooling, they go where they belong.
    const bool completes = job.command.complete;
    const bool in_place = completes && accumulators == nullptr && !g.pool;
    const std::size_t stride = in_place ? job.channels : job.columns();
    if (windows_are_contiguous(g)) {
        // One product: nothing is copied, and the product shares the threads better than blocks of it would.
        std::byte* const to = !completes                ? nullptr
                              : in_place                ? job.result_row(0)
                              : accumulators != nullptr ? accumulators
                                                        : grown(chunk_, job.packed_bytes(job.rows()));
        multiply(job, 0, job.rows(), to, stride);
        if (completes && accumulators == nullptr && !in_place) complete(job, 0, job.rows(), to);
        return;
    }
    const std::size_t unit = !g.pool ? 1 : g.pool_overlap() > 1 ? 0 : static_cast<std::size_t>(g.pool->stride);
    const std::size_t row_bytes = job.acc_w * (job.windows.rows() + job.columns() * bytes_of(job.type));
    const RowBlocks blocks(job.command.samples.count, job.acc_h, unit, row_bytes, block_bytes(job.command.block),
                           scratch_.size());
    const auto count = static_cast<std::int64_t>(blocks.count());
#pragma omp parallel for schedule(dynamic) if (count > 1)
    for (std::int64_t i = 0; i < count; ++i) {
        const std::size_t first = blocks.first(static_cast<std::size_t>(i));
        const std::size_t end = blocks.end(static_cast<std::size_t>(i));
        std::byte* const to = !completes ? nullptr
                              : in_place ? job.result_row(first)
                              : accumulators != nullptr
                                  ? accumulators + job.packed_bytes(first)
                                  : grown(scratch_of_thread().sums, job.packed_bytes(end - first));
        multiply(job, first, end, to, stride);
        if (completes && accumulators == nullptr && !in_place) complete(job, first, end, to);
    }
}

void MacEngine::forward(const PartitionForward& command, const ForwardPlaces& places, TensorTap* tap)
{
    check_block(command.block);
    if (DeviceArrays* const devices = grid_.devices()) devices->settle();
    scratch_.resize(static_cast<std::size_t>(omp_get_max_threads()));
    const ForwardJob job(command, layer(command.layer), places);
    const bool shown = tap != nullptr && command.complete && tap->wants(command.layer, TensorName::acc);
    if (!shown) return forward_blocks(job, nullptr);
    std::byte* const accumulators = grown(chunk_, job.packed_bytes(job.rows()));
    forward_blocks(job, accumulators);
    show(job, accumulators, *tap);
    complete(job, 0, job.rows(), accumulators);
}

void MacEngine::unpool(const PartitionUnpool& command, const std::byte* codes, const std::byte* flags,
                       const std::byte* winners, std::byte* operands) const
{
    const LayerGeometry& g = layer(command.layer).geometry;
    const auto channels = static_cast<std::size_t>(g.out_c);
    const auto outputs = static_cast<std::size_t>(g.outputs());
    const auto accumulators = static_cast<std::size_t>(g.accumulators());
    const auto samples = static_cast<std::int64_t>(command.samples.count);
#pragma omp parallel for schedule(static) if (command.samples.count * accumulators > kSmallestShared)
    for (std::int64_t i = 0; i < samples; ++i) {
        const auto sample = static_cast<std::size_t>(i);
        unpool_sample(
            g, {codes + sample * outputs * bytes_of(command.codes.type), command.codes.type, channels},
            reinterpret_cast<const std::uint8_t*>(flags) + sample * outputs,
            {g.pool ? winners + sample * outputs * bytes_of(command.winners.type) : nullptr, command.winners.type,
             channels},
            {operands + sample * accumulators * bytes_of(command.operands.type), command.operands.type, channels});
    }
}

/// Whole samples: their rings are this thread's own.
template <class Sum>
void MacEngine::backward_rows(const BackwardJob& job, std::size_t first_row, std::size_t end_row)
{
    const std::size_t row_elements = job.acc_w() * job.windows.rows();
    const RowBlocks blocks((end_row - first_row) / job.acc_h(), job.acc_h(), 1, row_elements * sizeof(Sum),
                           block_bytes(job.command.block), 1);
    const auto sample_inputs = static_cast<std::size_t>(job.layer.geometry.inputs());
    Scratch& scratch = scratch_of_thread();
    auto* const ring = reinterpret_cast<Sum*>(grown(scratch.ring, job.windows.ring_elements() * sizeof(Sum)));
    for (std::size_t block = 0; block < blocks.count(); ++block) {
        const std::size_t first = first_row + blocks.first(block);
        const std::size_t end = first_row + blocks.end(block);
        auto* const sums = reinterpret_cast<Sum*>(grown(scratch.sums, (end - first) * row_elements * sizeof(Sum)));
        grid_.backward(
            job.matrix(first, end), job.layer.operand_bits,
            {sums, element_type_of<Sum>(), (end - first) * job.acc_w(), job.windows.rows(), job.windows.rows()}, false,
            job.place(first));
        const Sum* from = sums;
        for_each_sample(first, end, job.acc_h(), [&](std::size_t sample, std::size_t y, std::size_t stop) {
            if (y == 0) std::fill_n(ring, job.windows.ring_elements(), Sum{0});
            job.windows.scatter(from, y, stop, ring);
            from += (stop - y) * row_elements;
            if (stop < job.acc_h()) return;
            job.windows.drain(ring, reinterpret_cast<Sum*>(job.errors) + sample * sample_inputs,
                              job.command.accumulate);
        });
    }
}

void MacEngine::backward(const PartitionBackward& command, const std::byte* operands, std::byte* errors)
{
    check_block(command.block);
    if (DeviceArrays* const devices = grid_.devices()) devices->settle();
    scratch_.resize(static_cast<std::size_t>(omp_get_max_threads()));
    const PartitionLayer& with = layer(command.layer);
    const WindowUnit windows(with.geometry, command.block.first_row, command.block.end_row);
    const BackwardJob job{command, with, windows, operands, errors};
    const std::size_t rows = command.samples.count * job.acc_h();
    if (windows_are_contiguous(with.geometry)) {
        const auto window = static_cast<std::size_t>(with.geometry.fan_in());
        std::byte* const to = errors + command.block.first_row.value() * bytes_of(command.errors.type);
        grid_.backward(job.matrix(0, rows), with.operand_bits,
                       {to, command.errors.type, rows * job.acc_w(), windows.rows(), window}, command.accumulate,
                       job.place(0));
        return;
    }
    // Small samples go through together: each product packs the cells anew.
    const RowBlocks groups(command.samples.count, job.acc_h(), 0, job.acc_w() * windows.rows() * sizeof(std::int32_t),
                           block_bytes(command.block), scratch_.size());
    const auto count = static_cast<std::int64_t>(groups.count());
#pragma omp parallel for schedule(dynamic) if (count > 1)
    for (std::int64_t i = 0; i < count; ++i) {
        const auto group = static_cast<std::size_t>(i);
        if (command.errors.type == ElementType::int32) {
            backward_rows<std::int32_t>(job, groups.first(group), groups.end(group));
        } else {
            backward_rows<std::int64_t>(job, groups.first(group), groups.end(group));
        }
    }
}

const PulseCounter& MacEngine::counter(int bits)
{
    const auto found = counters_.find(bits);
    if (found != counters_.end()) return found->second;
    return counters_.emplace(bits, PulseCounter(pulse_code(grid_.config(), bits))).first->second;
}

LineActivity MacEngine::activity(const PartitionForward& command, const std::int8_t* input)
{
    const PartitionLayer& with = layer(command.layer);
    return activity_of(
        row_pulses(with.geometry, command.block, counter(with.input_bits), input, command.samples.count, places_),
        grid_.row_cells());
}

LineActivity MacEngine::activity(const PartitionBackward& command, const std::byte* operands)
{
    const PartitionLayer& with = layer(command.layer);
    return activity_of(column_pulses(with.geometry, command.block, counter(with.operand_bits), operands,
                                     command.operands.type, command.samples.count, places_),
                       grid_.column_cells());
}

}  // namespace wagesim::chip
