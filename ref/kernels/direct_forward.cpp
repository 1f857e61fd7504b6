// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Padded images, weight panels, and tiles of neighbouring positions. See the header.
#include "ref/kernels/direct_forward.hpp"

#include <algorithm>

#include "ref/kernels/vnni_tile.hpp"

namespace wagesim::ref {
namespace {

constexpr std::size_t kBlock = vnni::kLanes * vnni::kLargestVectors;  // outputs of a panel

constexpr std::size_t vectors_for(std::size_t outputs)
{
    return (std::min(outputs, kBlock) + vnni::kLanes - 1) / vnni::kLanes;
}

}  // namespace

bool DirectForward::is_exact(std::int64_t bound_of_sums)
{
    // With the input moved up by 128 sums may wrap on the way; where they start brings them back modulo 2^32.
    return vnni::available() && bound_of_sums <= INT32_MAX;
}

bool DirectForward::pays(const ConvolutionShape& shape)
{
    return shape.in_c < 16;
}

DirectForward::DirectForward(const ConvolutionShape& shape, bool nonnegative)
    : shape_(shape),
      offset_(nonnegative ? 0 : 128),
      row_((shape.in_w + 2 * shape.pad) * shape.in_c),
      image_bytes_((shape.in_h + 2 * shape.pad) * row_ + 4),
      groups_((shape.kernel_w * shape.in_c + 3) / 4),
      start_(shape.out_c)
{
    std::size_t lanes = 0;
    for (std::size_t o = 0; o < shape.out_c; o += kBlock) lanes += vectors_for(shape.out_c - o) * vnni::kLanes;
    panels_.resize(lanes * shape.kernel_h * groups_ * 4);
}

void DirectForward::set_weights(const std::int8_t* weights)
{
    const std::size_t kernel_row = shape_.kernel_w * shape_.in_c;
    std::uint8_t* panel = panels_.data();
    for (std::size_t first = 0; first < shape_.out_c; first += kBlock) {
        const std::size_t lanes = vectors_for(shape_.out_c - first) * vnni::kLanes;
        for (std::size_t lane = 0; lane < lanes && first + lane < shape_.out_c; ++lane) {
            const std::int8_t* from = weights + (first + lane) * shape_.fan_in();
            std::int32_t total = 0;
            for (std::size_t kh = 0; kh < shape_.kernel_h; ++kh) {
                for (std::size_t i = 0; i < kernel_row; ++i) {
                    const std::int8_t weight = from[kh * kernel_row + i];
                    panel[((kh * groups_ + i / 4) * lanes + lane) * 4 + i % 4] = static_cast<std::uint8_t>(weight);
                    total += weight;
                }
            }
            start_[first + lane] = -total * offset_;
        }
        panel += shape_.kernel_h * groups_ * lanes * 4;
    }
}

void DirectForward::pad_image(const std::int8_t* input, std::uint8_t* image) const
{
    const std::size_t bytes = shape_.in_w * shape_.in_c;
    for (std::size_t y = 0; y < shape_.in_h; ++y) {
        std::uint8_t* to = image + (y + shape_.pad) * row_ + shape_.pad * shape_.in_c;
        const std::int8_t* from = input + y * bytes;
        for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<std::uint8_t>(from[i] + offset_);
    }
}

void DirectForward::run_sample(const std::uint8_t* image, std::int32_t* sums) const
{
    const vnni::Walk walk{1, 0, 0, shape_.kernel_h, row_, groups_};
    const std::size_t tiles = (shape_.out_w + vnni::kLargestRows - 1) / vnni::kLargestRows;
    const std::uint8_t* panel = panels_.data();
    for (std::size_t first = 0; first < shape_.out_c; first += kBlock) {
        vnni::Tile tile{};
        tile.panel = panel;
        tile.vectors = vectors_for(shape_.out_c - first);
        tile.last_lanes = std::min(kBlock, shape_.out_c - first) - (tile.vectors - 1) * vnni::kLanes;
        tile.start = start_.data() + first;
        tile.stride = shape_.out_c;
        for (std::size_t y = 0; y < shape_.out_h; ++y) {
            for (std::size_t t = 0; t < tiles; ++t) {
                const std::size_t begin = shape_.out_w * t / tiles;  // tiles of nearly one size
                tile.rows = shape_.out_w * (t + 1) / tiles - begin;
                for (std::size_t r = 0; r < tile.rows; ++r) {
                    tile.lines[r] = image + y * shape_.stride * row_ + (begin + r) * shape_.stride * shape_.in_c;
                }
                tile.sums = sums + (y * shape_.out_w + begin) * shape_.out_c + first;
                vnni::accumulate(walk, tile, true);
            }
        }
        panel += shape_.kernel_h * groups_ * tile.vectors * vnni::kLanes * 4;
    }
}

void DirectForward::run(const std::int8_t* input, std::size_t samples, std::int32_t* sums) const
{
#pragma omp parallel
    {
        // Padding is the value that stands for zero; each sample overwrites all the rest.
        std::vector<std::uint8_t> image(image_bytes_, static_cast<std::uint8_t>(offset_));
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            pad_image(input + n * shape_.inputs(), image.data());
            run_sample(image.data(), sums + n * shape_.outputs());
        }
    }
}

}  // namespace wagesim::ref
