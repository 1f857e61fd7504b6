// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Plain, gzip (zlib) and xz (liblzma) decoding behind one interface. See the header.
#include "ref/data/input_file.hpp"

#include <lzma.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <system_error>

#include "ref/data/dataset.hpp"

namespace wagesim {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 16U;
/// Enough for every preset of xz (-9 takes 65 MiB), and a bound for a file that asks for gigabytes.
constexpr std::uint64_t kXzMemoryBytes = std::uint64_t{128} << 20U;

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class PlainSource final : public ByteSource {
public:
    PlainSource(File file, const std::string& path) : file_(std::move(file)), path_(path) {}

    std::size_t read(unsigned char* to, std::size_t bytes) override
    {
        const std::size_t got = std::fread(to, 1, bytes, file_.get());
        if (got < bytes && std::ferror(file_.get()) != 0) {
            throw DataError(path_ + ": cannot read: " + std::generic_category().message(errno));
        }
        return got;
    }

private:
    File file_;
    std::string path_;
};

class GzipSource final : public ByteSource {
public:
    GzipSource(File file, const std::string& path) : file_(std::move(file), path), path_(path)
    {
        if (::inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();  // +16: gzip around it
    }
    ~GzipSource() override { ::inflateEnd(&stream_); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    std::size_t read(unsigned char* to, std::size_t bytes) override
    {
        std::size_t done = 0;
        while (done < bytes && !ended_) {
            const std::size_t want = std::min<std::size_t>(bytes - done, std::numeric_limits<uInt>::max());
            stream_.next_out = to + done;
            stream_.avail_out = static_cast<uInt>(want);
            step();
            done += want - stream_.avail_out;
        }
        return done;
    }

private:
    void step()
    {
        refill();
        if (stream_.avail_in == 0) throw DataError(path_ + ": truncated gzip data");
        const int code = ::inflate(&stream_, Z_NO_FLUSH);
        if (code == Z_MEM_ERROR) throw std::bad_alloc();
        if (code == Z_STREAM_END) {
            next_member();
        } else if (code != Z_OK) {
            throw DataError(path_ + ": corrupt gzip data" +
                            (stream_.msg != nullptr ? std::string(": ") + stream_.msg : ""));
        }
    }

    /// A gzip file may hold several members one after the other; anything else behind one is garbage.
    void next_member()
    {
        refill();
        if (stream_.avail_in == 0) {
            ended_ = true;
            return;
        }
        if (::inflateReset(&stream_) != Z_OK) throw std::logic_error("GzipSource: inflate state broken");
    }

    void refill()
    {
        if (stream_.avail_in > 0) return;
        stream_.next_in = chunk_.data();
        stream_.avail_in = static_cast<uInt>(file_.read(chunk_.data(), chunk_.size()));
    }

    PlainSource file_;
    std::string path_;
    z_stream stream_{};
    std::array<unsigned char, kChunkBytes> chunk_{};
    bool ended_ = false;
};

class XzSource final : public ByteSource {
public:
    XzSource(File file, const std::string& path) : file_(std::move(file), path), path_(path)
    {
        if (::lzma_stream_decoder(&stream_, kXzMemoryBytes, LZMA_CONCATENATED) != LZMA_OK) throw std::bad_alloc();
    }
    ~XzSource() override { ::lzma_end(&stream_); }
    XzSource(const XzSource&) = delete;
    XzSource& operator=(const XzSource&) = delete;

    std::size_t read(unsigned char* to, std::size_t bytes) override
    {
        stream_.next_out = to;
        stream_.avail_out = bytes;
        while (stream_.avail_out > 0 && !ended_) {
            if (stream_.avail_in == 0 && !input_ended_) {
                stream_.next_in = chunk_.data();
                stream_.avail_in = file_.read(chunk_.data(), chunk_.size());
                input_ended_ = stream_.avail_in == 0;
            }
            check(::lzma_code(&stream_, input_ended_ ? LZMA_FINISH : LZMA_RUN));
        }
        return bytes - stream_.avail_out;
    }

private:
    void check(lzma_ret code)
    {
        switch (code) {
            case LZMA_OK: return;
            case LZMA_STREAM_END: ended_ = true; return;
            case LZMA_MEM_ERROR: throw std::bad_alloc();
            case LZMA_BUF_ERROR: throw DataError(path_ + ": truncated xz data");
            case LZMA_MEMLIMIT_ERROR:
                throw DataError(path_ + ": got xz data that takes more than " + std::to_string(kXzMemoryBytes >> 20U) +
                                " MiB to decode, allowed less");
            default: throw DataError(path_ + ": corrupt xz data");
        }
    }

    PlainSource file_;
    std::string path_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
    std::array<unsigned char, kChunkBytes> chunk_{};
    bool input_ended_ = false;
    bool ended_ = false;
};

}  // namespace

void require_regular_file(const std::string& path)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) throw DataError(path + ": no such file");
    if (error) throw DataError(path + ": cannot read: " + error.message());
    if (status.type() == std::filesystem::file_type::directory) {
        throw DataError(path + ": got a directory, allowed a file");
    }
    if (status.type() != std::filesystem::file_type::regular) {
        throw DataError(path + ": got a device, pipe or socket, allowed a file");
    }
    const std::uint64_t bytes = std::filesystem::file_size(path, error);
    if (error) throw DataError(path + ": cannot read: " + error.message());
    if (bytes == 0) throw DataError(path + ": got an empty file, allowed data");
}

InputFile::InputFile(const std::string& path) : path_(path)
{
    require_regular_file(path);
    File file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) throw DataError(path + ": cannot read: " + std::generic_category().message(errno));
    constexpr std::array<unsigned char, 2> kGzip = {0x1F, 0x8B};
    constexpr std::array<unsigned char, 6> kXz = {0xFD, '7', 'z', 'X', 'Z', 0x00};
    std::array<unsigned char, 6> magic{};
    const std::size_t got = std::fread(magic.data(), 1, magic.size(), file.get());
    std::rewind(file.get());
    if (got >= kGzip.size() && std::memcmp(magic.data(), kGzip.data(), kGzip.size()) == 0) {
        source_ = std::make_unique<GzipSource>(std::move(file), path);
    } else if (got >= kXz.size() && std::memcmp(magic.data(), kXz.data(), kXz.size()) == 0) {
        source_ = std::make_unique<XzSource>(std::move(file), path);
    } else {
        source_ = std::make_unique<PlainSource>(std::move(file), path);
    }
}

std::size_t InputFile::read(void* to, std::size_t bytes)
{
    return source_->read(static_cast<unsigned char*>(to), bytes);
}

void InputFile::read_exactly(void* to, std::size_t bytes, const std::string& what)
{
    const std::size_t got = read(to, bytes);
    if (got != bytes) {
        throw DataError(path_ + ": got " + std::to_string(got) + " bytes of " + what + ", allowed " +
                        std::to_string(bytes));
    }
}

void InputFile::require_end(const std::string& after)
{
    unsigned char byte = 0;
    if (read(&byte, 1) != 0) throw DataError(path_ + ": got more bytes after " + after + ", allowed none");
}

}  // namespace wagesim
