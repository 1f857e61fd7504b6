// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Interleaving. See the header.
#include "ref/kernels/quads.hpp"

#include <algorithm>
#include <cstring>

#include "ref/kernels/byte_tile.hpp"
#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/scratch.hpp"

namespace wagesim::ref {
namespace {

struct FourRows {
    const std::int8_t* row[4];
};

/// The bytes of four rows side by side, moved up by `zero`.
WAGESIM_MULTIVERSION void interleave(const FourRows& rows, std::size_t count, std::uint8_t zero, std::uint8_t* to)
{
    const std::int8_t* a = rows.row[0];
    const std::int8_t* b = rows.row[1];
    const std::int8_t* c = rows.row[2];
    const std::int8_t* d = rows.row[3];
    for (std::size_t i = 0; i < count; ++i) {
        to[4 * i] = static_cast<std::uint8_t>(a[i] + zero);
        to[4 * i + 1] = static_cast<std::uint8_t>(b[i] + zero);
        to[4 * i + 2] = static_cast<std::uint8_t>(c[i] + zero);
        to[4 * i + 3] = static_cast<std::uint8_t>(d[i] + zero);
    }
}

template <std::size_t kSize>
void copy_pieces_of(const std::uint8_t* from, std::size_t from_step, std::size_t count, std::uint8_t* to,
                    std::size_t to_step)
{
    for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * to_step, from + i * from_step, kSize);
}

/// `count` pieces of `size` bytes; the sizes of full tiles as instructions, not calls.
void copy_pieces(const std::uint8_t* from, std::size_t from_step, std::size_t size, std::size_t count, std::uint8_t* to,
                 std::size_t to_step)
{
    if (size == from_step && size == to_step) {
        std::memcpy(to, from, size * count);
    } else if (size == 4 * byte_tile::kLargestRows) {
        copy_pieces_of<4 * byte_tile::kLargestRows>(from, from_step, count, to, to_step);
    } else if (size == 4 * byte_tile::kPanelLines) {
        copy_pieces_of<4 * byte_tile::kPanelLines>(from, from_step, count, to, to_step);
    } else {
        for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * to_step, from + i * from_step, size);
    }
}

}  // namespace

Quads::Quads(std::size_t height, std::size_t width, std::size_t channels, std::size_t group, std::size_t lanes,
             std::uint8_t zero)
    : height_(height),
      width_(width),
      channels_(channels),
      group_(std::min(group, (channels + lanes - 1) / lanes * lanes)),
      lanes_(lanes),
      zero_(zero)
{
}

std::size_t Quads::channels_of(std::size_t group) const
{
    return std::min(group_, channels_ - group * group_);
}

std::size_t Quads::width_of(std::size_t group) const
{
    return (channels_of(group) + lanes_ - 1) / lanes_ * lanes_;
}

std::size_t Quads::offset_of(std::size_t group) const
{
    return group * group_ * 4 * height_ * width_ * quads_;  // all groups before this one are full
}

void Quads::resize(std::size_t samples)
{
    const std::size_t quads = (samples + 3) / 4;
    if (quads == quads_) return;
    quads_ = quads;
    const std::size_t last = groups() - 1;
    bytes_.assign(offset_of(last) + image(last) * quads_, zero_);
}

void Quads::spread(const std::uint8_t* row, std::size_t columns, std::size_t at_pixel, std::size_t quad)
{
    const std::size_t from_step = 4 * channels_;
    for (std::size_t g = 0; g < groups(); ++g) {
        std::uint8_t* to = bytes_.data() + offset_of(g) + quad * image(g) + at_pixel * step(g);
        copy_pieces(row + 4 * group_ * g, from_step, 4 * channels_of(g), columns, to, step(g));
    }
}

void Quads::fill(const std::int8_t* samples_of_all, std::size_t samples, std::size_t quad, std::size_t h, std::size_t w,
                 std::size_t pad)
{
    thread_local Scratch<std::int8_t> nothing_scratch;
    thread_local Scratch<std::uint8_t> row_scratch;
    if (pad >= height_ || pad >= width_) return;
    const std::size_t columns = std::min(w, width_ - pad);
    const std::size_t rows = std::min(h, height_ - pad);
    std::int8_t* const nothing = nothing_scratch.grown(columns * channels_);
    std::fill_n(nothing, columns * channels_, std::int8_t{0});
    std::uint8_t* const side_by_side = row_scratch.grown(4 * columns * channels_);
    for (std::size_t y = 0; y < rows; ++y) {
        FourRows from{};
        for (std::size_t s = 0; s < 4; ++s) {
            const std::size_t n = 4 * quad + s;
            from.row[s] = n < samples ? samples_of_all + (n * h + y) * w * channels_ : nothing;
        }
        interleave(from, columns * channels_, zero_, side_by_side);
        spread(side_by_side, columns, (y + pad) * width_ + pad, quad);
    }
}

}  // namespace wagesim::ref
