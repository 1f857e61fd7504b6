// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/unit/data/library_files.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

// These headers need <cstdio> and do not include it.
#include <jpeglib.h>
#include <matio.h>
#include <png.h>

namespace wagesim::test {
namespace {

J_COLOR_SPACE colour_space(JpegColour colour)
{
    switch (colour) {
        case JpegColour::grey: return JCS_GRAYSCALE;
        case JpegColour::ycbcr: return JCS_RGB;
        case JpegColour::cmyk: break;
    }
    return JCS_CMYK;
}

int components_of(JpegColour colour)
{
    switch (colour) {
        case JpegColour::grey: return 1;
        case JpegColour::ycbcr: return 3;
        case JpegColour::cmyk: break;
    }
    return 4;
}

int png_colour(PngColour colour)
{
    switch (colour) {
        case PngColour::grey: return PNG_COLOR_TYPE_GRAY;
        case PngColour::rgb: return PNG_COLOR_TYPE_RGB;
        case PngColour::palette: return PNG_COLOR_TYPE_PALETTE;
        case PngColour::grey_alpha: return PNG_COLOR_TYPE_GRAY_ALPHA;
        case PngColour::rgba: break;
    }
    return PNG_COLOR_TYPE_RGB_ALPHA;
}

void append(png_structp png, png_bytep bytes, std::size_t count)
{
    static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), count);
}

struct MatTypes {
    matio_classes array_class;
    matio_types element_type;
};

MatTypes mat_types(MatType type)
{
    switch (type) {
        case MatType::uint8: return {MAT_C_UINT8, MAT_T_UINT8};
        case MatType::int16: return {MAT_C_INT16, MAT_T_INT16};
        case MatType::float64: return {MAT_C_DOUBLE, MAT_T_DOUBLE};
        case MatType::text: break;
    }
    return {MAT_C_CHAR, MAT_T_UTF8};
}

mat_ft mat_version(MatVersion version)
{
    switch (version) {
        case MatVersion::level4: return MAT_FT_MAT4;
        case MatVersion::level5: return MAT_FT_MAT5;
        case MatVersion::level7_3: break;
    }
    return MAT_FT_MAT73;
}

}  // namespace

std::string jpeg_file(unsigned height, unsigned width, const std::vector<std::uint8_t>& pixels,
                      const JpegOptions& options)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr error{};
    info.err = jpeg_std_error(&error);
    jpeg_create_compress(&info);
    unsigned char* bytes = nullptr;
    unsigned long count = 0;
    jpeg_mem_dest(&info, &bytes, &count);
    info.image_height = height;
    info.image_width = width;
    info.input_components = components_of(options.colour);
    info.in_color_space = colour_space(options.colour);
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, options.quality, TRUE);
    if (!options.halved_chroma) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
    if (options.colour == JpegColour::cmyk) info.write_Adobe_marker = options.adobe_marker ? TRUE : FALSE;
    if (options.progressive) jpeg_simple_progression(&info);
    jpeg_start_compress(&info, TRUE);
    const std::size_t row_bytes = std::size_t{width} * static_cast<unsigned>(info.input_components);
    if (pixels.size() != height * row_bytes) throw std::logic_error("jpeg_file: pixels of another size");
    std::vector<std::uint8_t> copy = pixels;
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = copy.data() + info.next_scanline * row_bytes;
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    std::string out(reinterpret_cast<const char*>(bytes), count);
    jpeg_destroy_compress(&info);
    std::free(bytes);
    return out;
}

std::string png_file(unsigned height, unsigned width, const std::vector<std::uint8_t>& rows, const PngOptions& options)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    std::string out;
    png_set_write_fn(png, &out, append, nullptr);
    png_set_IHDR(png, info, width, height, options.bits, png_colour(options.colour),
                 options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    std::vector<png_color> palette;
    for (std::size_t i = 0; i + 2 < options.palette.size(); i += 3) {
        palette.push_back({options.palette[i], options.palette[i + 1], options.palette[i + 2]});
    }
    if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
    if (!options.transparency.empty()) {
        png_set_tRNS(png, info, options.transparency.data(), static_cast<int>(options.transparency.size()), nullptr);
    }
    png_write_info(png, info);
    const std::size_t row_bytes = png_get_rowbytes(png, info);
    if (rows.size() != height * row_bytes) throw std::logic_error("png_file: rows of another size");
    std::vector<std::uint8_t> copy = rows;
    std::vector<png_bytep> pointers;
    for (unsigned y = 0; y < height; ++y) pointers.push_back(copy.data() + y * row_bytes);
    png_write_image(png, pointers.data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return out;
}

std::vector<std::uint8_t> drawn_pixels(unsigned height, unsigned width, unsigned channels, unsigned seed)
{
    std::vector<std::uint8_t> out;
    for (unsigned y = 0; y < height; ++y) {
        for (unsigned x = 0; x < width; ++x) {
            for (unsigned c = 0; c < channels; ++c) {
                out.push_back(static_cast<std::uint8_t>((seed * 37 + 3 * x + 5 * y + 71 * c + x * y / 8) & 0xFFU));
            }
        }
    }
    return out;
}

void write_mat(const std::string& path, const std::vector<MatArray>& arrays, bool compressed, MatVersion version)
{
    mat_t* file = Mat_CreateVer(path.c_str(), nullptr, mat_version(version));
    if (file == nullptr) throw std::runtime_error("cannot create " + path);
    for (const MatArray& each : arrays) {
        const MatTypes types = mat_types(each.type);
        std::vector<std::size_t> extents = each.extents;
        std::vector<std::uint8_t> bytes = each.bytes;
        matvar_t* variable = Mat_VarCreate(each.name.c_str(), types.array_class, types.element_type,
                                           static_cast<int>(extents.size()), extents.data(), bytes.data(), 0);
        const int failed = variable == nullptr ||
                           Mat_VarWrite(file, variable, compressed ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE) != 0;
        Mat_VarFree(variable);
        if (failed) throw std::runtime_error("cannot write " + each.name + " to " + path);
    }
    Mat_Close(file);
}

MatArray svhn_images(std::size_t count)
{
    MatArray out{"X", {32, 32, 3, count}, MatType::uint8, std::vector<std::uint8_t>(count * 3072)};
    std::size_t at = 0;
    for (std::size_t n = 0; n < count; ++n) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            for (std::size_t column = 0; column < 32; ++column) {
                for (std::size_t row = 0; row < 32; ++row) {
                    const std::size_t j = channel * 1024 + row * 32 + column;
                    out.bytes[at++] = static_cast<std::uint8_t>((7 * n + j) & 0xFFU);
                }
            }
        }
    }
    return out;
}

MatArray svhn_labels(std::size_t count)
{
    MatArray out{"y", {count, 1}, MatType::uint8, {}};
    for (std::size_t n = 0; n < count; ++n) out.bytes.push_back(static_cast<std::uint8_t>(n % 10 == 0 ? 10 : n % 10));
    return out;
}

}  // namespace wagesim::test
