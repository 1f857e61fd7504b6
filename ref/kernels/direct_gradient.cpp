// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Layouts of the direct weight gradient and its loops around the register tile. See the header.
#include "ref/kernels/direct_gradient.hpp"

#include <omp.h>

#include <algorithm>
#include <array>

#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/vnni_tile.hpp"

namespace wagesim::ref {
namespace {

constexpr std::size_t kBlock = vnni::kLanes * vnni::kLargestVectors;  // lines of a panel
constexpr std::size_t kChunkBytes = 256 * 1024;                       // of panels: they stay in a second-level cache

constexpr std::array<std::int32_t, kBlock> kZeros{};

constexpr std::size_t round_up(std::size_t n, std::size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/// w x lines, channel-last -> one row of each line's plane, `plane` bytes apart.
WAGESIM_MULTIVERSION void lay_plane_row(const std::int8_t* from, std::size_t w, std::size_t lines, int offset,
                                        std::uint8_t* to, std::size_t plane)
{
    for (std::size_t line = 0; line < lines; ++line) {
        for (std::size_t x = 0; x < w; ++x) {
            to[line * plane + x] = static_cast<std::uint8_t>(from[x * lines + line] + offset);
        }
    }
}

/// Up to four positions of `count` lines, `step` apart -> lines x 4; missing positions are 0.
WAGESIM_MULTIVERSION void lay_panel_group(const std::int8_t* from, std::size_t positions, std::size_t step,
                                          std::size_t count, int offset, std::uint8_t* to)
{
    if (positions == 4) {
        for (std::size_t line = 0; line < count; ++line) {
            to[4 * line] = static_cast<std::uint8_t>(from[line] + offset);
            to[4 * line + 1] = static_cast<std::uint8_t>(from[step + line] + offset);
            to[4 * line + 2] = static_cast<std::uint8_t>(from[2 * step + line] + offset);
            to[4 * line + 3] = static_cast<std::uint8_t>(from[3 * step + line] + offset);
        }
        return;
    }
    std::fill_n(to, 4 * count, std::uint8_t{0});
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t line = 0; line < count; ++line) {
            to[4 * line + p] = static_cast<std::uint8_t>(from[p * step + line] + offset);
        }
    }
}

/// sums[o] += the errors of output o at all positions.
WAGESIM_MULTIVERSION void add_positions(const std::int8_t* error, std::size_t positions, std::size_t outputs,
                                        std::int32_t* sums)
{
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t o = 0; o < outputs; ++o) sums[o] += error[p * outputs + o];
    }
}

}  // namespace

bool DirectGradient::is_exact(const ConvolutionShape& shape, std::int64_t error_bound, std::int64_t gradient_bound)
{
    // With the input moved up by 128 sums may wrap on the way; the correction brings them back modulo 2^32.
    return vnni::available() && shape.stride == 1 && error_bound <= INT8_MAX && gradient_bound <= INT32_MAX;
}

DirectGradient::DirectGradient(const ConvolutionShape& shape, bool nonnegative)
    : shape_(shape),
      one_tap_(shape.kernel_h * shape.kernel_w == 1 && shape.pad == 0),
      offset_(nonnegative ? 0 : 128),
      groups_((shape.out_w + 3) / 4),
      plane_h_(shape.out_h + shape.kernel_h - 1),
      plane_w_(4 * groups_ + shape.kernel_w - 1),
      plane_lines_(one_tap_ ? shape.out_c : shape.in_c),
      panel_lines_(one_tap_ ? shape.in_c : shape.out_c),
      sums_(one_tap_ ? 0 : shape.weights()),
      error_sums_(shape.out_c)
{
}

std::size_t DirectGradient::plane_offset(std::size_t line) const
{
    const std::size_t plane = plane_h_ * plane_w_;
    if (one_tap_) return line * plane;
    const std::size_t tap = line / shape_.in_c;  // lines of the product are kh, kw, i
    return line % shape_.in_c * plane + tap / shape_.kernel_w * plane_w_ + tap % shape_.kernel_w;
}

std::size_t DirectGradient::panel_bytes(std::size_t block) const
{
    const std::size_t lines = std::min(kBlock, panel_lines_ - block * kBlock);
    return shape_.out_h * groups_ * 4 * round_up(lines, vnni::kLanes);
}

void DirectGradient::lay_out(const std::int8_t* input, const std::int8_t* error, std::size_t sample,
                             std::size_t samples)
{
    const std::int8_t* image = input + sample * shape_.inputs();
    const std::int8_t* errors = error + sample * shape_.outputs();
    const std::size_t plane = plane_h_ * plane_w_;
    std::uint8_t* planes = planes_.data() + sample * plane_lines_ * plane;
    if (one_tap_) {
        for (std::size_t y = 0; y < shape_.out_h; ++y) {
            lay_plane_row(errors + y * shape_.out_w * shape_.out_c, shape_.out_w, shape_.out_c, 0,
                          planes + y * plane_w_, plane);
        }
    } else {
        for (std::size_t y = 0; y < shape_.in_h && y + shape_.pad < plane_h_; ++y) {
            const std::size_t width = std::min(shape_.in_w, plane_w_ - shape_.pad);
            lay_plane_row(image + y * shape_.in_w * shape_.in_c, width, shape_.in_c, offset_,
                          planes + (y + shape_.pad) * plane_w_ + shape_.pad, plane);
        }
    }
    const std::int8_t* from = one_tap_ ? image : errors;
    const int offset = one_tap_ ? offset_ : 0;
    std::size_t before = 0;  // bytes of the blocks before this one
    for (std::size_t block = 0; block * kBlock < panel_lines_; ++block) {
        const std::size_t lines = std::min(kBlock, panel_lines_ - block * kBlock);
        const std::size_t step = 4 * round_up(lines, vnni::kLanes);
        std::uint8_t* to = panels_.data() + before * samples + sample * panel_bytes(block);
        for (std::size_t y = 0; y < shape_.out_h; ++y) {
            for (std::size_t x = 0; x < shape_.out_w; x += 4, to += step) {
                lay_panel_group(from + (y * shape_.out_w + x) * panel_lines_ + block * kBlock,
                                std::min<std::size_t>(4, shape_.out_w - x), panel_lines_, lines, offset, to);
            }
        }
        before += panel_bytes(block);
    }
}

void DirectGradient::accumulate(std::size_t samples, std::size_t first_line, std::size_t lines,
                                std::int32_t* sums) const
{
    const std::size_t plane = plane_h_ * plane_w_;
    const std::size_t tiles = (lines + vnni::kLargestRows - 1) / vnni::kLargestRows;
    std::size_t before = 0;
    for (std::size_t block = 0; block * kBlock < panel_lines_; ++block) {
        const std::size_t bytes = panel_bytes(block);
        const std::size_t count = std::min(kBlock, panel_lines_ - block * kBlock);
        const std::size_t vectors = (count + vnni::kLanes - 1) / vnni::kLanes;
        const std::size_t chunk = std::max<std::size_t>(1, kChunkBytes / bytes);
        for (std::size_t n = 0; n < samples; n += chunk) {
            const vnni::Walk walk{
                std::min(chunk, samples - n), plane_lines_ * plane, bytes, shape_.out_h, plane_w_, groups_};
            for (std::size_t t = 0; t < tiles; ++t) {
                const std::size_t begin = first_line + lines * t / tiles;  // tiles of nearly one size
                const std::size_t end = first_line + lines * (t + 1) / tiles;
                vnni::Tile tile{};
                tile.rows = end - begin;
                for (std::size_t r = 0; r < tile.rows; ++r) {
                    tile.lines[r] = planes_.data() + n * walk.image_stride + plane_offset(begin + r);
                }
                tile.panel = panels_.data() + before * samples + n * bytes;
                tile.vectors = vectors;
                tile.last_lanes = count - (vectors - 1) * vnni::kLanes;
                tile.sums = sums + begin * panel_lines_ + block * kBlock;
                tile.stride = panel_lines_;
                tile.start = n == 0 ? kZeros.data() : tile.sums;
                vnni::accumulate(walk, tile, !one_tap_);
            }
        }
        before += bytes;
    }
}

void DirectGradient::finish(const std::int8_t* error, std::size_t samples, std::int32_t* gradient)
{
    // A signed input was moved up by 128: every sum of output o has 128 times the sum of its errors too much.
    std::fill(error_sums_.begin(), error_sums_.end(), 0);
    const std::size_t row = shape_.fan_in();
#pragma omp parallel
    {
        if (offset_ != 0) {
            std::vector<std::int32_t> part(shape_.out_c);
#pragma omp for schedule(static)
            for (std::size_t n = 0; n < samples; ++n) {
                add_positions(error + n * shape_.outputs(), shape_.positions(), shape_.out_c, part.data());
            }
#pragma omp critical(wagesim_error_sums)
            for (std::size_t o = 0; o < shape_.out_c; ++o) error_sums_[o] += part[o];
#pragma omp barrier
        }
#pragma omp for schedule(static)
        for (std::size_t o = 0; o < shape_.out_c; ++o) {
            const std::uint32_t excess =
                static_cast<std::uint32_t>(error_sums_[o]) * static_cast<std::uint32_t>(offset_);
            std::int32_t* to = gradient + o * row;
            for (std::size_t k = 0; k < row; ++k) {
                const auto sum = static_cast<std::uint32_t>(one_tap_ ? to[k] : sums_[k * shape_.out_c + o]);
                to[k] = static_cast<std::int32_t>(sum - excess);
            }
        }
    }
}

void DirectGradient::run(const std::int8_t* input, const std::int8_t* error, std::size_t samples,
                         std::int32_t* gradient)
{
    const std::size_t blocks = (panel_lines_ + kBlock - 1) / kBlock;
    std::size_t panels = 0;
    for (std::size_t block = 0; block < blocks; ++block) panels += panel_bytes(block) * samples;
    // Padding keeps the value that stands for zero; everything else is written anew each time.
    planes_.resize(samples * plane_lines_ * plane_h_ * plane_w_, static_cast<std::uint8_t>(one_tap_ ? 0 : offset_));
    panels_.resize(panels);
    const std::size_t lines = one_tap_ ? shape_.out_c : shape_.fan_in();
    std::int32_t* sums = one_tap_ ? gradient : sums_.data();
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) lay_out(input, error, n, samples);
        const auto thread = static_cast<std::size_t>(omp_get_thread_num());
        const auto threads = static_cast<std::size_t>(omp_get_num_threads());
        const std::size_t begin = lines * thread / threads;
        const std::size_t end = lines * (thread + 1) / threads;
        if (begin < end) accumulate(samples, begin, end - begin, sums);
    }
    if (!one_tap_ || offset_ != 0) finish(error, samples, gradient);
}

}  // namespace wagesim::ref
