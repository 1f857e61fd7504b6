// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// JPEG, PNG and MATLAB files for the readers' tests, written by the formats' own libraries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wagesim::test {

enum class JpegColour { grey, ycbcr, cmyk };

struct JpegOptions {
    JpegColour colour = JpegColour::ycbcr;
    bool halved_chroma = true;  ///< 4:2:0
    bool progressive = false;
    bool adobe_marker = true;  ///< of cmyk
    int quality = 90;
};

/// `pixels` are height x width x 1, 3 or 4 bytes.
[[nodiscard]] std::string jpeg_file(unsigned height, unsigned width, const std::vector<std::uint8_t>& pixels,
                                    const JpegOptions& options = {});

enum class PngColour { grey, rgb, palette, grey_alpha, rgba };

struct PngOptions {
    PngColour colour = PngColour::rgb;
    int bits = 8;
    bool interlaced = false;
    std::vector<std::uint8_t> palette;       ///< 3 bytes a colour
    std::vector<std::uint8_t> transparency;  ///< of palette colours
};

/// `rows` hold packed pixels, each row in whole bytes.
[[nodiscard]] std::string png_file(unsigned height, unsigned width, const std::vector<std::uint8_t>& rows,
                                   const PngOptions& options = {});

/// height x width x channels bytes that differ from one `seed` to the next and vary smoothly enough for JPEG.
[[nodiscard]] std::vector<std::uint8_t> drawn_pixels(unsigned height, unsigned width, unsigned channels, unsigned seed);

enum class MatType { uint8, int16, float64, text };

struct MatArray {
    std::string name;
    std::vector<std::size_t> extents;
    MatType type = MatType::uint8;
    std::vector<std::uint8_t> bytes;  ///< elements as they lie in memory
};

enum class MatVersion { level4, level5, level7_3 };

void write_mat(const std::string& path, const std::vector<MatArray>& arrays, bool compressed,
               MatVersion version = MatVersion::level5);

/// X and y of `count` digits: image n's byte j, counted in the order of a batch, is 7n + j modulo 256; its class is n
/// modulo 10.
[[nodiscard]] MatArray svhn_images(std::size_t count);
[[nodiscard]] MatArray svhn_labels(std::size_t count);

}  // namespace wagesim::test
