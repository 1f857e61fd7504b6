// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/unpacked_bytes.hpp"

#include <lzma.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

#include "ref/data/dataset.hpp"
#include "ref/data/input_file.hpp"

namespace wagesim {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// The decoder of xz indices jumps about in the file.
class XzIndex {
public:
    XzIndex(std::FILE* file, std::uint64_t bytes, const std::string& path)
    {
        constexpr std::uint64_t kMemoryBytes = std::uint64_t{128} << 20U;
        if (::lzma_file_info_decoder(&stream_, &index_, kMemoryBytes, bytes) != LZMA_OK) throw std::bad_alloc();
        std::array<unsigned char, 4096> chunk{};
        for (;;) {
            if (stream_.avail_in == 0) {
                stream_.next_in = chunk.data();
                stream_.avail_in = std::fread(chunk.data(), 1, chunk.size(), file);
            }
            const lzma_ret code = ::lzma_code(&stream_, LZMA_RUN);
            if (code == LZMA_STREAM_END) return;
            if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
            if (code == LZMA_SEEK_NEEDED) {
                stream_.avail_in = 0;
                if (::fseeko(file, static_cast<off_t>(stream_.seek_pos), SEEK_SET) == 0) continue;
            }
            if (code != LZMA_OK) throw DataError(path + ": corrupt or truncated xz data");
        }
    }
    ~XzIndex()
    {
        ::lzma_index_end(index_, nullptr);
        ::lzma_end(&stream_);
    }
    XzIndex(const XzIndex&) = delete;
    XzIndex& operator=(const XzIndex&) = delete;

    [[nodiscard]] std::uint64_t bytes() const { return ::lzma_index_uncompressed_size(index_); }

private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
    lzma_index* index_ = nullptr;
};

std::uint64_t read_to_the_end(const std::string& path)
{
    InputFile file(path);
    std::array<unsigned char, 65536> chunk{};
    std::uint64_t bytes = 0;
    for (std::size_t got = chunk.size(); got == chunk.size(); bytes += got) got = file.read(chunk.data(), chunk.size());
    return bytes;
}

}  // namespace

std::uint64_t unpacked_bytes(const std::string& path)
{
    require_regular_file(path);
    const std::uint64_t bytes = std::filesystem::file_size(path);
    const File file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) throw DataError(path + ": cannot read");
    constexpr std::array<unsigned char, 2> kGzip = {0x1F, 0x8B};
    constexpr std::array<unsigned char, 6> kXz = {0xFD, '7', 'z', 'X', 'Z', 0x00};
    std::array<unsigned char, 6> magic{};
    const std::size_t got = std::fread(magic.data(), 1, magic.size(), file.get());
    std::rewind(file.get());
    if (got >= kGzip.size() && std::memcmp(magic.data(), kGzip.data(), kGzip.size()) == 0) return read_to_the_end(path);
    if (got < kXz.size() || std::memcmp(magic.data(), kXz.data(), kXz.size()) != 0) return bytes;
    return XzIndex(file.get(), bytes, path).bytes();
}

}  // namespace wagesim
