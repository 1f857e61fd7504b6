// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// JPEG through libjpeg-turbo. See picture_file.hpp.
#include <array>
#include <csetjmp>
#include <cstdio>

// These headers need <cstdio> and do not include it.
#include <jerror.h>
#include <jpeglib.h>

#include "ref/data/picture_file.hpp"

namespace wagesim {
namespace {

/// The library reports by calling back, and leaves its functions only by a jump out of the callback.
struct ErrorManager {
    jpeg_error_mgr base;  ///< first: the library passes its address
    std::jmp_buf escape;
    std::array<char, JMSG_LENGTH_MAX> message;

    static void leave(j_common_ptr info)
    {
        auto* self = reinterpret_cast<ErrorManager*>(info->err);
        self->base.format_message(info, self->message.data());
        std::longjmp(self->escape, 1);
    }
    /// The library would fill in what is missing; only remarks that cost no pixel are passed over.
    static void remark(j_common_ptr info, int level)
    {
        if (level >= 0) return;
        const int code = info->err->msg_code;
        if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR) return;
        leave(info);
    }
    static void print_nothing(j_common_ptr /*info*/) {}
};

/// A jump skips destructors, so the functions with a setjmp own nothing and only say whether they came to their end.
class JpegDecoder {
public:
    JpegDecoder()
    {
        info_.err = jpeg_std_error(&error_.base);
        error_.base.error_exit = ErrorManager::leave;
        error_.base.emit_message = ErrorManager::remark;
        error_.base.output_message = ErrorManager::print_nothing;
    }
    ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    [[nodiscard]] bool read_header(const std::uint8_t* bytes, std::size_t count)
    {
        if (setjmp(error_.escape) != 0) return false;
        jpeg_create_decompress(&info_);
        jpeg_mem_src(&info_, bytes, static_cast<unsigned long>(count));
        jpeg_read_header(&info_, TRUE);
        return true;
    }

    [[nodiscard]] bool start()
    {
        if (setjmp(error_.escape) != 0) return false;
        info_.dct_method = JDCT_ISLOW;
        info_.do_fancy_upsampling = FALSE;
        info_.do_block_smoothing = FALSE;
        jpeg_start_decompress(&info_);
        return true;
    }

    /// `to` holds height x width x channels bytes.
    [[nodiscard]] bool read_rows(std::uint8_t* to)
    {
        if (setjmp(error_.escape) != 0) return false;
        const std::size_t row_bytes = std::size_t{info_.output_width} * static_cast<unsigned>(info_.output_components);
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = to + info_.output_scanline * row_bytes;
            jpeg_read_scanlines(&info_, &row, 1);
        }
        jpeg_finish_decompress(&info_);
        return true;
    }

    [[nodiscard]] jpeg_decompress_struct& info() noexcept { return info_; }
    [[nodiscard]] std::string message() const { return error_.message.data(); }

private:
    ErrorManager error_{};
    jpeg_decompress_struct info_{};
};

/// Four inks to three lights. Programs that mark their files as Adobe's store light instead of ink.
std::vector<std::uint8_t> rgb_of_cmyk(const std::vector<std::uint8_t>& cmyk, bool inverted)
{
    const unsigned flip = inverted ? 0U : 255U;
    std::vector<std::uint8_t> out;
    out.reserve(cmyk.size() / 4 * 3);
    for (std::size_t i = 0; i < cmyk.size(); i += 4) {
        const unsigned black = cmyk[i + 3] ^ flip;
        for (std::size_t c = 0; c < 3; ++c) {
            out.push_back(static_cast<std::uint8_t>(((cmyk[i + c] ^ flip) * black + 127U) / 255U));
        }
    }
    return out;
}

}  // namespace

Picture decode_jpeg(const std::vector<std::uint8_t>& file, const std::string& origin)
{
    JpegDecoder decoder;
    const auto refuse = [&] { throw DataError(origin + ": corrupt JPEG data: " + decoder.message()); };
    if (!decoder.read_header(file.data(), file.size())) refuse();
    jpeg_decompress_struct& info = decoder.info();
    Picture out{info.image_height, info.image_width, 3, {}};
    if (std::uint64_t{out.height} * out.width > kMostPixels) {
        throw DataError(origin + ": got an image of " + std::to_string(out.width) + "x" + std::to_string(out.height) +
                        " pixels, allowed at most " + std::to_string(kMostPixels));
    }
    switch (info.jpeg_color_space) {
        case JCS_GRAYSCALE:
            info.out_color_space = JCS_GRAYSCALE;
            out.channels = 1;
            break;
        case JCS_RGB:
        case JCS_YCbCr: info.out_color_space = JCS_RGB; break;
        case JCS_CMYK:
        case JCS_YCCK:
            info.out_color_space = JCS_CMYK;
            out.channels = 4;
            break;
        default:
            throw DataError(origin + ": got a JPEG image of " + std::to_string(info.num_components) +
                            " components, allowed grey, YCbCr, RGB, CMYK and YCCK");
    }
    out.pixels.resize(out.height * out.width * out.channels);
    if (!decoder.start() || !decoder.read_rows(out.pixels.data())) refuse();
    if (out.channels == 4) {
        out.pixels = rgb_of_cmyk(out.pixels, info.saw_Adobe_marker != FALSE);
        out.channels = 3;
    }
    return out;
}

}  // namespace wagesim
