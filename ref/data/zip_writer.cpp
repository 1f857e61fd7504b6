// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The ZIP records (APPNOTE 6.3 sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16) and raw deflate. See the header.
#include "ref/data/zip_writer.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ref/data/dataset.hpp"

namespace wagesim {
namespace {

constexpr std::uint64_t kLargest = 0xFFFFFFFFU;  // that very value is ZIP64's escape mark
constexpr std::size_t kChunkBytes = std::size_t{1} << 16U;
constexpr std::uint16_t kVersion = 20;       // 2.0: deflate
constexpr std::uint16_t kVersionZip64 = 45;  // 4.5
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::uint16_t kDate = 0x0021;  // 1980-01-01: the same data makes the same file, whenever it is written

template <class T>
void put(std::string& out, T value)
{
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * byte) & 0xFFU));
    }
}

std::uint32_t crc_of(const std::vector<ZipWriter::Part>& parts)
{
    uLong crc = ::crc32_z(0, nullptr, 0);
    for (const ZipWriter::Part& part : parts) {
        // zlib takes a null pointer, which no bytes may have, as the wish to start afresh.
        if (part.bytes > 0) crc = ::crc32_z(crc, static_cast<const Bytef*>(part.data), part.bytes);
    }
    return static_cast<std::uint32_t>(crc);
}

/// zlib's compressor with its lifetime tied to a scope.
class Deflater {
public:
    Deflater()
    {
        // -15: no zlib header around it, as ZIP wants. Level 1: dumps of gigabytes must not wait for the last percent.
        if (::deflateInit2(&stream_, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    }
    ~Deflater() { ::deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    void run(const void* data, std::size_t bytes, int flush, AtomicFile& out)
    {
        // zlib's interface has no const; it does not write there.
        stream_.next_in = static_cast<Bytef*>(const_cast<void*>(data));
        stream_.avail_in = static_cast<uInt>(bytes);
        do {
            stream_.next_out = chunk_.data();
            stream_.avail_out = static_cast<uInt>(chunk_.size());
            if (::deflate(&stream_, flush) == Z_STREAM_ERROR) throw std::logic_error("ZipWriter: deflate state broken");
            out.append(chunk_.data(), chunk_.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

private:
    z_stream stream_{};
    std::array<Bytef, kChunkBytes> chunk_{};
};

}  // namespace

ZipWriter::ZipWriter(const std::string& path, Compression compression) : file_(path), compression_(compression) {}

std::uint16_t ZipWriter::method() const noexcept
{
    return compression_ == Compression::stored ? 0 : 8;
}

std::uint32_t ZipWriter::checked(std::uint64_t value) const
{
    if (value >= kLargest) throw DataError(path() + ": grew to 4 GiB, allowed less");
    return static_cast<std::uint32_t>(value);
}

void ZipWriter::add(const std::string& name, const std::vector<Part>& parts)
{
    if (name.empty() || name.size() > 0xFFFF) throw std::logic_error("ZipWriter: entry name of no or too many bytes");
    std::uint64_t size = 0;
    for (const Part& part : parts) size += part.bytes;
    Entry entry;
    entry.name = name;
    entry.size = checked(size);
    entry.offset = checked(file_.size());
    entry.crc = crc_of(parts);
    file_.append(local_header(entry));
    const std::uint64_t start = file_.size();
    if (compression_ == Compression::stored) {
        store(parts);
    } else {
        deflate_parts(parts);
    }
    entry.compressed = checked(file_.size() - start);
    const std::string header = local_header(entry);
    file_.overwrite(entry.offset, header.data(), header.size());
    entries_.push_back(std::move(entry));
}

void ZipWriter::store(const std::vector<Part>& parts)
{
    for (const Part& part : parts) file_.append(part.data, part.bytes);
}

void ZipWriter::deflate_parts(const std::vector<Part>& parts)
{
    constexpr std::size_t kInputBytes = std::size_t{1} << 30U;  // zlib counts in 32 bits
    Deflater deflater;
    for (const Part& part : parts) {
        const auto* data = static_cast<const unsigned char*>(part.data);
        for (std::size_t done = 0; done < part.bytes;) {
            const std::size_t bytes = std::min(part.bytes - done, kInputBytes);
            deflater.run(data + done, bytes, Z_NO_FLUSH, file_);
            done += bytes;
        }
    }
    deflater.run(nullptr, 0, Z_FINISH, file_);
}

std::string ZipWriter::local_header(const Entry& entry) const
{
    std::string out;
    put<std::uint32_t>(out, 0x04034B50);
    put<std::uint16_t>(out, kVersion);
    put<std::uint16_t>(out, kUtf8Names);
    put<std::uint16_t>(out, method());
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, kDate);
    put<std::uint32_t>(out, entry.crc);
    put<std::uint32_t>(out, entry.compressed);
    put<std::uint32_t>(out, entry.size);
    put<std::uint16_t>(out, static_cast<std::uint16_t>(entry.name.size()));
    put<std::uint16_t>(out, 0);
    return out + entry.name;
}

std::string ZipWriter::directory_record(const Entry& entry) const
{
    std::string out;
    put<std::uint32_t>(out, 0x02014B50);
    put<std::uint16_t>(out, 3U << 8U | kVersion);  // written on Unix
    put<std::uint16_t>(out, kVersion);
    put<std::uint16_t>(out, kUtf8Names);
    put<std::uint16_t>(out, method());
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, kDate);
    put<std::uint32_t>(out, entry.crc);
    put<std::uint32_t>(out, entry.compressed);
    put<std::uint32_t>(out, entry.size);
    put<std::uint16_t>(out, static_cast<std::uint16_t>(entry.name.size()));
    put<std::uint16_t>(out, 0);                // extra field
    put<std::uint16_t>(out, 0);                // comment
    put<std::uint16_t>(out, 0);                // disk
    put<std::uint16_t>(out, 0);                // internal attributes
    put<std::uint32_t>(out, 0100644U << 16U);  // a regular file, rw-r--r--
    put<std::uint32_t>(out, entry.offset);
    return out + entry.name;
}

std::string ZipWriter::end_records(std::uint64_t offset, std::uint64_t bytes) const
{
    const std::uint64_t count = entries_.size();
    std::string out;
    if (count >= 0xFFFF) {
        put<std::uint32_t>(out, 0x06064B50);
        put<std::uint64_t>(out, 44);  // bytes of this record after this field
        put<std::uint16_t>(out, 3U << 8U | kVersionZip64);
        put<std::uint16_t>(out, kVersionZip64);
        put<std::uint32_t>(out, 0);
        put<std::uint32_t>(out, 0);
        put<std::uint64_t>(out, count);
        put<std::uint64_t>(out, count);
        put<std::uint64_t>(out, bytes);
        put<std::uint64_t>(out, offset);
        put<std::uint32_t>(out, 0x07064B50);
        put<std::uint32_t>(out, 0);
        put<std::uint64_t>(out, offset + bytes);
        put<std::uint32_t>(out, 1);
    }
    const auto short_count = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xFFFF));
    put<std::uint32_t>(out, 0x06054B50);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, short_count);
    put<std::uint16_t>(out, short_count);
    put<std::uint32_t>(out, checked(bytes));
    put<std::uint32_t>(out, checked(offset));
    put<std::uint16_t>(out, 0);
    return out;
}

void ZipWriter::finish()
{
    const std::uint64_t offset = file_.size();
    for (const Entry& entry : entries_) file_.append(directory_record(entry));
    file_.append(end_records(offset, file_.size() - offset));
    file_.commit();
}

}  // namespace wagesim
