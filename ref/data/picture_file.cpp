// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which decoder a file is for. See the header.
#include "ref/data/picture_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/input_file.hpp"

namespace wagesim {
namespace {

constexpr std::uint64_t kMostFileBytes = std::uint64_t{256} << 20U;

template <std::size_t N>
bool begins_with(const std::vector<std::uint8_t>& file, const std::array<std::uint8_t, N>& magic)
{
    return file.size() >= N && std::equal(magic.begin(), magic.end(), file.begin());
}

}  // namespace

Picture decode_picture(const std::vector<std::uint8_t>& file, const std::string& origin)
{
    constexpr std::array<std::uint8_t, 3> kJpeg = {0xFF, 0xD8, 0xFF};
    constexpr std::array<std::uint8_t, 8> kPng = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (begins_with(file, kJpeg)) return decode_jpeg(file, origin);
    if (begins_with(file, kPng)) return decode_png(file, origin);
    throw DataError(origin + ": got neither a JPEG nor a PNG image, allowed those");
}

Picture read_picture(const std::string& path)
{
    require_regular_file(path);
    struct CloseFile {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) throw DataError(path + ": cannot read: " + std::generic_category().message(errno));
    const std::vector<std::uint8_t> bytes = collect_bytes(kMostFileBytes + 1, [&](void* to, std::size_t n) {
        const std::size_t got = std::fread(to, 1, n, file.get());
        if (std::ferror(file.get()) != 0) {
            throw DataError(path + ": cannot read: " + std::generic_category().message(errno));
        }
        return got;
    });
    if (bytes.size() > kMostFileBytes) {
        throw DataError(path + ": got more than " + std::to_string(kMostFileBytes) + " bytes, allowed at most that");
    }
    return decode_picture(bytes, path);
}

}  // namespace wagesim
