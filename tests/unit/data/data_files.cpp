// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/unit/data/data_files.hpp"

#include <gtest/gtest.h>
#include <lzma.h>
#include <zip.h>
#include <zlib.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "ref/data/dataset.hpp"

namespace wagesim::test {

void write_bytes(const std::string& path, const std::string& bytes)
{
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

std::string read_bytes(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + path);
    return out.str();
}

std::string gzip(const std::string& bytes)
{
    z_stream stream{};
    if (::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    std::string in = bytes;
    std::string out(::deflateBound(&stream, in.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    if (code != Z_STREAM_END) throw std::runtime_error("gzip failed");
    return out;
}

std::string xz(const std::string& bytes)
{
    std::string out(::lzma_stream_buffer_bound(bytes.size()), '\0');
    std::size_t size = 0;
    const lzma_ret code =
        ::lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
    if (code != LZMA_OK) throw std::runtime_error("xz failed");
    out.resize(size);
    return out;
}

std::string big_endian(std::uint32_t word)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(word >> shift & 0xFFU));
    return out;
}

std::string idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns)
{
    std::string out = big_endian(0x803) + big_endian(count) + big_endian(rows) + big_endian(columns);
    for (std::uint32_t n = 0; n < count; ++n) {
        for (std::uint32_t j = 0; j < rows * columns; ++j) out.push_back(static_cast<char>((7 * n + j) & 0xFFU));
    }
    return out;
}

std::string idx_labels(std::uint32_t count)
{
    std::string out = big_endian(0x801) + big_endian(count);
    for (std::uint32_t n = 0; n < count; ++n) out.push_back(static_cast<char>(n % 10));
    return out;
}

std::string cifar_records(std::size_t count)
{
    std::string out;
    for (std::size_t n = 0; n < count; ++n) {
        out.push_back(static_cast<char>(n % 10));
        for (std::size_t j = 0; j < 3072; ++j) out.push_back(static_cast<char>((7 * n + j) & 0xFFU));
    }
    return out;
}

std::string npy(const std::string& dictionary, const std::string& elements)
{
    std::string out = "\x93NUMPY";
    out += '\x01';
    out += '\0';
    out += static_cast<char>(dictionary.size() & 0xFFU);
    out += static_cast<char>(dictionary.size() >> 8U);
    return out + dictionary + elements;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& elements)
{
    return npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }   \n", elements);
}

void write_zip(const std::string& path, const std::vector<ZipEntry>& entries)
{
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (archive == nullptr) throw std::runtime_error("cannot create " + path);
    for (const ZipEntry& entry : entries) {
        zip_source_t* source = zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
        zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    }
    if (zip_close(archive) != 0) throw std::runtime_error("cannot write " + path);
}

std::string refusal(const std::function<void()>& action)
{
    try {
        action();
    } catch (const DataError& error) {
        std::string line = error.what();
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
        return line;
    }
    ADD_FAILURE() << "no DataError";
    return "";
}

}  // namespace wagesim::test
