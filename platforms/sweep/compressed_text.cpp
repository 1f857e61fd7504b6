// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/compressed_text.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace wagesim::sweep {

std::string compressed(const std::string& text)
{
    uLongf bytes = ::compressBound(text.size());
    std::string stream(bytes, '\0');
    if (::compress2(reinterpret_cast<Bytef*>(stream.data()), &bytes, reinterpret_cast<const Bytef*>(text.data()),
                    text.size(), Z_DEFAULT_COMPRESSION) != Z_OK) {
        throw std::runtime_error("compressed: zlib refuses");
    }
    stream.resize(bytes);
    return stream;
}

std::string uncompressed(const std::string& stream)
{
    z_stream state{};
    if (::inflateInit(&state) != Z_OK) throw std::runtime_error("uncompressed: zlib refuses");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&state, &::inflateEnd);
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stream.data()));
    state.avail_in = static_cast<uInt>(stream.size());
    std::string text;
    std::array<char, 16384> block{};
    int code = Z_OK;
    while (code == Z_OK) {
        state.next_out = reinterpret_cast<Bytef*>(block.data());
        state.avail_out = block.size();
        code = ::inflate(&state, Z_NO_FLUSH);
        text.append(block.data(), block.size() - state.avail_out);
    }
    if (code != Z_STREAM_END) throw std::runtime_error("uncompressed: no zlib stream");
    return text;
}

}  // namespace wagesim::sweep
