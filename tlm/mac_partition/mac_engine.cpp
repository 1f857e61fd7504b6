// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Forward, unpool and backward of a command's samples. See the header.
#include "tlm/mac_partition/mac_engine.hpp"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "ref/numerics/integer.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/mac_partition/copies.hpp"
#include "tlm/mac_partition/engine_scratch.hpp"
#include "tlm/mac_partition/pooling_unit.hpp"
#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

/// Elements below which a team of threads costs more than it saves.
constexpr std::size_t kSmallestShared = std::size_t{1} << 16;

void keep_magnitude_bits(std::uint8_t mask, std::size_t count, std::int8_t* codes)
{
    for (std::size_t i = 0; i < count; ++i) {
        const int size = (codes[i] < 0 ? -codes[i] : codes[i]) & mask;
        codes[i] = static_cast<std::int8_t>(codes[i] < 0 ? -size : size);
    }
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
    ForwardJob(const PartitionForward& of, const PartitionLayer& with, const ForwardPlaces& lying, std::size_t copies)
        : command(of),
          layer(with),
          places(lying),
          windows(with.geometry, of.block.first_row, of.block.end_row),
          type(of.complete ? of.sums.type : of.partial.type),
          acc_h(static_cast<std::size_t>(with.geometry.acc_h)),
          acc_w(static_cast<std::size_t>(with.geometry.acc_w)),
          channels(static_cast<std::size_t>(with.geometry.out_c)),
          sample_inputs(static_cast<std::size_t>(with.geometry.inputs())),
          shares(of.samples.count * acc_h, copies)
    {
    }
    const PartitionForward& command;
    const PartitionLayer& layer;
    ForwardPlaces places;
    WindowUnit windows;
    ElementType type;
    std::size_t acc_h, acc_w, channels, sample_inputs;
    CopyShares shares;
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

MacEngine::MacEngine(std::vector<CrossbarGrid> copies, std::vector<PartitionLayer> layers)
    : copies_(std::move(copies)), layers_(std::move(layers))
{
    for (const CrossbarGrid& copy : copies_) {
        if (DeviceArrays* const devices = copy.devices()) devices_.push_back(devices);
    }
}

MacEngine::Scratch& MacEngine::scratch_of_thread()
{
    return scratch_[static_cast<std::size_t>(omp_get_thread_num())];
}

void MacEngine::begin_read(CellLayout layout, const CellBlock& block)
{
    if (layout != programmed_layout_ || !(block == copies_.front().block())) {
        throw InvariantError("partition", "a command for cells that hold another block");
    }
    for (DeviceArrays* const devices : devices_) devices->settle();
}

CellChanges MacEngine::program(const PartitionProgram& command, const std::int8_t* codes, bool wears)
{
    const LayerGeometry& g = layer(command.layer).geometry;
    const std::size_t first = command.block.first_row.value();
    const std::size_t end = command.block.end_row.value();
    programmed_layer_ = command.layer;
    programmed_layout_ = command.layout;
    CellChanges changes;
    for (CrossbarGrid& copy : copies_) {
        const auto source = [&](ColumnIndex column, std::int8_t* to) {
            gather_column(g, command.layout, codes, column.value(), first, end, to);
            if (command.magnitude_mask != 0x7F) keep_magnitude_bits(command.magnitude_mask, end - first, to);
        };
        const bool counts = &copy < copies_.data() + worn_copies();
        const CellChanges here = copy.program(command.block, source, wears && counts);
        changes += here;
        changes.rows = here.rows;  // copies are programmed at the same time, and alike
        changes.turns = here.turns;
    }
    return changes;
}

void MacEngine::read_codes(std::uint32_t index, std::int8_t* codes) const
{
    const LayerGeometry& g = layer(index).geometry;
    const CrossbarGrid& cells = copies_.front();
    if (index != programmed_layer_ || cells.block().cells() != static_cast<std::size_t>(g.weights())) {
        throw InvariantError("partition", "reading back a layer that the cells do not hold");
    }
    for (std::size_t column = 0; column < cells.block().columns(); ++column) {
        const std::int8_t* const from = cells.column(ColumnIndex(column));
        for (const CrossbarGrid& copy : copies_) {
            if (std::memcmp(copy.column(ColumnIndex(column)), from, cells.block().rows()) != 0) {
                throw InvariantError("partition", "copies of layer " + std::to_string(index) + " differ");
            }
        }
        scatter_column(g, programmed_layout_, from, column, codes);
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
    const auto on_copies = [&](std::byte* to, std::size_t to_stride, bool accumulate) {
        job.shares.for_each(first_row, end_row, [&](std::size_t copy, std::size_t first, std::size_t end) {
            const std::size_t skipped = (first - first_row) * job.acc_w;
            ConstMatrix part = inputs;
            part.data = static_cast<const std::int8_t*>(inputs.data) + skipped * inputs.stride;
            part.rows = (end - first) * job.acc_w;
            copies_[copy].forward(
                part, job.layer.input_bits,
                {to + skipped * to_stride * bytes_of(job.type), job.type, part.rows, job.columns(), to_stride},
                accumulate, {job.command.layer, (job.command.samples.first * job.acc_h + first) * job.acc_w});
        });
    };
    if (!job.command.complete) {
        on_copies(job.places.partial + job.packed_bytes(first_row), job.columns(), job.command.adds_partial);
        return;
    }
    on_copies(static_cast<std::byte*>(sums), stride, false);
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
    begin_read(CellLayout::shared, command.block);
    scratch_.resize(static_cast<std::size_t>(omp_get_max_threads()));
    const ForwardJob job(command, layer(command.layer), places, copies_.size());
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

}  // namespace wagesim::chip
