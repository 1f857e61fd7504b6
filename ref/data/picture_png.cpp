// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// PNG through libpng. See picture_file.hpp.
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>

#include "ref/data/picture_file.hpp"

namespace wagesim {
namespace {

/// As in picture_jpeg.cpp: the functions with a setjmp own nothing, since a jump skips destructors.
class PngDecoder {
public:
    PngDecoder(const std::uint8_t* bytes, std::size_t count)
        : bytes_(bytes),
          left_(count),
          png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, pass_over)),
          info_(png_ == nullptr ? nullptr : png_create_info_struct(png_))
    {
        if (info_ != nullptr) return;
        png_destroy_read_struct(&png_, nullptr, nullptr);
        throw std::bad_alloc();
    }
    ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
    PngDecoder(const PngDecoder&) = delete;
    PngDecoder& operator=(const PngDecoder&) = delete;

    [[nodiscard]] bool read_header()
    {
        if (setjmp(escape_) != 0) return false;
        png_set_read_fn(png_, this, give);
        png_set_user_limits(png_, kMostSide, kMostSide);
        png_read_info(png_, info_);
        return true;
    }

    /// Whatever it is becomes grey or RGB of 8 bits. Transparency is left out and gamma not applied: bytes as stored.
    [[nodiscard]] bool start()
    {
        if (setjmp(escape_) != 0) return false;
        if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
        if (png_get_bit_depth(png_, info_) == 16) png_set_scale_16(png_);
        if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
        png_set_strip_alpha(png_);
        png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        return true;
    }

    /// `rows` points to the picture's rows.
    [[nodiscard]] bool read_rows(png_bytepp rows)
    {
        if (setjmp(escape_) != 0) return false;
        png_read_image(png_, rows);
        png_read_end(png_, nullptr);
        return true;
    }

    [[nodiscard]] std::size_t height() const noexcept { return png_get_image_height(png_, info_); }
    [[nodiscard]] std::size_t width() const noexcept { return png_get_image_width(png_, info_); }
    [[nodiscard]] std::size_t channels() const noexcept { return png_get_channels(png_, info_); }
    [[nodiscard]] std::string message() const { return message_.data(); }

private:
    static constexpr png_uint_32 kMostSide = 65535;

    [[noreturn]] static void leave(png_structp png, png_const_charp message)
    {
        auto* self = static_cast<PngDecoder*>(png_get_error_ptr(png));
        std::snprintf(self->message_.data(), self->message_.size(), "%s", message);
        std::longjmp(self->escape_, 1);
    }
    static void pass_over(png_structp /*png*/, png_const_charp /*message*/) {}
    static void give(png_structp png, png_bytep to, std::size_t count)
    {
        auto* self = static_cast<PngDecoder*>(png_get_io_ptr(png));
        if (count > self->left_) png_error(png, "the file ends early");
        std::memcpy(to, self->bytes_, count);
        self->bytes_ += count;
        self->left_ -= count;
    }

    const std::uint8_t* bytes_;
    std::size_t left_;
    std::jmp_buf escape_{};
    std::array<char, 128> message_{};
    png_structp png_;
    png_infop info_;
};

}  // namespace

Picture decode_png(const std::vector<std::uint8_t>& file, const std::string& origin)
{
    PngDecoder decoder(file.data(), file.size());
    const auto refuse = [&] { throw DataError(origin + ": corrupt PNG data: " + decoder.message()); };
    if (!decoder.read_header()) refuse();
    Picture out{decoder.height(), decoder.width(), 0, {}};
    if (std::uint64_t{out.height} * out.width > kMostPixels) {
        throw DataError(origin + ": got an image of " + std::to_string(out.width) + "x" + std::to_string(out.height) +
                        " pixels, allowed at most " + std::to_string(kMostPixels));
    }
    if (!decoder.start()) refuse();
    out.channels = decoder.channels();
    out.pixels.resize(out.height * out.width * out.channels);
    std::vector<png_bytep> rows;
    for (std::size_t y = 0; y < out.height; ++y) rows.push_back(out.pixels.data() + y * out.width * out.channels);
    if (!decoder.read_rows(rows.data())) refuse();
    return out;
}

}  // namespace wagesim
