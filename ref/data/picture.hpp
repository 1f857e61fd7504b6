// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One decoded photograph or drawing, as bytes, of whatever size it has; and the way from there to a network's input:
// colour by integer formulas, size by exact area averages (docs/data.md, "Image folders"). Knows no file format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/data/dataset.hpp"

namespace wagesim {

/// Most pixels of a picture: 2^26. A small file may promise any number.
inline constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 26U;

/// height rows of width pixels of channels bytes: 1 grey, 3 red, green and blue.
struct Picture {
    std::size_t height = 0;
    std::size_t width = 0;
    std::size_t channels = 0;
    std::vector<std::uint8_t> pixels;
};

/// 1 or 3 channels: grey = (77 R + 150 G + 29 B + 128) >> 8, colour from grey by repeating it.
[[nodiscard]] Picture with_channels(Picture picture, std::size_t channels);

/// Pixel (i, l) of the result is the mean of the picture over [i H / h, (i + 1) H / h) x [l W / w, (l + 1) W / w), each
/// pixel counting by the area of it that lies inside; in integers, halves rounded up. `to` receives C x h x w bytes.
/// Sides of at most 65535 pixels, at most kMostPixels of them.
void resize_to(const Picture& picture, std::size_t height, std::size_t width, std::uint8_t* to);

}  // namespace wagesim
