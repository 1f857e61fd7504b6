// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Decoding and resizing of single pictures: expected bytes worked out from docs/data.md, and refusals.
#include "ref/data/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <numeric>

// This header needs <cstdio> and does not include it.
#include <jpeglib.h>

#include "ref/data/picture_file.hpp"
#include "ref/numerics/random_words.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim {
namespace {

using namespace test;  // data_files.hpp, library_files.hpp: every line here makes a file
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Bytes = std::vector<std::uint8_t>;

Picture decode(const std::string& file)
{
    return decode_picture({file.begin(), file.end()}, "file");
}

void expect_pixels(const Picture& found, std::size_t height, std::size_t width, std::size_t channels,
                   const Bytes& pixels)
{
    EXPECT_EQ(found.height, height);
    EXPECT_EQ(found.width, width);
    EXPECT_EQ(found.channels, channels);
    EXPECT_EQ(found.pixels, pixels);
}

TEST(Png, BytesAreThoseThatWereStored)
{
    for (const bool interlaced : {false, true}) {
        PngOptions options;
        options.interlaced = interlaced;
        const Bytes rgb = drawn_pixels(13, 17, 3, 1);
        expect_pixels(decode(png_file(13, 17, rgb, options)), 13, 17, 3, rgb);
        options.colour = PngColour::grey;
        const Bytes grey = drawn_pixels(13, 17, 1, 2);
        expect_pixels(decode(png_file(13, 17, grey, options)), 13, 17, 1, grey);
    }
}

TEST(Png, AlphaIsLeftOut)
{
    const Bytes rgba = {10, 20, 30, 0, 40, 50, 60, 128, 70, 80, 90, 255};
    expect_pixels(decode(png_file(1, 3, rgba, {PngColour::rgba, 8, false, {}, {}})), 1, 3, 3,
                  {10, 20, 30, 40, 50, 60, 70, 80, 90});
    expect_pixels(decode(png_file(1, 2, {7, 0, 9, 255}, {PngColour::grey_alpha, 8, false, {}, {}})), 1, 2, 1, {7, 9});
}

TEST(Png, PalettesAndFewBitsAreExpanded)
{
    PngOptions palette = {PngColour::palette, 2, false, {1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252}, {0, 255}};
    expect_pixels(decode(png_file(1, 4, {0b11'00'10'01}, palette)), 1, 4, 3,
                  {250, 251, 252, 1, 2, 3, 7, 8, 9, 4, 5, 6});
    expect_pixels(decode(png_file(1, 8, {0b1010'0001}, {PngColour::grey, 1, false, {}, {}})), 1, 8, 1,
                  {255, 0, 255, 0, 0, 0, 0, 255});
    expect_pixels(decode(png_file(1, 2, {0x3F}, {PngColour::grey, 4, false, {}, {}})), 1, 2, 1, {51, 255});
}

TEST(Png, SixteenBitsAreRoundedToEight)
{
    Bytes rows;
    Bytes expected;
    for (unsigned value = 0; value < 65536; ++value) {
        rows.push_back(static_cast<std::uint8_t>(value >> 8U));
        rows.push_back(static_cast<std::uint8_t>(value & 0xFFU));
        expected.push_back(static_cast<std::uint8_t>((value + 128) / 257));
    }
    expect_pixels(decode(png_file(256, 256, rows, {PngColour::grey, 16, false, {}, {}})), 256, 256, 1, expected);
}

/// The samples before upsampling and colour conversion, as the library's raw interface gives them.
struct RawPlanes {
    std::vector<Bytes> planes;
    std::vector<std::size_t> widths;
};

RawPlanes raw_planes(const std::string& file)
{
    jpeg_decompress_struct info{};
    jpeg_error_mgr error{};
    info.err = jpeg_std_error(&error);
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), static_cast<unsigned long>(file.size()));
    jpeg_read_header(&info, TRUE);
    info.raw_data_out = TRUE;
    info.dct_method = JDCT_ISLOW;
    info.do_fancy_upsampling = FALSE;
    jpeg_start_decompress(&info);
    RawPlanes out;
    const auto block_rows = static_cast<std::size_t>(info.max_v_samp_factor) * DCTSIZE;
    const std::size_t groups = (info.output_height + block_rows - 1) / block_rows;
    for (int c = 0; c < info.num_components; ++c) {
        out.widths.push_back(std::size_t{info.comp_info[c].width_in_blocks + 8} * DCTSIZE);
        out.planes.emplace_back(out.widths.back() * groups * block_rows);
    }
    for (std::size_t group = 0; group < groups; ++group) {
        std::vector<std::vector<JSAMPROW>> rows(out.planes.size());
        std::vector<JSAMPARRAY> arrays;
        for (std::size_t c = 0; c < out.planes.size(); ++c) {
            const auto own = static_cast<std::size_t>(info.comp_info[c].v_samp_factor) * DCTSIZE;
            for (std::size_t y = 0; y < own; ++y) {
                rows[c].push_back(out.planes[c].data() + (group * own + y) * out.widths[c]);
            }
            arrays.push_back(rows[c].data());
        }
        jpeg_read_raw_data(&info, arrays.data(), static_cast<JDIMENSION>(block_rows));
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return out;
}

std::uint8_t limited(int value)
{
    return static_cast<std::uint8_t>(std::min(255, std::max(0, value)));
}

TEST(Jpeg, ChromaIsRepeatedAndConvertedInSixteenBitFixedPoint)
{
    for (const bool halved : {false, true}) {
        for (const bool progressive : {false, true}) {
            constexpr unsigned kHeight = 37, kWidth = 45;
            JpegOptions options;
            options.halved_chroma = halved;
            options.progressive = progressive;
            const std::string file = jpeg_file(kHeight, kWidth, drawn_pixels(kHeight, kWidth, 3, 3), options);
            const RawPlanes raw = raw_planes(file);
            Bytes expected;
            const std::size_t step = halved ? 2 : 1;
            for (std::size_t y = 0; y < kHeight; ++y) {
                for (std::size_t x = 0; x < kWidth; ++x) {
                    const int luma = raw.planes[0][y * raw.widths[0] + x];
                    const int blue = raw.planes[1][y / step * raw.widths[1] + x / step] - 128;
                    const int red = raw.planes[2][y / step * raw.widths[2] + x / step] - 128;
                    expected.push_back(limited(luma + ((91881 * red + 32768) >> 16)));
                    expected.push_back(limited(luma + ((-22554 * blue - 46802 * red + 32768) >> 16)));
                    expected.push_back(limited(luma + ((116130 * blue + 32768) >> 16)));
                }
            }
            expect_pixels(decode(file), kHeight, kWidth, 3, expected);
        }
    }
}

TEST(Jpeg, GreyStaysGrey)
{
    JpegOptions options;
    options.colour = JpegColour::grey;
    expect_pixels(decode(jpeg_file(9, 11, Bytes(99, 200), options)), 9, 11, 1, Bytes(99, 200));
}

TEST(Jpeg, FourInksBecomeThreeLights)
{
    // Areas of one colour come through the transform unchanged. Adobe's programs store 255 - ink.
    const Bytes stored = {255, 128, 0, 200};
    Bytes pixels;
    for (int i = 0; i < 64; ++i) pixels.insert(pixels.end(), stored.begin(), stored.end());
    for (const bool adobe : {true, false}) {
        JpegOptions options;
        options.colour = JpegColour::cmyk;
        options.adobe_marker = adobe;
        options.quality = 100;
        const Picture found = decode(jpeg_file(8, 8, pixels, options));
        ASSERT_EQ(found.channels, 3U);
        ASSERT_EQ(found.pixels.size(), 192U);
        for (std::size_t c = 0; c < 3; ++c) {
            const unsigned light = adobe ? stored[c] : 255U - stored[c];
            const unsigned black = adobe ? stored[3] : 255U - stored[3];
            EXPECT_EQ(found.pixels[c], (light * black + 127) / 255) << adobe << " " << c;
        }
    }
}

TEST(Pictures, GreyOfColourAndColourOfGrey)
{
    Picture rgb{1, 5, 3, {0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255}};
    EXPECT_EQ(with_channels(rgb, 1).pixels, (Bytes{0, 255, 77, 149, 29}));
    Picture grey{1, 2, 1, {3, 250}};
    EXPECT_EQ(with_channels(grey, 3).pixels, (Bytes{3, 3, 3, 250, 250, 250}));
    EXPECT_EQ(with_channels(grey, 1).pixels, grey.pixels);
    EXPECT_THROW((void)with_channels(grey, 2), std::invalid_argument);
}

/// The definition as it reads, one common denominator, no short cut.
Bytes resized_literally(const Picture& picture, std::uint64_t height, std::uint64_t width)
{
    const auto overlap = [](std::uint64_t i, std::uint64_t j, std::uint64_t from, std::uint64_t to) {
        const std::uint64_t begin = std::max(i * from, j * to), end = std::min((i + 1) * from, (j + 1) * to);
        return end > begin ? end - begin : 0;
    };
    const std::uint64_t area = picture.height * picture.width;
    if (area == 0) {
        throw std::invalid_argument("a picture without pixels has no averages");
    }
    Bytes out;
    for (std::size_t c = 0; c < picture.channels; ++c) {
        for (std::uint64_t y = 0; y < height; ++y) {
            for (std::uint64_t x = 0; x < width; ++x) {
                std::uint64_t sum = 0;
                for (std::uint64_t j = 0; j < picture.height; ++j) {
                    for (std::uint64_t k = 0; k < picture.width; ++k) {
                        sum += overlap(y, j, picture.height, height) * overlap(x, k, picture.width, width) *
                               picture.pixels[(j * picture.width + k) * picture.channels + c];
                    }
                }
                out.push_back(static_cast<std::uint8_t>((2 * sum + area) / (2 * area)));
            }
        }
    }
    return out;
}

Bytes resized(const Picture& picture, std::size_t height, std::size_t width)
{
    Bytes out(picture.channels * height * width);
    resize_to(picture, height, width, out.data());
    return out;
}

TEST(Resize, IsTheAreaAverageUpAndDown)
{
    struct Sizes {
        std::size_t height, width, to_height, to_width;
    };
    const Sizes table[] = {{7, 5, 7, 5}, {8, 8, 4, 4},     {7, 5, 3, 4},  {3, 4, 7, 5},
                           {1, 1, 6, 6}, {13, 2, 5, 9},    {2, 13, 9, 5}, {50, 37, 16, 16},
                           {6, 6, 1, 1}, {37, 50, 38, 49}, {1, 64, 1, 7}, {64, 1, 7, 1}};
    std::uint64_t random = 0;
    for (const Sizes& row : table) {
        for (const std::size_t channels : {std::size_t{1}, std::size_t{3}}) {
            Picture picture{row.height, row.width, channels, Bytes(row.height * row.width * channels)};
            for (std::uint8_t& byte : picture.pixels) byte = static_cast<std::uint8_t>(numerics::mix64(++random));
            EXPECT_EQ(resized(picture, row.to_height, row.to_width),
                      resized_literally(picture, row.to_height, row.to_width))
                << row.height << "x" << row.width << " to " << row.to_height << "x" << row.to_width;
        }
    }
}

TEST(Resize, HalvesAreRoundedUpAndConstantsStay)
{
    EXPECT_EQ(resized({1, 2, 1, {0, 1}}, 1, 1), Bytes{1});
    EXPECT_EQ(resized({2, 2, 1, {0, 0, 0, 1}}, 1, 1), Bytes{0});
    EXPECT_EQ(resized({2, 2, 1, {254, 255, 255, 254}}, 1, 1), Bytes{255});
    for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{255}}) {
        EXPECT_EQ(resized({375, 500, 1, Bytes(375 * 500, value)}, 256, 256), Bytes(256 * 256, value));
    }
}

TEST(Resize, OneRowOfTheLongestSide)
{
    EXPECT_EQ(resized({1, 65535, 1, Bytes(65535, 255)}, 2, 3), Bytes(6, 255));
}

struct BrokenPicture {
    std::string bytes;
    std::string found;
};

TEST(BrokenPictures, AreRefusedInOneLine)
{
    const std::string jpeg = jpeg_file(40, 50, drawn_pixels(40, 50, 3, 1));
    const std::string png = png_file(40, 50, drawn_pixels(40, 50, 3, 1));
    std::string wrong_sum = png;
    wrong_sum[png.size() / 2] = static_cast<char>(~wrong_sum[png.size() / 2]);
    std::string wide = png;
    wide.replace(16, 4, big_endian(60'000)).replace(20, 4, big_endian(60'000));
    std::string tall_jpeg = jpeg;
    const std::size_t frame = jpeg.find("\xFF\xC0");
    ASSERT_NE(frame, std::string::npos);
    tall_jpeg.replace(frame + 5, 4, std::string("\xFF\x00\xFF\x00", 4));
    const std::vector<BrokenPicture> table = {
        {"no image\n", "got neither a JPEG nor a PNG image, allowed those"},
        {"GIF89a.......", "got neither a JPEG nor a PNG image"},
        {jpeg.substr(0, 2), "got neither a JPEG nor a PNG image"},
        {jpeg.substr(0, 3), "corrupt JPEG data: "},
        {jpeg.substr(0, jpeg.size() / 2), "corrupt JPEG data: Premature end of JPEG file"},
        {jpeg.substr(0, jpeg.size() - 2), "corrupt JPEG data: Premature end of JPEG file"},
        {tall_jpeg, "got an image of 65280x65280 pixels, allowed at most 67108864"},
        {png.substr(0, 8), "corrupt PNG data: the file ends early"},
        {png.substr(0, png.size() / 2), "corrupt PNG data: the file ends early"},
        {png.substr(0, png.size() - 12), "corrupt PNG data: the file ends early"},
        {wrong_sum, "corrupt PNG data: "},
        {wide, "corrupt PNG data: IHDR: CRC error"},
    };
    for (const BrokenPicture& row : table) {
        const std::string line = refusal([&] { (void)decode(row.bytes); });
        EXPECT_THAT(line, StartsWith("file: "));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
}

TEST(BrokenPictures, CutOffAnywhere)
{
    JpegOptions progressive;
    progressive.progressive = true;
    const Bytes pixels = drawn_pixels(64, 64, 3, 5);
    for (const std::string& whole :
         {jpeg_file(64, 64, pixels), jpeg_file(64, 64, pixels, progressive), png_file(64, 64, pixels)}) {
        ASSERT_NO_THROW((void)decode(whole));
        for (std::size_t part = 0; part < 50; ++part) {
            EXPECT_THAT(refusal([&] { (void)decode(whole.substr(0, whole.size() * part / 50)); }), StartsWith("file: "))
                << part;
        }
    }
}

TEST(BrokenPictures, FilesThatCannotBeRead)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("a.png");
    EXPECT_EQ(refusal([&] { (void)read_picture(path); }), path + ": no such file");
    write_bytes(path, "");
    EXPECT_EQ(refusal([&] { (void)read_picture(path); }), path + ": got an empty file, allowed data");
    EXPECT_EQ(refusal([&] { (void)read_picture(dir.path().string()); }),
              dir.path().string() + ": got a directory, allowed a file");
}

}  // namespace
}  // namespace wagesim
