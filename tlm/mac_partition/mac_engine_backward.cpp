// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Backward of a command's samples: on the cells that forward uses, whose windows' sums overlap, or on transposed cells.
#include <omp.h>

#include <algorithm>
#include <optional>

#include "ref/tensor/element_type.hpp"
#include "tlm/mac_partition/copies.hpp"
#include "tlm/mac_partition/engine_scratch.hpp"
#include "tlm/mac_partition/mac_engine.hpp"
#include "tlm/mac_partition/operand_windows.hpp"
#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {

struct MacEngine::BackwardJob {
    const PartitionBackward& command;
    const PartitionLayer& layer;
    WindowUnit windows;
    const std::byte* operands;
    std::byte* errors;
    CopyShares shares;

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
        job.shares.for_each(first, end, [&](std::size_t copy, std::size_t begin, std::size_t stop) {
            copies_[copy].backward(job.matrix(begin, stop), job.layer.operand_bits,
                                   {sums + (begin - first) * row_elements, element_type_of<Sum>(),
                                    (stop - begin) * job.acc_w(), job.windows.rows(), job.windows.rows()},
                                   false, job.place(begin));
        });
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
    begin_read(command.layout, command.block);
    scratch_.resize(static_cast<std::size_t>(omp_get_max_threads()));
    if (command.layout == CellLayout::transposed) return backward_transposed(command, operands, errors);
    const PartitionLayer& with = layer(command.layer);
    const WindowUnit windows(with.geometry, command.block.first_row, command.block.end_row);
    const std::size_t rows = command.samples.count * extent(with.geometry.acc_h);
    const BackwardJob job{command, with, windows, operands, errors, CopyShares(rows, copies_.size())};
    if (windows_are_contiguous(with.geometry)) {
        const auto window = static_cast<std::size_t>(with.geometry.fan_in());
        std::byte* const to = errors + command.block.first_row.value() * bytes_of(command.errors.type);
        job.shares.for_each(0, rows, [&](std::size_t copy, std::size_t first, std::size_t end) {
            copies_[copy].backward(job.matrix(first, end), with.operand_bits,
                                   {to + first * job.acc_w() * window * bytes_of(command.errors.type),
                                    command.errors.type, (end - first) * job.acc_w(), windows.rows(), window},
                                   command.accumulate, job.place(first));
        });
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

/// Operands drive rows: windows of them, or, where windows do not overlap, the operands as they lie.
void MacEngine::backward_transposed(const PartitionBackward& command, const std::byte* operands, std::byte* errors)
{
    const PartitionLayer& with = layer(command.layer);
    const CellMatrix matrix = cell_matrix(with.geometry, CellLayout::transposed);
    const CellBlock& block = command.block;
    const ElementType type = command.operands.type;
    const bool contiguous = windows_are_contiguous(with.geometry);
    std::optional<OperandWindows> windows;
    if (!contiguous) windows.emplace(with.geometry, block.first_row, block.end_row, bytes_of(type));
    const std::size_t sample_bytes = extent(with.geometry.accumulators()) * bytes_of(type);
    const std::size_t rows = command.samples.count * matrix.height;
    const CopyShares shares(rows, copies_.size());
    const RowBlocks blocks(command.samples.count, matrix.height, 1, matrix.width * block.rows() * bytes_of(type),
                           block_bytes(block), contiguous ? 1 : scratch_.size());
    const auto count = static_cast<std::int64_t>(blocks.count());
#pragma omp parallel for schedule(dynamic) if (count > 1)
    for (std::int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i);
        shares.for_each(
            blocks.first(index), blocks.end(index), [&](std::size_t copy, std::size_t first, std::size_t end) {
                const std::size_t positions = (end - first) * matrix.width;
                ConstMatrix inputs;
                inputs.type = type;
                inputs.rows = positions;
                inputs.columns = block.rows();
                inputs.bound = with.operand_bound;
                if (contiguous) {
                    inputs.stride = matrix.rows;
                    inputs.data =
                        operands + (first * matrix.width * matrix.rows + block.first_row.value()) * bytes_of(type);
                } else {
                    inputs.stride = block.rows();
                    std::byte* to = grown(scratch_of_thread().operands, positions * block.rows() * bytes_of(type));
                    inputs.data = to;
                    for_each_sample(first, end, matrix.height,
                                    [&](std::size_t sample, std::size_t y, std::size_t stop) {
                                        windows->gather(operands + sample * sample_bytes, y, stop, to);
                                        to += (stop - y) * matrix.width * block.rows() * bytes_of(type);
                                    });
                }
                const std::size_t at = first * matrix.width * matrix.columns + block.first_column.value();
                copies_[copy].forward(inputs, with.operand_bits,
                                      {errors + at * bytes_of(command.errors.type), command.errors.type, positions,
                                       block.columns(), matrix.columns},
                                      command.accumulate,
                                      {command.layer, (command.samples.first * matrix.height + first) * matrix.width});
            });
    }
}

}  // namespace wagesim::chip
