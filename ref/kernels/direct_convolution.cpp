// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Padded images, weight panels, and tiles of neighbouring positions. See the header.
#include "ref/kernels/direct_convolution.hpp"

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
using byte_tile::kStep;

// Sums of a strip: they stay in a second-level cache beside a panel of weights, and the weights of a deep layer, which
// do not, are read from the third level once for as many positions as that allows.
constexpr std::size_t kStripBytes = 128 * 1024;

constexpr std::size_t vectors_for(std::size_t outputs)
{
    return (std::min(outputs, kPanelLines) + kLanes - 1) / kLanes;
}

WAGESIM_MULTIVERSION void copy_moved(const std::int8_t* from, std::size_t count, int offset, std::uint8_t* to)
{
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint8_t>(from[i] + offset);
}

/// What higher digits sum up to weighs 256 times as much beside the next lower one, whose sums start like theirs.
/// Modulo 2^32: only the last sums are proven to fit, and so are right.
WAGESIM_MULTIVERSION void go_on_with_lower_digit(const std::int32_t* start, std::size_t outputs, std::size_t positions,
                                                 std::int32_t* sums)
{
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t o = 0; o < outputs; ++o) {
            const std::uint32_t sum = static_cast<std::uint32_t>(sums[p * outputs + o]) * 256U;
            sums[p * outputs + o] = static_cast<std::int32_t>(sum + static_cast<std::uint32_t>(start[o]));
        }
    }
}

/// One output's weights into its place in a panel; returns their sum. `lanes` lines stand side by side.
std::int32_t fill_line(const std::int8_t* from, std::size_t kernel_rows, std::size_t kernel_row, std::size_t groups,
                       std::size_t lanes, std::uint8_t* line)
{
    std::int32_t total = 0;
    for (std::size_t kh = 0; kh < kernel_rows; ++kh, from += kernel_row) {
        std::uint8_t* to = line + kh * groups * lanes * kStep;
        for (std::size_t i = 0; i < kernel_row; ++i) {
            to[i / kStep * lanes * kStep + i % kStep] = static_cast<std::uint8_t>(from[i]);
            total += from[i];
        }
    }
    return total;
}

}  // namespace

DirectConvolution::DirectConvolution(const ConvolutionShape& shape, bool nonnegative, std::int64_t weight_bound)
    : shape_(shape),
      offset_(nonnegative ? 0 : 128),
      multiply_(byte_tile::Unsigned::lines, {nonnegative ? INT8_MAX : UINT8_MAX, weight_bound}),
      row_((shape.in_w + 2 * shape.pad) * shape.in_c),
      image_bytes_((shape.in_h + 2 * shape.pad) * row_ + kStep),
      groups_((shape.kernel_w * shape.in_c + kStep - 1) / kStep),
      start_(shape.out_c)
{
    std::size_t lanes = 0;
    for (std::size_t o = 0; o < shape.out_c; o += kPanelLines) lanes += vectors_for(shape.out_c - o) * kLanes;
    panels_.resize(lanes * shape.kernel_h * groups_ * kStep);
}

void DirectConvolution::set_weights(const std::int8_t* weights)
{
    const std::size_t kernel_row = shape_.kernel_w * shape_.in_c;
    const std::size_t panel_line = shape_.kernel_h * groups_ * kStep;  // bytes
#pragma omp parallel for schedule(static)
    for (std::size_t o = 0; o < shape_.out_c; ++o) {
        const std::size_t first = o / kPanelLines * kPanelLines;  // all panels before this one are full
        const std::size_t lanes = vectors_for(shape_.out_c - first) * kLanes;
        std::uint8_t* line = panels_.data() + first * panel_line + (o - first) * kStep;
        // Modulo 2^32, as the sums that begin there: what may wrap on the way is right at the end.
        const std::int32_t sum =
            fill_line(weights + o * shape_.fan_in(), shape_.kernel_h, kernel_row, groups_, lanes, line);
        start_[o] =
            static_cast<std::int32_t>(0U - static_cast<std::uint32_t>(offset_) * static_cast<std::uint32_t>(sum));
    }
}

void DirectConvolution::pad_image(const std::int8_t* input, std::uint8_t* image) const
{
    const std::size_t bytes = shape_.in_w * shape_.in_c;
    for (std::size_t y = 0; y < shape_.in_h; ++y) {
        copy_moved(input + y * bytes, bytes, offset_, image + (y + shape_.pad) * row_ + shape_.pad * shape_.in_c);
    }
}

void DirectConvolution::add_products(const std::uint8_t* image, std::size_t first_row, std::size_t rows, bool begins,
                                     std::int32_t* sums) const
{
    const std::size_t positions = rows * shape_.out_w;
    const std::size_t tiles = (positions + kLargestRows - 1) / kLargestRows;
    const std::uint8_t* panel = panels_.data();
    for (std::size_t first = 0; first < shape_.out_c; first += kPanelLines) {
        byte_tile::Tile tile{};
        tile.panel = panel;
        tile.vectors = vectors_for(shape_.out_c - first);
        tile.last_lanes = std::min(kPanelLines, shape_.out_c - first) - (tile.vectors - 1) * kLanes;
        tile.stride = shape_.out_c;
        const std::size_t step = tile.vectors * kLanes * kStep;
        const byte_tile::Walk walk{{}, {shape_.kernel_h, row_, groups_ * step}, {groups_, kStep, step}};
        for (std::size_t t = 0; t < tiles; ++t) {
            const std::size_t begin = positions * t / tiles;  // tiles of nearly one size
            tile.rows = positions * (t + 1) / tiles - begin;
            for (std::size_t r = 0; r < tile.rows; ++r) {
                const std::size_t y = first_row + (begin + r) / shape_.out_w;
                const std::size_t x = (begin + r) % shape_.out_w;
                tile.lines[r] = image + y * shape_.stride * row_ + x * shape_.stride * shape_.in_c;
            }
            tile.sums = sums + begin * shape_.out_c + first;
            tile.start = begins ? start_.data() + first : tile.sums;
            multiply_(walk, tile);
        }
        panel += shape_.kernel_h * groups_ * step;
    }
}

std::size_t DirectConvolution::rows_of_strip(const SumTarget& target) const
{
    const std::size_t together = target.consumer == nullptr ? 1 : target.consumer->rows_together();
    if (together == 0) return shape_.out_h;
    const std::size_t bytes = shape_.out_w * shape_.out_c * sizeof(std::int32_t) * together;
    return std::min(shape_.out_h, std::max<std::size_t>(1, kStripBytes / bytes) * together);
}

void DirectConvolution::run(const std::int8_t* const* digits, std::size_t count, std::size_t samples,
                            const SumTarget& target) const
{
    const std::size_t rows = rows_of_strip(target);
    const std::size_t sums_of_row = shape_.out_w * shape_.out_c;
    std::int32_t* const kept = target.sums == nullptr ? nullptr : target.sums->as<std::int32_t>();
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<std::uint8_t> image_scratch;
        thread_local Scratch<std::int32_t> sum_scratch;
        std::uint8_t* image = nullptr;
        std::int32_t* scratch = nullptr;
        failure.guard([&] {
            image = image_scratch.grown(count * image_bytes_);
            // Padding is the value that stands for zero; each sample overwrites all the rest.
            std::fill_n(image, count * image_bytes_, static_cast<std::uint8_t>(offset_));
            if (kept == nullptr) scratch = sum_scratch.grown(rows * sums_of_row);
        });
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            failure.guard([&] {
                for (std::size_t d = 0; d < count; ++d) {
                    pad_image(digits[d] + n * shape_.inputs(), image + d * image_bytes_);
                }
                for (std::size_t y = 0; y < shape_.out_h; y += rows) {
                    const std::size_t some = std::min(rows, shape_.out_h - y);
                    std::int32_t* const sums =
                        kept == nullptr ? scratch : kept + n * shape_.outputs() + y * sums_of_row;
                    add_products(image, y, some, true, sums);
                    for (std::size_t d = 1; d < count; ++d) {
                        go_on_with_lower_digit(start_.data(), shape_.out_c, some * shape_.out_w, sums);
                        add_products(image + d * image_bytes_, y, some, false, sums);
                    }
                    if (target.consumer != nullptr) target.consumer->take({n, y, some, ElementType::int32, sums});
                }
            });
        }
    }
    failure.rethrow();
}

}  // namespace wagesim::ref
