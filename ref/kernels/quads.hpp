// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The layout in which a weight gradient reads its operands: the same element of four samples side by side, one step of
// the product's K.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/kernels/cache_aligned.hpp"

namespace wagesim::ref {

/// Images of channel-last bytes as *quads*: group of channels, quad of samples, row, column, channel of the group, 4.
/// Groups are as wide as a tile takes them; around each image lies a border that stands for zero.
class Quads {
public:
    /// `height` x `width` with the border, whose elements and missing samples are `zero`. The last group is padded to
    /// whole multiples of `lanes` channels.
    Quads(std::size_t height, std::size_t width, std::size_t channels, std::size_t group, std::size_t lanes,
          std::uint8_t zero);

    /// Storage for so many samples.
    void resize(std::size_t samples);
    /// Quad `quad` from samples n, h, w, c, each element moved up by the zero; lies at row and column `pad`. What does
    /// not fit into height and width is left out. Different quads may be filled by different threads.
    void fill(const std::int8_t* samples_of_all, std::size_t samples, std::size_t quad, std::size_t h, std::size_t w,
              std::size_t pad);

    [[nodiscard]] std::size_t quads() const { return quads_; }
    [[nodiscard]] std::size_t groups() const { return (channels_ + group_ - 1) / group_; }
    /// Channels of a group that have elements.
    [[nodiscard]] std::size_t channels_of(std::size_t group) const;
    /// Bytes from one position to the next in a row, from row to row, from quad to quad.
    [[nodiscard]] std::size_t step(std::size_t group) const { return 4 * width_of(group); }
    [[nodiscard]] std::size_t row(std::size_t group) const { return width_ * step(group); }
    [[nodiscard]] std::size_t image(std::size_t group) const { return height_ * row(group); }
    [[nodiscard]] const std::uint8_t* data(std::size_t group) const { return bytes_.data() + offset_of(group); }

private:
    [[nodiscard]] std::size_t width_of(std::size_t group) const;
    [[nodiscard]] std::size_t offset_of(std::size_t group) const;
    void spread(const std::uint8_t* row, std::size_t columns, std::size_t at_pixel, std::size_t quad);

    std::size_t height_, width_, channels_, group_, lanes_;
    std::uint8_t zero_;
    std::size_t quads_ = 0;
    CacheAligned<std::uint8_t> bytes_;
};

}  // namespace wagesim::ref
