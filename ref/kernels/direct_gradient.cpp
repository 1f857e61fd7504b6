// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Loops around the register tile. See the header.
#include "ref/kernels/direct_gradient.hpp"

#include <omp.h>

#include <algorithm>
#include <array>

#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/scratch.hpp"
#include "ref/kernels/team_failure.hpp"

namespace wagesim::ref {
namespace {

using byte_tile::kLanes;
using byte_tile::kLargestRows;
using byte_tile::kPanelLines;

// Steps of K between reading and writing the sums of a tile: a panel of so many stays in a second-level cache.
constexpr std::size_t kStepsAtOnce = 1024;
// From here on a panel of input channels is full.
constexpr std::size_t kManyChannels = 64;

constexpr std::array<std::int32_t, kPanelLines> kZeros{};

/// sums[o] += the errors of output o at all positions.
WAGESIM_MULTIVERSION void add_positions(const std::int8_t* error, std::size_t positions, std::size_t outputs,
                                        std::int32_t* sums)
{
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t o = 0; o < outputs; ++o) sums[o] += error[p * outputs + o];
    }
}

/// Panel lines of a group: how many vectors, and what the last one holds.
void set_panel(byte_tile::Tile& tile, const Quads& operand, std::size_t group)
{
    const std::size_t lines = operand.channels_of(group);
    tile.vectors = (lines + kLanes - 1) / kLanes;
    tile.last_lanes = lines - (tile.vectors - 1) * kLanes;
}

}  // namespace

bool DirectGradient::is_exact(std::int64_t input_bound, std::int64_t error_bound, std::int64_t gradient_bound)
{
    // With the input moved up by 128 sums may wrap on the way; the correction brings them back modulo 2^32.
    return input_bound <= INT8_MAX && error_bound <= -INT8_MIN && gradient_bound <= INT32_MAX;
}

DirectGradient::DirectGradient(const ConvolutionShape& shape, bool nonnegative)
    : shape_(shape),
      by_outputs_(shape.in_c >= kManyChannels),
      offset_(nonnegative ? 0 : 128),
      multiply_(by_outputs_ ? byte_tile::Unsigned::panel : byte_tile::Unsigned::lines,
                {nonnegative ? INT8_MAX : UINT8_MAX, -INT8_MIN}),
      rows_at_once_(std::clamp<std::size_t>(kStepsAtOnce / shape.out_w, 1, shape.out_h)),
      quads_at_once_(std::max<std::size_t>(1, kStepsAtOnce / (shape.out_w * shape.out_h))),
      input_((shape.out_h - 1) * shape.stride + shape.kernel_h, (shape.out_w - 1) * shape.stride + shape.kernel_w,
             shape.in_c, by_outputs_ ? kPanelLines : shape.in_c, by_outputs_ ? kLanes : 1,
             static_cast<std::uint8_t>(offset_)),
      error_(shape.out_h, shape.out_w, shape.out_c, by_outputs_ ? kLargestRows : kPanelLines, by_outputs_ ? 1 : kLanes,
             0),
      sums_(by_outputs_ ? 0 : shape.weights())
{
}

std::size_t DirectGradient::parts() const
{
    const std::size_t of_rows = (shape_.out_h + rows_at_once_ - 1) / rows_at_once_;
    const std::size_t of_quads = (input_.quads() + quads_at_once_ - 1) / quads_at_once_;
    return of_rows * of_quads;
}

DirectGradient::Part DirectGradient::part(std::size_t index) const
{
    const std::size_t of_rows = (shape_.out_h + rows_at_once_ - 1) / rows_at_once_;
    Part out{};
    out.first_quad = index / of_rows * quads_at_once_;
    out.quads = std::min(quads_at_once_, input_.quads() - out.first_quad);
    out.first_row = index % of_rows * rows_at_once_;
    out.rows = std::min(rows_at_once_, shape_.out_h - out.first_row);
    return out;
}

void DirectGradient::by_outputs(const Part& part, std::size_t first_group, std::size_t last_group,
                                std::int32_t* gradient) const
{
    const bool first = part.first_quad == 0 && part.first_row == 0;
    for (std::size_t o = first_group; o < last_group; ++o) {
        byte_tile::Tile tile{};
        tile.rows = error_.channels_of(o);
        tile.stride = shape_.fan_in();
        const std::uint8_t* line = error_.data(o) + part.first_quad * error_.image(o) + part.first_row * error_.row(o);
        for (std::size_t r = 0; r < tile.rows; ++r) tile.lines[r] = line + byte_tile::kStep * r;
        for (std::size_t i = 0; i < input_.groups(); ++i) {
            set_panel(tile, input_, i);
            const std::uint8_t* panel =
                input_.data(i) + part.first_quad * input_.image(i) + part.first_row * shape_.stride * input_.row(i);
            const byte_tile::Walk walk{{part.quads, error_.image(o), input_.image(i)},
                                       {part.rows, error_.row(o), shape_.stride * input_.row(i)},
                                       {shape_.out_w, error_.step(o), shape_.stride * input_.step(i)}};
            for (std::size_t tap = 0; tap < shape_.kernel_h * shape_.kernel_w; ++tap) {
                tile.panel = panel + tap / shape_.kernel_w * input_.row(i) + tap % shape_.kernel_w * input_.step(i);
                tile.sums = gradient + (o * kLargestRows) * shape_.fan_in() + tap * shape_.in_c + i * kPanelLines;
                tile.start = first ? kZeros.data() : tile.sums;
                multiply_(walk, tile);
            }
        }
    }
}

void DirectGradient::by_taps(const Part& part, std::size_t first_line, std::size_t last_line)
{
    const bool first = part.first_quad == 0 && part.first_row == 0;
    const std::uint8_t* image =
        input_.data(0) + part.first_quad * input_.image(0) + part.first_row * shape_.stride * input_.row(0);
    const std::size_t tiles = (last_line - first_line + kLargestRows - 1) / kLargestRows;
    for (std::size_t o = 0; o < error_.groups(); ++o) {
        byte_tile::Tile tile{};
        set_panel(tile, error_, o);
        tile.stride = shape_.out_c;
        tile.panel = error_.data(o) + part.first_quad * error_.image(o) + part.first_row * error_.row(o);
        const byte_tile::Walk walk{{part.quads, input_.image(0), error_.image(o)},
                                   {part.rows, shape_.stride * input_.row(0), error_.row(o)},
                                   {shape_.out_w, shape_.stride * input_.step(0), error_.step(o)}};
        for (std::size_t t = 0; t < tiles; ++t) {
            const std::size_t begin = first_line + (last_line - first_line) * t / tiles;  // tiles of nearly one size
            tile.rows = first_line + (last_line - first_line) * (t + 1) / tiles - begin;
            for (std::size_t r = 0; r < tile.rows; ++r) {
                const std::size_t tap = (begin + r) / shape_.in_c;
                tile.lines[r] = image + tap / shape_.kernel_w * input_.row(0) + tap % shape_.kernel_w * input_.step(0) +
                                byte_tile::kStep * ((begin + r) % shape_.in_c);
            }
            tile.sums = sums_.data() + begin * shape_.out_c + o * kPanelLines;
            tile.start = first ? kZeros.data() : tile.sums;
            multiply_(walk, tile);
        }
    }
}

void DirectGradient::turn_sums(std::int32_t* gradient) const
{
#pragma omp for schedule(static)
    for (std::size_t o = 0; o < shape_.out_c; ++o) {
        for (std::size_t k = 0; k < shape_.fan_in(); ++k)
            gradient[o * shape_.fan_in() + k] = sums_[k * shape_.out_c + o];
    }
}

void DirectGradient::take_offset_off(const std::int8_t* error, std::size_t samples, std::int32_t* gradient)
{
    // A signed input was moved up by 128: every sum of output o has 128 times the sum of its errors too much.
    error_sums_.assign(shape_.out_c, 0);
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<std::int32_t> scratch;
        std::int32_t* part = nullptr;
        failure.guard([&] {
            part = scratch.grown(shape_.out_c);
            std::fill_n(part, shape_.out_c, 0);
        });
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            failure.guard([&] { add_positions(error + n * shape_.outputs(), shape_.positions(), shape_.out_c, part); });
        }
#pragma omp critical(wagesim_error_sums)
        for (std::size_t o = 0; part != nullptr && o < shape_.out_c; ++o) error_sums_[o] += part[o];
#pragma omp barrier
#pragma omp for schedule(static)
        for (std::size_t o = 0; o < shape_.out_c; ++o) {
            const std::uint32_t excess =
                static_cast<std::uint32_t>(error_sums_[o]) * static_cast<std::uint32_t>(offset_);
            std::int32_t* to = gradient + o * shape_.fan_in();
            for (std::size_t k = 0; k < shape_.fan_in(); ++k) {
                to[k] = static_cast<std::int32_t>(static_cast<std::uint32_t>(to[k]) - excess);
            }
        }
    }
    failure.rethrow();
}

void DirectGradient::run(const std::int8_t* input, const std::int8_t* error, std::size_t samples,
                         std::int32_t* gradient)
{
    input_.resize(samples);
    error_.resize(samples);
    const std::size_t lines = by_outputs_ ? error_.groups() : shape_.fan_in();
    TeamFailure failure;
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (std::size_t quad = 0; quad < input_.quads(); ++quad) {
            failure.guard([&] {
                input_.fill(input, samples, quad, shape_.in_h, shape_.in_w, shape_.pad);
                error_.fill(error, samples, quad, shape_.out_h, shape_.out_w, 0);
            });
        }
        const auto thread = static_cast<std::size_t>(omp_get_thread_num());
        const auto threads = static_cast<std::size_t>(omp_get_num_threads());
        const std::size_t begin = lines * thread / threads;
        const std::size_t end = lines * (thread + 1) / threads;
        failure.guard([&] {
            for (std::size_t i = 0; begin < end && i < parts(); ++i) {
                if (by_outputs_) {
                    by_outputs(part(i), begin, end, gradient);
                } else {
                    by_taps(part(i), begin, end);
                }
            }
        });
#pragma omp barrier
        if (!by_outputs_) turn_sums(gradient);
    }
    failure.rethrow();
    if (offset_ != 0) take_offset_off(error, samples, gradient);
}

}  // namespace wagesim::ref
