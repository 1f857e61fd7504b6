// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A header of 128 bytes, then elements: a tag (type, number of bytes) and as many bytes. An array is an element of
// elements: flags, extents, name, values; or that, deflated. See the header.
#include "ref/data/mat_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim {
namespace {

constexpr std::size_t kHeaderBytes = 128;
constexpr std::size_t kMostExtents = 32;
constexpr std::size_t kLongestName = 4096;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 62U;

// Types of elements.
constexpr unsigned kInt8 = 1, kUint8 = 2, kInt16 = 3, kUint16 = 4, kInt32 = 5, kUint32 = 6, kSingle = 7, kDouble = 9,
                   kInt64 = 12, kUint64 = 13, kMatrix = 14, kCompressed = 15;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied from the file as they stand");

template <class T>
T number_at(const unsigned char* bytes) noexcept
{
    T out;
    std::memcpy(&out, bytes, sizeof(T));
    return out;
}

constexpr std::size_t bytes_of_type(unsigned type) noexcept
{
    switch (type) {
        case kInt8:
        case kUint8: return 1;
        case kInt16:
        case kUint16: return 2;
        case kInt32:
        case kUint32:
        case kSingle: return 4;
        case kDouble:
        case kInt64:
        case kUint64: return 8;
        default: return 0;
    }
}

double number_of(const unsigned char* bytes, unsigned type) noexcept
{
    switch (type) {
        case kInt8: return number_at<std::int8_t>(bytes);
        case kUint8: return number_at<std::uint8_t>(bytes);
        case kInt16: return number_at<std::int16_t>(bytes);
        case kUint16: return number_at<std::uint16_t>(bytes);
        case kInt32: return number_at<std::int32_t>(bytes);
        case kUint32: return number_at<std::uint32_t>(bytes);
        case kSingle: return static_cast<double>(number_at<float>(bytes));
        case kInt64: return static_cast<double>(number_at<std::int64_t>(bytes));
        case kUint64: return static_cast<double>(number_at<std::uint64_t>(bytes));
        default: return number_at<double>(bytes);
    }
}

const char* class_name(unsigned array_class) noexcept
{
    constexpr std::array<const char*, 16> kNames = {"an unknown class",
                                                    "cell",
                                                    "struct",
                                                    "object",
                                                    "char",
                                                    "sparse",
                                                    "double",
                                                    "single",
                                                    "int8",
                                                    "uint8",
                                                    "int16",
                                                    "uint16",
                                                    "int32",
                                                    "uint32",
                                                    "int64",
                                                    "uint64"};
    return kNames[array_class < kNames.size() ? array_class : 0];
}

}  // namespace

/// zlib data, as far as they are in one element of the file.
class MatFile::Inflater {
public:
    Inflater()
    {
        if (::inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
    }
    ~Inflater() { ::inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Up to `bytes`; fewer only at the end of the stream, where the checksum has been compared.
    std::size_t read(void* to, std::size_t bytes, MatFile& file)
    {
        auto* out = static_cast<unsigned char*>(to);
        std::size_t done = 0;
        while (done < bytes && !ended_) {
            if (stream_.avail_in == 0) {
                stream_.next_in = chunk_.data();
                const auto count = std::min<std::uint64_t>(chunk_.size(), file.stored_left_);
                if (count == 0) file.refuse("truncated zlib data");
                file.take_stored(chunk_.data(), static_cast<std::size_t>(count));
                stream_.avail_in = static_cast<uInt>(count);
            }
            const std::size_t want = std::min<std::size_t>(bytes - done, std::size_t{1} << 30U);
            stream_.next_out = out + done;
            stream_.avail_out = static_cast<uInt>(want);
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            if (code == Z_MEM_ERROR) throw std::bad_alloc();
            if (code != Z_OK && code != Z_STREAM_END) file.refuse("corrupt zlib data");
            done += want - stream_.avail_out;
            ended_ = code == Z_STREAM_END;
        }
        return done;
    }
    /// Whether bytes of the file were given that do not belong to the stream.
    [[nodiscard]] bool has_leftover() const noexcept { return stream_.avail_in > 0; }

private:
    z_stream stream_{};
    std::array<unsigned char, 65536> chunk_{};
    bool ended_ = false;
};

std::uint64_t MatVariable::count() const noexcept
{
    std::uint64_t out = 1;
    for (const std::uint64_t extent : extents) {
        if (extent != 0 && out > kMostCount / extent) return kMostCount;
        out *= extent;
    }
    return out;
}

std::string MatVariable::describe() const
{
    std::string out = std::string(complex ? "complex " : "") + class_name(array_class) + " of ";
    for (std::size_t i = 0; i < extents.size(); ++i) out += (i > 0 ? "x" : "") + std::to_string(extents[i]);
    return out;
}

MatFile::MatFile(const std::string& path) : file_(path)
{
    std::array<unsigned char, kHeaderBytes> header{};
    const std::size_t got = file_.read(header.data(), header.size());
    constexpr std::array<unsigned char, 4> kHdf5 = {0x89, 'H', 'D', 'F'};
    const bool hdf5 = std::equal(kHdf5.begin(), kHdf5.end(), header.begin()) ||
                      (header[125] == 2 && header[126] == 'I' && header[127] == 'M');
    if (hdf5) {
        throw DataError(path + ": got a MATLAB 7.3 file (HDF5), allowed MATLAB level 5, which save -v7 and -v6 write");
    }
    if (header[124] == 1 && header[126] == 'M' && header[127] == 'I') {
        throw DataError(path + ": got a big-endian MATLAB file, allowed little-endian");
    }
    if (got < kHeaderBytes || header[125] != 1 || header[126] != 'I' || header[127] != 'M') {
        throw DataError(path + ": got no MATLAB level 5 file, allowed those that save -v7 and -v6 write");
    }
}

MatFile::~MatFile() = default;

std::string MatFile::origin() const
{
    return path() + (variable_.name.empty() ? "" : ": variable '" + variable_.name + "'");
}

void MatFile::refuse(const std::string& what) const
{
    throw DataError(origin() + ": " + what);
}

const MatVariable* MatFile::next()
{
    finish();
    variable_ = {};
    std::array<unsigned char, 8> tag{};
    const std::size_t got = file_.read(tag.data(), tag.size());
    if (got == 0) return nullptr;
    if (got < tag.size()) refuse("got " + std::to_string(got) + " bytes of a tag, allowed 8");
    const auto type = number_at<std::uint32_t>(tag.data());
    stored_left_ = number_at<std::uint32_t>(tag.data() + 4);
    if (type != kMatrix && type != kCompressed) {
        refuse("got an element of type " + std::to_string(type) + ", allowed arrays and compressed arrays");
    }
    array_left_ = stored_left_;
    if (type == kCompressed) {
        inflater_ = std::make_unique<Inflater>();
        array_left_ = tag.size();
        take(tag.data(), tag.size());
        const auto inner = number_at<std::uint32_t>(tag.data());
        if (inner != kMatrix) refuse("got a compressed element of type " + std::to_string(inner) + ", allowed arrays");
        array_left_ = number_at<std::uint32_t>(tag.data() + 4);
    }
    read_variable_header();
    return &variable_;
}

void MatFile::read_variable_header()
{
    const std::vector<unsigned char> flags = read_small_element(kUint32, "flags");
    if (flags.size() != 8) refuse("got " + std::to_string(flags.size()) + " bytes of flags, allowed 8");
    const std::vector<unsigned char> extents = read_small_element(kInt32, "extents");
    const std::vector<unsigned char> name = read_small_element(kInt8, "a name");
    variable_.name.assign(name.begin(), name.end());
    // A message is one line, and this name stands in it.
    std::replace_if(
        variable_.name.begin(), variable_.name.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    variable_.array_class = flags[0];
    variable_.complex = (flags[1] & 0x08U) != 0;
    if (extents.size() < 8 || extents.size() % 4 != 0 || extents.size() > 4 * kMostExtents) {
        refuse("got " + std::to_string(extents.size()) + " bytes of extents, allowed 4 each for 2.." +
               std::to_string(kMostExtents));
    }
    for (std::size_t at = 0; at < extents.size(); at += 4) {
        const auto extent = number_at<std::int32_t>(extents.data() + at);
        if (extent < 0) refuse("got an extent of " + std::to_string(extent) + ", allowed 0 or more");
        variable_.extents.push_back(static_cast<std::uint64_t>(extent));
    }
    if (!variable_.is_number()) return;
    const Tag tag = read_tag();
    variable_.element_type = tag.type;
    variable_.element_bytes = elements_left_ = tag.bytes;
    const std::size_t each = bytes_of_type(tag.type);
    if (each == 0) refuse("got elements of type " + std::to_string(tag.type) + ", allowed numbers");
    if (tag.bytes % each != 0 || tag.bytes / each != variable_.count()) {
        refuse("got " + std::to_string(tag.bytes) + " bytes of elements, allowed " + std::to_string(each) +
               " for each of " + variable_.describe());
    }
    if (tag.bytes > array_left_) {
        refuse("got " + std::to_string(array_left_) + " bytes of elements, allowed " + std::to_string(tag.bytes));
    }
}

MatFile::Tag MatFile::read_tag()
{
    std::array<unsigned char, 4> word{};
    take(word.data(), word.size());
    const auto first = number_at<std::uint32_t>(word.data());
    // Up to four bytes stand in the tag itself, and their number in the upper half of the type.
    if (first >> 16U != 0) {
        if (first >> 16U > 4) refuse("got a short element of " + std::to_string(first >> 16U) + " bytes, allowed 1..4");
        return {first & 0xFFFFU, first >> 16U, true};
    }
    take(word.data(), word.size());
    return {first, number_at<std::uint32_t>(word.data()), false};
}

std::vector<unsigned char> MatFile::read_small_element(unsigned type, const std::string& what)
{
    const Tag tag = read_tag();
    if (tag.type != type) {
        refuse("got an element of type " + std::to_string(tag.type) + " for " + what + ", allowed " +
               std::to_string(type));
    }
    if (tag.bytes > kLongestName) {
        refuse("got " + std::to_string(tag.bytes) + " bytes of " + what + ", allowed at most " +
               std::to_string(kLongestName));
    }
    std::vector<unsigned char> out(tag.bytes);
    take(out.data(), out.size());
    const std::size_t alignment = tag.small ? 4 : 8;
    skip((alignment - tag.bytes % alignment) % alignment);
    return out;
}

void MatFile::take_stored(void* to, std::size_t bytes)
{
    if (bytes > stored_left_) refuse("got an array that ends early");
    const std::size_t got = file_.read(to, bytes);
    stored_left_ -= got;
    if (got < bytes) refuse("truncated: the file ends within it");
}

void MatFile::take(void* to, std::size_t bytes)
{
    if (bytes > array_left_) refuse("got an array that ends early");
    array_left_ -= bytes;
    if (inflater_ == nullptr) return take_stored(to, bytes);
    if (inflater_->read(to, bytes, *this) != bytes) refuse("got an array that ends early");
}

void MatFile::skip(std::uint64_t bytes)
{
    std::array<unsigned char, 4096> nothing{};
    while (bytes > 0) {
        const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, nothing.size()));
        take(nothing.data(), n);
        bytes -= n;
    }
}

void MatFile::read(void* to, std::size_t bytes)
{
    if (bytes > elements_left_) refuse("got fewer elements than asked for");
    take(to, bytes);
    elements_left_ -= bytes;
}

void MatFile::finish()
{
    skip(array_left_);
    elements_left_ = 0;
    if (inflater_ == nullptr) return;
    // zlib compares the checksum when it sees the end, which one more read asks for.
    unsigned char beyond = 0;
    if (inflater_->read(&beyond, 1, *this) != 0 || inflater_->has_leftover() || stored_left_ != 0) {
        refuse("got more bytes after its array, allowed none");
    }
    inflater_.reset();
}

std::vector<double> MatFile::read_numbers()
{
    const std::size_t each = bytes_of_type(variable_.element_type);
    if (each == 0) refuse("got " + variable_.describe() + ", allowed an array of numbers");
    const std::vector<std::uint8_t> bytes = collect_bytes(elements_left_, [this](void* to, std::size_t n) {
        read(to, n);
        return n;
    });
    std::vector<double> out(bytes.size() / each);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = number_of(bytes.data() + i * each, variable_.element_type);
    return out;
}

}  // namespace wagesim
