// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// JPEG and PNG files to pictures, through libjpeg-turbo and libpng with every choice that could change a byte fixed
// here: accurate integer DCT, chroma repeated, no gamma, alpha left out (docs/data.md, "Image folders"). What a file
// is, its first bytes say and not its name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/data/picture.hpp"

namespace wagesim {

/// Throws DataError, beginning with `origin`, for what is neither, corrupt, cut off, or of more than kMostPixels.
[[nodiscard]] Picture decode_picture(const std::vector<std::uint8_t>& file, const std::string& origin);

/// The decoders behind it.
[[nodiscard]] Picture decode_jpeg(const std::vector<std::uint8_t>& file, const std::string& origin);
[[nodiscard]] Picture decode_png(const std::vector<std::uint8_t>& file, const std::string& origin);

/// Reads and decodes a regular file of at most 256 MiB. Throws DataError beginning with `path`.
[[nodiscard]] Picture read_picture(const std::string& path);

}  // namespace wagesim
